/** Button: one thing that can be done; `hint` is the key that does it too. */

import type { ButtonHTMLAttributes, Ref } from "react";
import styles from "./button.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "primary" | "plain" | "bare" | "danger";
  hint?: string | undefined;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = "plain", hint, children, className = "", ...rest }: Props) {
  return (
    <button
      type="button"
      className={`${styles.button} ${styles[kind]} ${className}`}
      aria-keyshortcuts={hint}
      data-hint={hint}
      {...rest}
    >
      {children}
    </button>
  );
}
