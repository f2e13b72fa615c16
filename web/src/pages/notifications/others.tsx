/** Others: the viewer's other browsers that are told, and how to end that from here. */

import { perform } from "../../perform";
import { Button } from "../../ui/button";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { UNSUBSCRIBE } from "./here";
import type { Subscription } from "./notifications";
import styles from "./notifications.module.css";
import { KINDS } from "./wishes";

interface Props {
  subscriptions: readonly Subscription[];
  onChange: () => void;
}

export function Others({ subscriptions, onChange }: Props) {
  if (subscriptions.length === 0) return null;
  const remove = async ({ id, label }: Subscription) => {
    if (!(await perform(UNSUBSCRIBE, { input: { pushSubscriptionId: id } }))) return;
    toast(`${label ?? "The browser"} is told nothing more.`);
    onChange();
  };
  return (
    <section className={styles.others} aria-labelledby="others">
      <h2 id="others">Your other browsers</h2>
      <ul>
        {subscriptions.map((each) => (
          <li key={each.id}>
            <div>
              <p>
                <strong>{each.label ?? "A browser without a name"}</strong>
              </p>
              <p className="quiet small">{wishes(each)}</p>
              <Told subscription={each} />
            </div>
            <Button onClick={() => remove(each)}>
              Turn off<span className="unseen"> {each.label}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function wishes({ kinds, quietHours, timezone }: Subscription): string {
  const names = KINDS.filter(([kind]) => kinds.includes(kind)).map(([, name]) => name);
  const told = names.join(", ") || "Nothing";
  return quietHours
    ? `${told}; quiet from ${quietHours.start} to ${quietHours.end}, ${timezone}`
    : told;
}

/** When a browser was told last, and what went wrong with it since. */
export function Told({ subscription }: { subscription: Subscription }) {
  const { createdAt, lastToldAt, lastError } = subscription;
  return (
    <>
      <p className="quiet small">
        On since <Time at={createdAt} />,{" "}
        {lastToldAt ? (
          <>
            told last <Time at={lastToldAt} />
          </>
        ) : (
          "nothing told yet"
        )}
        .
      </p>
      {lastError ? <p className={styles.error}>The last try failed: {lastError}</p> : null}
    </>
  );
}
