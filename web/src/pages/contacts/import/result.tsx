/** Result: how many lines came to what, and each that failed with its reason. */

import { Button } from "../../../ui/button";
import { download } from "../../../ui/download";
import { type Column, Table } from "../../../ui/table";
import forms from "../forms.module.css";
import { type Failure, failedFile } from "./failed";
import styles from "./import.module.css";
import type { Outcome, Sheet } from "./sending";

const SHOWN = 50;
const COLUMNS: readonly Column<Failure & { id: string }>[] = [
  { name: "Line", cell: ({ line }) => line },
  { name: "Column", cell: ({ column }) => column },
  { name: "Value", cell: ({ value }) => <span className={styles.example}>{value}</span> },
  { name: "Reason", cell: ({ reason }) => reason },
];

interface Props {
  title: string;
  outcome: Outcome;
  sheet: Sheet;
  titles: readonly string[];
  /** Whether it is still to come. */
  ahead?: boolean;
}

export function Result({ title, outcome, sheet, titles, ahead = false }: Props) {
  const { created, updated, skipped, failed } = outcome;
  const rows = failed.slice(0, SHOWN).map((each) => ({ ...each, id: String(each.line) }));
  return (
    <section className={styles.part} aria-labelledby="result">
      <h2 id="result">{title}</h2>
      <dl className={styles.counts}>
        <Count name={ahead ? "to be added" : "added"} count={created} />
        <Count name={ahead ? "to be changed" : "changed"} count={updated} />
        <Count name="here already, left as they are" count={skipped} />
        <Count name={ahead ? "cannot go in" : "did not go in"} count={failed.length} />
      </dl>
      {rows.length > 0 ? (
        <>
          <Table caption="Failed rows" columns={COLUMNS} rows={rows} />
          <div className={forms.buttons}>
            <Button onClick={() => save(sheet, titles, failed)}>
              Download the {failed.length === 1 ? "failed row" : `${failed.length} failed rows`}
            </Button>
            <span className="quiet small">
              {failed.length > SHOWN ? `The first ${SHOWN} are shown. ` : ""}A CSV file with the
              reasons, to mend and import again.
            </span>
          </div>
        </>
      ) : null}
    </section>
  );
}

function Count({ name, count }: { name: string; count: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{count.toLocaleString("en")}</dd>
    </div>
  );
}

function save(sheet: Sheet, titles: readonly string[], failed: readonly Failure[]): void {
  const name = sheet.file.name.replace(/\.\w+$/, "");
  download(
    `${name}-failed.csv`,
    "text/csv",
    failedFile(titles, sheet.records, failed, sheet.delimiter),
  );
}
