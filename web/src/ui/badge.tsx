/** Badge: a state as icon, word and colour; never colour alone. */

import styles from "./badge.module.css";
import { Icon } from "./icon";
import { stateOf, type Tone } from "./states";

export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`${styles.badge} ${styles[tone]}`}>
      <Icon name={tone} />
      {children}
    </span>
  );
}

/** A state by its name in the schema. */
export function StateBadge({ state }: { state: string }) {
  const { label, tone } = stateOf(state);
  return <Badge tone={tone}>{label}</Badge>;
}
