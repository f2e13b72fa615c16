/**
 * Sending: the file tried whole, then imported in pieces, so that progress is what it says.
 *
 * A piece is the file's own titles and some of its lines.  Each piece is kept once it is
 * answered; one that is sent again creates nothing twice.
 */

import { graphql } from "../../../graphql";
import { attempt } from "../../../perform";
import type { Mapping } from "./columns";
import type { CsvRecord } from "./csv";
import type { Failure } from "./failed";
import type { Chosen } from "./import";

const PIECE = 1_000;
const IMPORT = graphql(`
  mutation ImportContacts($input: ImportContactsInput!) {
    payload: importContacts(input: $input) {
      created updated skipped
      failed { line column value reason }
      userErrors { code message }
    }
  }
`);

export type OnDuplicate = "SKIP" | "UPDATE";

/** A file that was understood: its lines, and what its columns are. */
export interface Sheet {
  file: Chosen;
  delimiter: string;
  skippedLines: number;
  titles: CsvRecord;
  records: readonly CsvRecord[];
  mapping: Mapping | null;
}

export interface Outcome {
  created: number;
  updated: number;
  skipped: number;
  failed: readonly Failure[];
}

export const NOTHING: Outcome = { created: 0, updated: 0, skipped: 0, failed: [] };

/** Say what would come of the whole file; nothing is kept. */
export function rehearse(sheet: Sheet, onDuplicate: OnDuplicate) {
  return send(sheet, sheet.file.text, onDuplicate, true);
}

/** Return the lines in pieces, without those that are known to fail. */
export function pieces(sheet: Sheet, failed: readonly Failure[]): CsvRecord[][] {
  const bad = new Set(failed.map(({ line }) => line));
  const good = sheet.records.filter(({ line }) => !bad.has(line));
  const count = Math.ceil(good.length / PIECE);
  return Array.from({ length: count }, (_, n) => good.slice(n * PIECE, (n + 1) * PIECE));
}

/** Import a piece; its failures are told by the lines of the file. */
export async function sendPiece(
  sheet: Sheet,
  piece: readonly CsvRecord[],
  onDuplicate: OnDuplicate,
): Promise<{ done: Outcome } | { refused: string }> {
  // The hint says what parts the cells, so that it need not be guessed from a piece.
  const head = `sep=${sheet.delimiter}\r\n${ended(sheet.titles.raw)}`;
  const text = head + piece.map(({ raw }) => ended(raw)).join("");
  const outcome = await send(sheet, text, onDuplicate, false);
  if ("refused" in outcome) return outcome;
  const lines = linesOf(sheet, piece);
  const failed = outcome.done.failed.map((each) => ({
    ...each,
    line: lines.get(each.line) ?? each.line,
  }));
  return { done: { ...outcome.done, failed } };
}

/** Where each line of a piece stands in the file. */
function linesOf(sheet: Sheet, piece: readonly CsvRecord[]): Map<number, number> {
  let at = 2 + sheet.titles.span;
  const lines = new Map<number, number>();
  for (const { line, span } of piece) {
    lines.set(at, line);
    at += span;
  }
  return lines;
}

/** The last line of a file may lack its break. */
function ended(raw: string): string {
  return /[\r\n]$/.test(raw) ? raw : `${raw}\r\n`;
}

function send(sheet: Sheet, csv: string, onDuplicate: OnDuplicate, dryRun: boolean) {
  return attempt(IMPORT, { input: { csv, mapping: sheet.mapping, onDuplicate, dryRun } });
}

export function sum(a: Outcome, b: Outcome): Outcome {
  return {
    created: a.created + b.created,
    updated: a.updated + b.updated,
    skipped: a.skipped + b.skipped,
    failed: [...a.failed, ...b.failed].sort((one, other) => one.line - other.line),
  };
}
