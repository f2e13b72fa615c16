/** Range: which days are looked at, as the address says, by the clock of the workspace. */

import { isDay } from "../../zone";

export interface Range {
  /** The first and the last day, ISO; both count. */
  first: string;
  last: string;
  /** Set while it is so many days up to today. */
  days: number | undefined;
  /** What was asked for and is no range, as it ends before it begins. */
  refused?: { first: string; last: string };
}

export const SPANS: readonly (readonly [number, string])[] = [
  [7, "7 days"],
  [30, "30 days"],
  [90, "90 days"],
  [365, "A year"],
];
const USUAL = 30;
const DAY = 86_400_000;

/** Read the range in the address; what makes no sense there is the usual one. */
export function rangeOf(params: URLSearchParams, zone: string, now: number): Range {
  const first = params.get("from") ?? "";
  const last = params.get("to") ?? "";
  const whole = isDay(first) && isDay(last);
  if (whole && first <= last) return { first, last, days: undefined };
  const asked = Number(params.get("days"));
  const days = SPANS.some(([each]) => each === asked) ? asked : USUAL;
  const today = dayIn(zone, now);
  const usual = { first: later(today, 1 - days), last: today, days };
  return whole ? { ...usual, refused: { first, last } } : usual;
}

/** The moments at which a range begins and ends, the later one excluded. */
export function moments({ first, last }: Range, zone: string): { from: string; to: string } {
  return { from: begins(first, zone), to: begins(later(last, 1), zone) };
}

function dayIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
}

function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** The first moment of a day in a zone. */
function begins(day: string, zone: string): string {
  const wall = Date.parse(day);
  // The offset of the guess may be of the other side of a change of clocks; that of the second not.
  const guess = wall - offset(zone, wall);
  return new Date(wall - offset(zone, guess)).toISOString();
}

/** How far the clock of a zone is ahead of UTC at a moment, in ms. */
function offset(zone: string, at: number): number {
  const clock = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const wall = `${part["year"]}-${part["month"]}-${part["day"]}`;
  const time = `${part["hour"]}:${part["minute"]}:${part["second"]}`;
  return Date.parse(`${wall}T${time}Z`) - Math.floor(at / 1000) * 1000;
}
