/** Spans: lengths of time, ISO 8601 in the API and a number with its unit in a form. */

export type Unit = "days" | "hours" | "minutes" | "seconds";

export interface Span {
  amount: number;
  unit: Unit;
}

export const UNITS: readonly Unit[] = ["days", "hours", "minutes", "seconds"];
const SECONDS: Readonly<Record<Unit, number>> = {
  days: 86_400,
  hours: 3_600,
  minutes: 60,
  seconds: 1,
};
const FORM = /^P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?)$/;

/** Read "P3D" as 3 days and "P1DT2H" as 26 hours: in the largest unit that says it whole. */
export function spanOf(text: string): Span {
  const [, weeks, days, hours, minutes, seconds] = FORM.exec(text) ?? [];
  const total =
    (Number(weeks ?? 0) * 7 + Number(days ?? 0)) * SECONDS.days +
    Number(hours ?? 0) * SECONDS.hours +
    Number(minutes ?? 0) * SECONDS.minutes +
    Number(seconds ?? 0);
  const unit = UNITS.find((each) => total >= SECONDS[each] && total % SECONDS[each] === 0);
  return unit ? { amount: total / SECONDS[unit], unit } : { amount: total, unit: "seconds" };
}

export function isoOf({ amount, unit }: Span): string {
  return unit === "days" ? `P${amount}D` : `PT${amount}${unit.charAt(0).toUpperCase()}`;
}

/** "3 days", "1 hour". */
export function spanInWords(text: string): string {
  const { amount, unit } = spanOf(text);
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}
