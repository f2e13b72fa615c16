/** Table: a real one, with a caption and scoped headers; wide ones scroll inside themselves. */

import type { ReactNode } from "react";
import styles from "./table.module.css";

export interface Column<Row> {
  name: string;
  /** Numbers and sums are set right, figure under figure. */
  numeric?: boolean;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}

/** The first column names its row. */
export function Table<Row extends { id: string }>({ caption, columns, rows }: Props<Row>) {
  const [naming, ...others] = columns;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={styles.frame} aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, numeric }) => (
              <th key={name} scope="col" className={numeric ? styles.numeric : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{naming?.cell(row)}</th>
              {others.map(({ name, numeric, cell }) => (
                <td key={name} className={numeric ? styles.numeric : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
