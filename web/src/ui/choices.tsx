/** Choices: a few views of the same thing, one of which is open; each is an address. */

import { Link } from "wouter";
import styles from "./choices.module.css";

export interface Choice {
  /** What it is called in the address. */
  name: string;
  label: string;
  count?: number | undefined;
}

interface Props {
  label: string;
  open: string;
  choices: readonly Choice[];
  address: (name: string) => string;
}

export function Choices({ label, open, choices, address }: Props) {
  return (
    <nav aria-label={label} className={styles.choices}>
      {choices.map((choice) => (
        <Link
          key={choice.name}
          href={address(choice.name)}
          aria-current={choice.name === open ? "page" : undefined}
        >
          {choice.label}{" "}
          {choice.count === undefined ? null : <span className="number">{choice.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
