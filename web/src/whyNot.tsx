/** WhyNot: what keeps a mail from leaving now, until when, and what can be done about it. */

import { graphql, type ResultOf } from "./graphql";
import { Loaded } from "./ui/loaded";
import { Statement } from "./ui/statement";
import { Time } from "./ui/time";
import { useLive } from "./useLive";
import styles from "./whyNot.module.css";

const WHY_NOT = graphql(`
  query WhyNot($id: ID!) {
    whyNot(id: $id) { rule detail until remedy }
  }
`);
const TOPICS = ["*"];

type Reason = ResultOf<typeof WHY_NOT>["whyNot"][number];

/** Without the names that the API has for what is a button here. */
function inWords(remedy: string): string {
  return remedy.replace(/ \([a-zA-Z:, ]+\)/g, "");
}

interface Props {
  /** A task, for its first mail, or a follow-up. */
  id: string;
  /** Which reasons are said elsewhere. */
  except?: (reason: Reason) => boolean;
}

export function WhyNot({ id, except = () => false }: Props) {
  const answer = useLive(WHY_NOT, { id }, TOPICS);
  return (
    <Loaded {...answer} of="what is in its way">
      {({ whyNot }) => {
        const rules = whyNot.filter((reason) => !except(reason));
        return rules.length === 0 ? (
          <p className="quiet">Nothing.</p>
        ) : (
          <ul className={styles.list}>
            {rules.map(({ rule, detail, until, remedy }) => (
              <li key={`${rule} ${detail}`}>
                <p>
                  <Statement text={detail} />
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
  );
}
