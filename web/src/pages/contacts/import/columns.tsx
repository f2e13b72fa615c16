/** Columns: which column is which, as the server understands it or as somebody says. */

import { useState } from "react";
import { useQuery } from "urql";
import { graphql, type ResultOf } from "../../../graphql";
import { Button } from "../../../ui/button";
import { Loaded } from "../../../ui/loaded";
import { type Column, Table } from "../../../ui/table";
import forms from "../forms.module.css";
import { Check } from "./check";
import { records } from "./csv";
import { FIELDS, fieldName } from "./fields";
import type { Chosen } from "./import";
import styles from "./import.module.css";
import { Preview } from "./preview";
import type { Sheet } from "./sending";

const HEAD = 64 * 1024;
const COLUMNS = graphql(`
  query ContactColumns($csv: String!, $mapping: JSON) {
    contactColumns(csv: $csv, mapping: $mapping) {
      delimiter skippedLines columns { title field } userErrors { message }
    }
  }
`);

export type Found = ResultOf<typeof COLUMNS>["contactColumns"];
export type Mapping = Readonly<Record<string, string | null>>;

export function Columns({ file, onOther }: { file: Chosen; onOther: () => void }) {
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [answer, ask] = useQuery({
    query: COLUMNS,
    variables: { csv: file.text.slice(0, HEAD), mapping },
  });
  return (
    <>
      <p className={styles.file}>
        <strong>{file.name}</strong>{" "}
        <Button kind="bare" onClick={onOther}>
          Choose another file
        </Button>
      </p>
      <Loaded
        data={answer.data?.contactColumns}
        error={answer.error}
        retry={() => ask({ requestPolicy: "network-only" })}
        of="the columns"
      >
        {(found) => (
          <Understood
            key={found.delimiter}
            file={file}
            found={found}
            mapping={mapping}
            onMap={setMapping}
          />
        )}
      </Loaded>
    </>
  );
}

interface Props {
  file: Chosen;
  found: Found;
  mapping: Mapping | null;
  onMap: (mapping: Mapping) => void;
}

function Understood({ file, found, mapping, onMap }: Props) {
  const { delimiter, skippedLines, columns, userErrors } = found;
  const [lines] = useState(() => (delimiter ? records(file.text, delimiter, skippedLines) : []));
  const [titles, ...rest] = lines;
  const refused = userErrors.map(({ message }) => message).join(" ");
  if (!titles || !delimiter) return <Refused why={refused} />;
  const sheet: Sheet = { file, delimiter, skippedLines, titles, records: rest, mapping };
  return (
    <>
      <Choices columns={columns} rows={rest.map(({ cells }) => cells)} onMap={onMap} />
      {refused ? <Refused why={refused} /> : null}
      <Preview columns={columns} records={rest} />
      {refused ? null : <Check key={JSON.stringify(mapping)} sheet={sheet} columns={columns} />}
    </>
  );
}

function Refused({ why }: { why: string }) {
  return (
    <p role="alert" className={forms.error}>
      {why}
    </p>
  );
}

interface ChoicesProps {
  columns: Found["columns"];
  rows: readonly string[][];
  onMap: (mapping: Mapping) => void;
}

interface Choice {
  id: string;
  place: number;
  title: string;
  field: string | null;
  /** Whether it can be said what it is: a title names its first column only. */
  named: boolean;
}

function Choices({ columns, rows, onMap }: ChoicesProps) {
  const choices = columns.map(({ title, field }, place): Choice => {
    const first = columns.findIndex((each) => each.title.trim() === title.trim());
    return {
      id: String(place),
      place,
      title,
      field,
      named: title.trim() !== "" && first === place,
    };
  });
  const choose = ({ title }: Choice, field: string | null) => {
    const others = choices.filter((each) => each.named && each.field !== field);
    const said = Object.fromEntries(others.map((each) => [each.title, each.field]));
    const free = choices.filter((each) => each.named && each.field === field);
    onMap({
      ...said,
      ...Object.fromEntries(free.map((each) => [each.title, null])),
      [title]: field,
    });
  };
  const table: readonly Column<Choice>[] = [
    { name: "Column", cell: ({ title }) => title || <span className="quiet">No title</span> },
    { name: "Is", cell: (choice) => <Field choice={choice} onChoose={choose} /> },
    { name: "For example", cell: ({ place }) => <Examples rows={rows} place={place} /> },
  ];
  return (
    <section className={styles.part} aria-labelledby="columns">
      <h2 id="columns">Which column is which</h2>
      <Table caption="Columns of the file" columns={table} rows={choices} />
    </section>
  );
}

interface FieldProps {
  choice: Choice;
  onChoose: (choice: Choice, field: string | null) => void;
}

function Field({ choice, onChoose }: FieldProps) {
  if (!choice.named) return <span className="quiet">Left out</span>;
  return (
    <select
      aria-label={`What “${choice.title}” is`}
      className={styles.field}
      value={choice.field ?? ""}
      onChange={({ target }) => onChoose(choice, target.value || null)}
    >
      <option value="">Left out</option>
      {FIELDS.map((field) => (
        <option key={field} value={field}>
          {fieldName(field)}
        </option>
      ))}
    </select>
  );
}

function Examples({ rows, place }: { rows: readonly string[][]; place: number }) {
  const some = rows.map((cells) => cells[place]?.trim()).filter(Boolean);
  return <span className={styles.example}>{some.slice(0, 2).join(" · ")}</span>;
}
