/**
 * Csv: a file's characters, and its records with the lines they stand on.
 *
 * It follows the server's reader to the letter, so that line 17 here is line 17 there: quotes
 * may hold line breaks, a quote that is never closed costs its own line only, blank lines are
 * counted and left out.
 */

export const LARGEST = 5 * 1024 * 1024;
/** Characters that may be read again after broken quotes. */
const REREAD = 20_000_000;
const LONGEST_CELL = 131_072;

export interface CsvRecord {
  /** Where it begins, counted from 1, and how many lines it takes. */
  line: number;
  span: number;
  /** It as it stands in the file, with its line break. */
  raw: string;
  cells: string[];
  fault: boolean;
}

/** Return the characters of a file, or throw an Error that says what it is instead. */
export function decoded(bytes: Uint8Array): string {
  if (bytes.length > LARGEST) throw new Error("The file is larger than 5 MB; split it.");
  if (begins(bytes, 0x50, 0x4b, 3, 4) || begins(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw new Error("This is a workbook; save it as CSV (UTF-8) and choose that.");
  }
  const text = characters(bytes).replace(/^\ufeff/, "");
  if (text.includes("\0")) {
    throw new Error("This is no text; save the table as CSV (UTF-8) and choose that.");
  }
  return text;
}

function begins(bytes: Uint8Array, ...mark: number[]): boolean {
  return mark.every((byte, place) => bytes[place] === byte);
}

function characters(bytes: Uint8Array): string {
  if (begins(bytes, 0xff, 0xfe)) return new TextDecoder("utf-16le").decode(bytes);
  if (begins(bytes, 0xfe, 0xff)) return new TextDecoder("utf-16be").decode(bytes);
  return utf8(bytes) ?? lines(bytes).map(eitherWay).join("");
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Files put together from two sources hold both encodings, each line one of them. */
function eitherWay(line: Uint8Array): string {
  return utf8(line) ?? new TextDecoder("windows-1252").decode(line);
}

function lines(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start) + 1 || bytes.length;
    found.push(bytes.subarray(start, end));
    start = end;
  }
  return found;
}

/** Return the records after the first `skipped` lines, the titles first. */
export function records(text: string, delimiter: string, skipped: number): CsvRecord[] {
  const found: CsvRecord[] = [];
  let at = 0;
  for (let line = 0; line < skipped; line++) at = endOfLine(text, at);
  let patience = REREAD;
  for (let line = skipped + 1; at < text.length; ) {
    let read = record(text, at, delimiter);
    if (read.fault && breaks(text, at, read.end) > 1) {
      patience -= read.end - at;
      if (patience > 0) read = { ...read, end: endOfLine(text, at) };
    }
    const span = breaks(text, at, read.end);
    const raw = text.slice(at, read.end);
    if (read.cells.some((cell) => cell.trim())) {
      found.push({ line, span, raw, cells: read.cells, fault: read.fault });
    }
    line += span;
    at = read.end;
  }
  return found;
}

interface Read {
  cells: string[];
  end: number;
  fault: boolean;
}

function record(text: string, start: number, delimiter: string): Read {
  const cells: string[] = [];
  for (let at = start; ; at++) {
    const cell = cellAt(text, at, delimiter);
    if (!cell || cell.value.length > LONGEST_CELL) return broken(text, start, cell?.end);
    cells.push(cell.value);
    at = cell.end;
    if (text[at] === delimiter) continue;
    if (at < text.length && !isBreak(text[at])) return broken(text, start, at);
    return { cells, end: endOfLine(text, at), fault: false };
  }
}

/** A record that is none is known by its first line. */
function broken(text: string, start: number, at = text.length): Read {
  const first = text.slice(start, endOfLine(text, start)).trimEnd();
  return { cells: [first], end: endOfLine(text, at), fault: true };
}

/** Return the cell that begins here, or undefined if its quote is never closed. */
function cellAt(text: string, begin: number, delimiter: string) {
  let at = begin;
  while (text[at] === " ") at++;
  if (text[at] === '"') return quoted(text, at + 1);
  let end = at;
  while (end < text.length && text[end] !== delimiter && !isBreak(text[end])) end++;
  return { value: text.slice(at, end), end };
}

function quoted(text: string, start: number): { value: string; end: number } | undefined {
  for (let close = text.indexOf('"', start); close >= 0; close = text.indexOf('"', close + 2)) {
    if (text[close + 1] !== '"') {
      return { value: text.slice(start, close).replaceAll('""', '"'), end: close + 1 };
    }
  }
  return undefined;
}

function isBreak(character: string | undefined): boolean {
  return character === "\n" || character === "\r";
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBreak(text[at])) at++;
  return Math.min(text.length, at + (text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1));
}

/** How many lines lie between two places; the last one may lack its break. */
function breaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at = endOfLine(text, at)) count++;
  return count;
}
