/** Metrics: what they are called, in the order in which they follow from each other. */

import type { Metric } from "./opens";

export const METRICS: readonly { metric: Metric; key: Key; name: string }[] = [
  { metric: "SENT", key: "sent", name: "Sent" },
  { metric: "DELIVERED", key: "delivered", name: "Delivered" },
  { metric: "BOUNCED", key: "bounced", name: "Bounced" },
  { metric: "REACHED", key: "reached", name: "Reached" },
  { metric: "REPLIED", key: "replied", name: "Replied" },
  { metric: "POSITIVE", key: "positive", name: "Positive" },
];

export type Key = "sent" | "delivered" | "bounced" | "reached" | "replied" | "positive";

export function metricName(metric: string): string {
  return METRICS.find((each) => each.metric === metric)?.name ?? metric;
}
