/** Blockers: what overtook the draft, and what would keep its mail from leaving now, and why. */

import { Statement } from "../../ui/statement";
import { WhyNot } from "../../whyNot";
import styles from "./beside.module.css";
import type { OpenDraft } from "./draft";

/** That it waits for a decision is what the page is about; anything more is told. */
const WAITS = /^Version \d+ waits for a person's decision\.$/;

export function Blockers({ id, draft }: { id: string; draft: OpenDraft }) {
  return (
    <section className={styles.block}>
      <h3>In its way</h3>
      {draft.status === "PENDING"
        ? draft.stale.map(({ code, detail }) => (
            <p key={code} className={styles.warning}>
              <Statement text={detail} />
            </p>
          ))
        : null}
      <WhyNot id={id} except={({ detail }) => WAITS.test(detail)} />
    </section>
  );
}
