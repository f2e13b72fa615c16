/** Definitions: what the columns of a table count, in a list below it. */

import styles from "./insight.module.css";

interface Props {
  /** Whose columns these are. */
  of: string;
  definitions: readonly (readonly [name: string, definition: string])[];
}

export function Definitions({ of, definitions }: Props) {
  return (
    <details>
      <summary className="quiet small">
        What the columns count<span className="unseen">: {of}</span>
      </summary>
      <dl className={`${styles.definitions} small`}>
        {definitions.map(([name, definition]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{definition}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
