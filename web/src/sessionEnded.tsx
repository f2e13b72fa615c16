/** SessionEnded: says how to come back, and leaves unsaved words in sight until then. */

import { useSessionEnded } from "./session";
import styles from "./sessionEnded.module.css";

export function SessionEnded() {
  const ended = useSessionEnded();
  if (!ended) return null;
  return (
    <div className={styles.bar} role="alert">
      <p>
        {ended === "another" ? (
          "Somebody else has signed in in this browser. Load the page again to go on as them;"
        ) : (
          <>
            Your session has ended. Run <code>rapport login</code> and open the address it prints;
          </>
        )}{" "}
        what you have not saved stays on this page until you leave it.
      </p>
    </div>
  );
}
