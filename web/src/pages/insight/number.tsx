/** Count: a number that opens its rows. */

import { Link, useSearchParams } from "wouter";
import styles from "./insight.module.css";
import { FROM_PAGE, type Narrower, opens, type Rows } from "./opens";

interface Props {
  value: number;
  /** What is counted, for those who hear the number alone. */
  of: string;
  rows: Rows;
  narrower?: Narrower;
  /** What is written in the number's place. */
  text?: string;
}

export function Count({ value, of, rows, narrower, text = value.toLocaleString("en") }: Props) {
  const [params] = useSearchParams();
  return (
    <Link
      href={opens(params, rows, narrower)}
      state={FROM_PAGE}
      className={styles.count}
      aria-label={`${text} ${of}`}
    >
      {text}
    </Link>
  );
}
