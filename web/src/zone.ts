/** Zone: moments as a zone's clocks and calendars show them, and back. */

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}

/** What a zone's clock shows, as if it stood in UTC, in ms. */
function shown(at: number, zone: string): number {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<"year" | "month" | "day" | "hour" | "minute" | "second", number>;
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/** Return what a zone's clock shows, to the minute: 2026-03-02T09:30. */
export function wallTime(at: number, zone: string): string {
  return new Date(shown(at, zone)).toISOString().slice(0, 16);
}

/** Return the day in a zone: 2026-03-02. */
export function dayIn(at: number, zone: string): string {
  return wallTime(at, zone).slice(0, 10);
}

/**
 * Return when a zone's clock shows this, in ms.  A time that a change of the clocks leaves out
 * is the moment as long after the change; of one that comes twice it is the first.
 */
export function momentOf(wall: string, zone: string): number {
  const asUtc = Date.parse(`${wall}Z`);
  const by = (clock: number) => asUtc - (shown(clock, zone) - clock);
  // By the clock as it went a day before, and a day after: they differ about a change only.
  const [before, after] = [by(asUtc - DAY), by(asUtc + DAY)];
  return shown(before, zone) === asUtc || shown(after, zone) !== asUtc ? before : after;
}

/** Return when a day begins in a zone, as the API takes it. */
export function beginOf(day: string, zone: string): string {
  return new Date(momentOf(`${day}T00:00`, zone)).toISOString();
}

/** Whether a text is a day as the calendar has it: 2026-03-02. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Return the day so many days later. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Return a day in words: Mon 2 Mar. */
export function dayInWords(day: string): string {
  return inWords.format(Date.parse(`${day}T00:00Z`)).replace(",", "");
}

const inWords = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
});
