/** Addresses: where things have a page of their own, as far as this release has one for them. */

import { pageAt } from "./pages";

function existing(address: string): string | undefined {
  return pageAt(address) ? address : undefined;
}

export function contactAddress(id: string): string | undefined {
  return existing(`/contacts/${encodeURIComponent(id)}`);
}

export function agentAddress(kind: string): string | undefined {
  return existing(`/agents/${kind.toLowerCase().replaceAll("_", "-")}`);
}

/** All that happened to one thing, or was done by somebody; `of` is the filter's name for it. */
export function activityAddress(of: "actor" | "contactId" | "taskId", value: string) {
  return existing("/activity") && `/activity?${of}=${encodeURIComponent(value)}`;
}
