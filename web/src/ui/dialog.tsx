/** Dialog: the browser's own, which keeps the focus, answers Escape and lies on top. */

import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Button } from "./button";
import styles from "./dialog.module.css";
import { Icon } from "./icon";
import { Statement } from "./statement";
import { useRefusal } from "./toast";

interface Props {
  title: string;
  onClose: () => void;
  /** For tables. */
  wide?: boolean;
  children: ReactNode;
}

/** Open as long as it is there; closing calls `onClose`. */
export function Dialog({ title, onClose, wide = false, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const refusal = useRefusal();
  // With the layout: closed while it still stands, it gives the focus back to where it was.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // The browser would begin with what closes it.
    dialog?.querySelector<HTMLElement>("input, textarea, select")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={wide ? `${styles.dialog} ${styles.wide}` : styles.dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <Button kind="bare" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      {children}
      {refusal ? (
        <p role="alert" className={styles.refusal}>
          <Statement text={refusal} />
        </p>
      ) : null}
    </dialog>
  );
}
