/** Numbers: how counts, shares and lengths of time are written. */

const share = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
];

export function percent(value: number): string {
  return share.format(value);
}

/** A day by its ISO date: 5 Mar. */
export function shortDay(date: string): string {
  return day.format(new Date(date));
}

/** Seconds in its two largest units: "2 d 4 h". */
export function length(seconds: number | null): string {
  if (seconds === null) return "–";
  const at = UNITS.findIndex(([, unit]) => seconds >= unit);
  if (at < 0) return "under a minute";
  let rest = seconds;
  const parts = UNITS.slice(at, at + 2).map(([name, unit]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count > 0 ? `${count} ${name}` : "";
  });
  return parts.filter(Boolean).join(" ");
}
