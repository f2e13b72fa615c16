/** WhyForm: the one field of an act that must say why; the reason stays on record. */

import { type ReactNode, useId, useState } from "react";
import { Button } from "../../ui/button";
import { useOnce } from "../../ui/once";
import styles from "./forms.module.css";

interface Props {
  label: string;
  does: string;
  danger?: boolean;
  refused: string | undefined;
  onSend: (reason: string) => Promise<void>;
  children?: ReactNode;
}

export function WhyForm({ label, does, danger = false, refused, onSend, children }: Props) {
  const [reason, setReason] = useState("");
  const send = useOnce(onSend);
  const id = useId();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send(reason);
      }}
    >
      {children}
      <div>
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          required
          maxLength={500}
          // biome-ignore lint/a11y/noAutofocus: the user asked to write here
          autoFocus
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </div>
      {refused ? (
        <p role="alert" className={styles.error}>
          {refused}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button kind={danger ? "danger" : "primary"} type="submit">
          {does}
        </Button>
      </div>
    </form>
  );
}
