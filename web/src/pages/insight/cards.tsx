/** Cards: each metric with its number, its days and what it means. */

import { BarStrip } from "../../ui/barStrip";
import type { Numbers, Sums } from "./insight";
import styles from "./insight.module.css";
import { METRICS, metricDefinition } from "./metrics";
import { Count } from "./number";
import { shortDay } from "./numbers";

interface Props {
  counts: Sums["counts"];
  days: Numbers["days"];
  definitions: Numbers["definitions"];
}

export function Cards({ counts, days, definitions }: Props) {
  return (
    <ul className={`${styles.cards} ${styles.six}`}>
      {METRICS.map(({ metric, key, name }) => (
        <li key={metric} className={styles.card}>
          <h2>{name}</h2>
          <p className={styles.big}>
            <Count value={counts[key]} of={name.toLowerCase()} rows={metric} />
          </p>
          <BarStrip
            label={`${name} by day`}
            bars={days.map(({ day, total }) => ({ name: shortDay(day), value: total[key] }))}
          />
          <details>
            <summary className="quiet small">
              What this counts<span className="unseen">: {name}</span>
            </summary>
            <p className="small">{metricDefinition(definitions, metric)}</p>
          </details>
        </li>
      ))}
    </ul>
  );
}
