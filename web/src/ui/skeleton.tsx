/** Skeleton: stands in on a first load, once that takes longer than 150 ms. */

import styles from "./states.module.css";

const LINES = ["a", "b", "c", "d", "e", "f"];

export function Skeleton({ of }: { of: string }) {
  return (
    <div className={styles.skeleton} data-skeleton="" role="status" aria-label={`Loading ${of}`}>
      {LINES.map((line) => (
        <span key={line} />
      ))}
    </div>
  );
}
