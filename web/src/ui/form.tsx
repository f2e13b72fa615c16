/** Form: fields (`field`), what they were refused with, and the buttons; Ctrl and Enter send it too. */

import type { ReactNode } from "react";
import styles from "./form.module.css";

interface Props {
  refused?: string | undefined;
  /** The buttons; one of them has the type `submit`. */
  buttons: ReactNode;
  onSend: () => void;
  children: ReactNode;
}

export function Form({ refused, buttons, onSend, children }: Props) {
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
      onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
        if (key === "Enter" && (ctrlKey || metaKey)) currentTarget.requestSubmit();
      }}
    >
      {children}
      {refused ? (
        <p role="alert" className={styles.refused}>
          {refused}
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
