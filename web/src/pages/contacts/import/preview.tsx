/** Preview: the first rows as they would be taken. */

import { type Column, Table } from "../../../ui/table";
import type { Found } from "./columns";
import type { CsvRecord } from "./csv";
import { FIELDS, fieldName } from "./fields";
import styles from "./import.module.css";

const SHOWN = 5;

interface Row {
  id: string;
  line: number;
  cells: string[];
}

interface Props {
  columns: Found["columns"];
  records: readonly CsvRecord[];
}

export function Preview({ columns, records }: Props) {
  const places = new Map(columns.map(({ field }, place) => [field, place]));
  const taken = FIELDS.filter((field) => places.has(field));
  const rows = records
    .filter(({ fault }) => !fault)
    .slice(0, SHOWN)
    .map(({ line, cells }): Row => ({ id: String(line), line, cells }));
  if (taken.length === 0 || rows.length === 0) return null;
  const table: readonly Column<Row>[] = [
    { name: "Line", cell: ({ line }) => line },
    ...taken.map((field) => ({
      name: fieldName(field),
      cell: ({ cells }: Row) => (
        <span className={styles.example}>{cells[places.get(field) ?? -1]}</span>
      ),
    })),
  ];
  return (
    <section className={styles.part} aria-labelledby="preview">
      <h2 id="preview">
        The first {rows.length} of {records.length.toLocaleString("en")} rows
      </h2>
      <Table caption="First rows" columns={table} rows={rows} />
    </section>
  );
}
