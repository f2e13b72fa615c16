/** Field: a form's input with its label, a hint, and what was wrong with what stood in it. */

import type { ReactNode } from "react";
import styles from "./field.module.css";
import { Statement } from "./statement";

/** What the input itself must carry, so that its label, hint and error are heard with it. */
export interface Marks {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface Props {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: (marks: Marks) => ReactNode;
}

/** Return what an input carries whose hint and error, if any, stand in `Notes`. */
export function marksOf(id: string, hint?: string, error?: string): Marks {
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return { id, "aria-describedby": notes || undefined, "aria-invalid": error ? true : undefined };
}

export function Field({ id, label, hint, error, children }: Props) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(marksOf(id, hint, error))}
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

/** The hint and the error of an input that has its label elsewhere. */
export function Notes({ id, hint, error }: Pick<Props, "id" | "hint" | "error">) {
  return (
    <>
      {hint ? (
        <p id={`${id}-hint`} className="quiet small">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className={styles.error}>
          <Statement text={error} />
        </p>
      ) : null}
    </>
  );
}
