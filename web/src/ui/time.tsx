/** Time: how long ago or how soon, from one clock for the whole page; the title has the date. */

import { useSyncExternalStore } from "react";

const TICK = 20_000;
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
// Never "tomorrow": what is a day and a half away may lie on the day after it.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const absolute = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "long",
});
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

let now = Date.now();
let ticking: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function subscribe(tell: () => void): () => void {
  watchers.add(tell);
  ticking ??= setInterval(tick, TICK);
  return () => {
    watchers.delete(tell);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const tell of watchers) tell();
}

/** The house's one clock, in ms; moves every twenty seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** "3 minutes ago", "in 2 days", and beyond a month the date. */
export function relativeTo(at: number, moment: number): string {
  const distance = at - moment;
  if (Math.abs(distance) > 30 * 86_400_000) return day.format(at);
  for (const [unit, length] of UNITS) {
    if (Math.abs(distance) >= length) return relative.format(Math.round(distance / length), unit);
  }
  return distance > 0 ? "in a moment" : "just now";
}

export function Time({ at }: { at: string | number }) {
  const moment = useNow();
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={absolute.format(date)}>
      {relativeTo(date.getTime(), Math.max(moment, Date.now()))}
    </time>
  );
}
