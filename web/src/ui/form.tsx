/**
 * Form: fields (`field`), what they were refused with, and the buttons; Ctrl and Enter send it too.
 *
 * Sent off twice it is sent once, if `onSend` returns the promise of its answer.
 */

import type { ReactNode } from "react";
import styles from "./form.module.css";
import { useOnce } from "./once";
import { Statement } from "./statement";

interface Props {
  refused?: string | undefined;
  /** The buttons; one of them has the type `submit`. */
  buttons: ReactNode;
  onSend: () => unknown;
  children: ReactNode;
}

export function Form({ refused, buttons, onSend, children }: Props) {
  const send = useOnce(onSend);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
        if (key === "Enter" && (ctrlKey || metaKey)) currentTarget.requestSubmit();
      }}
    >
      {children}
      {refused ? (
        <p role="alert" className={styles.refused}>
          <Statement text={refused} />
        </p>
      ) : null}
      <div className={styles.buttons}>{buttons}</div>
    </form>
  );
}

/** Fields that stand beside each other where there is room. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className={styles.pair}>{children}</div>;
}
