/** Opens: the address at which the rows behind a number are open; the range stays in it. */

import type { graphql } from "../../graphql";

export type Metric = ReturnType<typeof graphql.scalar<"InsightMetric">>;
/** What can be opened: mails of a metric, drafts that were decided on, messages of an agent. */
export type Rows = Metric | "DRAFTS" | "HANDLED" | "FAILED";

/** What narrows the rows: a day, an agent, and moments in the place of the range's. */
export interface Narrower {
  day?: string | undefined;
  of?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

const NARROWERS = ["rows", "day", "of", "since", "until"] as const;

export function opens(params: URLSearchParams, rows: Rows, narrower: Narrower = {}): string {
  const next = closed(params);
  next.set("rows", rows);
  for (const [name, value] of Object.entries(narrower)) if (value) next.set(name, value);
  return `?${next}`;
}

/** What the browser keeps of an address that was opened from the page beneath it. */
export const FROM_PAGE = { fromPage: true };

export function isFromPage(state: unknown): boolean {
  return typeof state === "object" && state !== null && "fromPage" in state;
}

/** The same page with nothing open. */
export function closed(params: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const name of NARROWERS) next.delete(name);
  return next;
}

/** The same page with other settings; null takes one away. */
export function changed(params: URLSearchParams, some: Record<string, string | null>): string {
  const next = closed(params);
  for (const [name, value] of Object.entries(some)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return `?${next}`;
}
