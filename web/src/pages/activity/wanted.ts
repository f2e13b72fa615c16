/**
 * Wanted: which events are shown, as the address says it.
 *
 * The names are those of the API's filter and of its export, so that one address is all three.
 */

import type { Filter } from "./feed";

const SINGLE = ["actor", "agentId", "contactId", "taskId", "search", "since", "until"] as const;

/** Read the filter; what an address has besides is not for us. */
export function filterOf(search: URLSearchParams): Filter {
  const types = search.getAll("type").filter(Boolean);
  const given = SINGLE.flatMap((name) => {
    const value = search.get(name);
    return value ? [[name, value] as const] : [];
  });
  return { ...Object.fromEntries(given), ...(types.length > 0 ? { type: types } : {}) };
}

/** Write the filter as an address's query, and nothing else. */
export function searchOf(filter: Filter): URLSearchParams {
  const search = new URLSearchParams();
  for (const type of filter.type ?? []) search.append("type", type);
  for (const name of SINGLE) {
    const value = filter[name];
    if (value) search.set(name, value);
  }
  return search;
}

export function addressOf(filter: Filter, before?: string): string {
  const search = searchOf(filter);
  if (before) search.set("before", before);
  return search.size > 0 ? `/activity?${search}` : "/activity";
}

/** Where the whole of it is to be had as a file. */
export function exportOf(filter: Filter, form: "csv" | "jsonl"): string {
  const search = searchOf(filter);
  return `/api/export/events.${form}${search.size > 0 ? `?${search}` : ""}`;
}
