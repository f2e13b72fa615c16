/** Days: the numbers day by day, the newest first. */

import { type Column, Table } from "../../ui/table";
import { Definitions } from "./definitions";
import type { Numbers } from "./insight";
import styles from "./insight.module.css";
import { METRICS, metricDefinition } from "./metrics";
import { Count } from "./number";
import { shortDay } from "./numbers";

type Row = Numbers["days"][number] & { id: string };

const COLUMNS: readonly Column<Row>[] = [
  { name: "Day", cell: ({ day }) => <time dateTime={day}>{shortDay(day)}</time> },
  ...METRICS.map(({ metric, key, name }) => ({
    name,
    numeric: true,
    cell: ({ day, total }: Row) =>
      total.sent === 0 ? (
        <span className="quiet">0</span>
      ) : (
        <Count
          value={total[key]}
          of={`${name.toLowerCase()} on ${shortDay(day)}`}
          rows={metric}
          narrower={{ day }}
        />
      ),
  })),
];

export function Days({ days, definitions }: Pick<Numbers, "days" | "definitions">) {
  const rows = days.map((each) => ({ ...each, id: each.day })).toReversed();
  return (
    <details className={styles.part}>
      <summary>
        <h2>Day by day</h2>
      </summary>
      <Table caption="Numbers by day" columns={COLUMNS} rows={rows} />
      <Definitions
        of="by day"
        definitions={METRICS.map(({ metric, name }) => [
          name,
          metricDefinition(definitions, metric),
        ])}
      />
      <p className="quiet small">
        A mail counts on the day it left, with all that came of it since. Conversations reached on
        two days count on both.
      </p>
    </details>
  );
}
