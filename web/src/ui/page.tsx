/** Page: a page's heading with what belongs beside it, and below it the page itself. */

import type { ReactNode } from "react";
import styles from "./page.module.css";

interface Props {
  title: string;
  /** What stands beside the heading: choices, buttons. */
  beside?: ReactNode;
  children: ReactNode;
}

export function Page({ title, beside, children }: Props) {
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {beside}
      </header>
      {children}
    </div>
  );
}
