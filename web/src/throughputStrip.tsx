/** ThroughputStrip: how many messages an agent handled in each hour, and how many in all. */

import { BarStrip } from "./ui/barStrip";

interface Hour {
  since: string;
  handled: number;
  failed: number;
}

const hour = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});

export function ThroughputStrip({ of, hours }: { of: string; hours: readonly Hour[] }) {
  return (
    <BarStrip
      label={`Messages of ${of} by hour`}
      bars={hours.map(({ since, handled, failed }) => ({
        name: hour.format(new Date(since)),
        value: handled + failed,
        bad: failed,
      }))}
    />
  );
}

/** Return how many messages there were in all hours together. */
export function messages(hours: readonly Hour[], key: "handled" | "failed"): number {
  return hours.reduce((all, each) => all + each[key], 0);
}
