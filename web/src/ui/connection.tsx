/** Connection: whether what is shown is live, and since when it is not; the user may pause it. */

import { pause, resume, type Connection as State } from "../live";
import { useLiveState } from "../useLive";
import { Button } from "./button";
import styles from "./connection.module.css";
import { Time } from "./time";

const WORDS: Readonly<Record<State, string>> = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  paused: "Paused",
  asleep: "Paused",
  ended: "Signed out",
};

export function Connection() {
  const { connection, heardAt } = useLiveState();
  const still = connection === "paused";
  return (
    <div className={styles.connection}>
      <span className={`${styles.dot} ${styles[connection]}`} aria-hidden="true" />
      <span data-connection={connection} className={styles.words}>
        {connection === "reconnecting" && !navigator.onLine ? "Offline" : WORDS[connection]}
        {connection === "live" || connection === "connecting" ? null : (
          <span className="quiet">
            {" "}
            · as of <Time at={heardAt} />
          </span>
        )}
      </span>
      <Button kind="bare" onClick={still ? resume : pause} aria-pressed={still}>
        {still ? "Resume" : "Pause"}
        <span className="unseen"> live updates</span>
      </Button>
    </div>
  );
}
