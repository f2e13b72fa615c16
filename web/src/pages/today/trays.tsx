/** Trays: the kinds of things that wait, each with how many. */

import { Link } from "wouter";
import styles from "./trays.module.css";

interface Tray {
  name: string;
  label: string;
  count: number | undefined;
}

export function Trays({ open, trays }: { open: string; trays: readonly Tray[] }) {
  return (
    <nav aria-label="What waits" className={styles.trays}>
      {trays.map(({ name, label, count }, place) => (
        <Link
          key={name}
          href={place === 0 ? "/" : `/?tray=${name}`}
          aria-current={name === open ? "page" : undefined}
        >
          {label} {count === undefined ? null : <span className="number">{count}</span>}
        </Link>
      ))}
    </nav>
  );
}
