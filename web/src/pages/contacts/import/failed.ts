/** Failed: the lines that did not go in, as a file to mend and import again. */

import type { CsvRecord } from "./csv";

export interface Failure {
  line: number;
  column: string | null;
  value: string | null;
  reason: string;
}

/** Return a CSV file of the failed lines as they stood there, each with its line and reason. */
export function failedFile(
  titles: readonly string[],
  records: readonly CsvRecord[],
  failures: readonly Failure[],
  delimiter: string,
): string {
  const cells = new Map(records.map((record) => [record.line, record.cells]));
  const width = titles.length;
  const rows = failures.map(({ line, reason }) => {
    const stood = (cells.get(line) ?? []).slice(0, width);
    return [...stood, ...Array<string>(width - stood.length).fill(""), String(line), reason];
  });
  const all = [[...titles, "Line", "Reason"], ...rows];
  // The mark tells spreadsheets that it is UTF-8.
  return `\ufeff${all.map((row) => row.map((cell) => written(cell, delimiter)).join(delimiter)).join("\r\n")}\r\n`;
}

/** A cell that no spreadsheet takes for a formula. */
function written(cell: string, delimiter: string): string {
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell;
  const plain = !text.includes(delimiter) && !/["\r\n]|^\s|\s$/.test(text);
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}
