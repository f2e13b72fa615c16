/** Metrics: what they are called, in the order in which they follow from each other. */

import type { Numbers } from "./insight";
import type { Metric, Rows } from "./opens";

export const METRICS: readonly { metric: Metric; key: Key; name: string }[] = [
  { metric: "SENT", key: "sent", name: "Sent" },
  { metric: "DELIVERED", key: "delivered", name: "Delivered" },
  { metric: "BOUNCED", key: "bounced", name: "Bounced" },
  { metric: "REACHED", key: "reached", name: "Reached" },
  { metric: "REPLIED", key: "replied", name: "Replied" },
  { metric: "POSITIVE", key: "positive", name: "Positive" },
];

/** Metrics that are the parts of a rate alone. */
const PARTS: Readonly<Record<string, string>> = {
  BEGUN: "Conversations begun",
  ANSWERED: "Conversations answered in time",
  ANSWERED_POSITIVELY: "Conversations answered positively in time",
};

export type Key = "sent" | "delivered" | "bounced" | "reached" | "replied" | "positive";

/** What the messages of an agent count; the API lists them as it lists all messages. */
export const MESSAGES = {
  HANDLED: "Messages that the agent was done with, each at the moment when it was.",
  FAILED: "Messages that the agent could not handle: dead letters, those discarded since too.",
} as const;

/** Return what a metric counts, in the API's words. */
export function metricDefinition(definitions: Numbers["definitions"], metric: Metric): string {
  return definitions.find((each) => each.metric === metric)?.definition ?? "";
}

/** Return what rows are counted by a number, once the numbers have come. */
export function definitionOf(rows: Rows, insight: Numbers | undefined): string | undefined {
  if (rows === "HANDLED" || rows === "FAILED") return MESSAGES[rows];
  if (rows === "DRAFTS") return insight?.total.approvalTime.definition;
  return insight && metricDefinition(insight.definitions, rows);
}

export function metricName(metric: string): string {
  return METRICS.find((each) => each.metric === metric)?.name ?? PARTS[metric] ?? metric;
}
