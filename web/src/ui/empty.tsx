/** Empty: what would be here, and the one next act. */

import type { ReactNode } from "react";
import styles from "./states.module.css";

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
