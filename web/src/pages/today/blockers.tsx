/** Blockers: what overtook the draft, and what would keep its mail from leaving now, and why. */

import { graphql } from "../../graphql";
import { Loaded } from "../../ui/loaded";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import styles from "./beside.module.css";
import type { OpenDraft } from "./draft";

const WHY_NOT = graphql(`
  query WhyNot($id: ID!) {
    whyNot(id: $id) { rule detail until remedy }
  }
`);
const TOPICS = ["*"];
/** That it waits for a decision is what the page is about; anything more is told. */
const WAITS = /^Version \d+ waits for a person's decision\.$/;

/** Without the names that the API has for what is a button here. */
function inWords(remedy: string): string {
  return remedy.replace(/ \([a-zA-Z:, ]+\)/g, "");
}

export function Blockers({ id, draft }: { id: string; draft: OpenDraft }) {
  const answer = useLive(WHY_NOT, { id }, TOPICS);
  return (
    <section className={styles.block}>
      <h3>In its way</h3>
      {draft.status === "PENDING"
        ? draft.stale.map(({ code, detail }) => (
            <p key={code} className={styles.warning}>
              {detail}
            </p>
          ))
        : null}
      <Loaded {...answer} of="what is in its way">
        {({ whyNot }) => {
          const rules = whyNot.filter(({ detail }) => !WAITS.test(detail));
          return rules.length === 0 ? (
            <p className="quiet">Nothing.</p>
          ) : (
            <ul className={styles.list}>
              {rules.map(({ rule, detail, until, remedy }) => (
                <li key={rule}>
                  <p>
                    {detail}
                    {until ? (
                      <span className="quiet">
                        {" "}
                        Until <Time at={until} />.
                      </span>
                    ) : null}
                  </p>
                  {remedy ? <p className="quiet small">{inWords(remedy)}</p> : null}
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}
