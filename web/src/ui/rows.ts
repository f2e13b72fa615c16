/** Rows: j and k walk a list; the row that has the focus is the one that keys are about. */

import type { RefObject } from "react";
import { useShortcuts } from "./keys";

/**
 * Walk what lies inside `list` and is marked `data-row`; such a row must take the focus.
 *
 * @param of what is walked, in one word, for the table of keys.
 */
export function useRows(list: RefObject<HTMLElement | null>, of: string): void {
  const step = (by: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([
    { keys: "j", does: `Next ${of}`, run: () => step(1) },
    { keys: "k", does: `Previous ${of}`, run: () => step(-1) },
  ]);
}

/** Return the row that the focus is in, by its `data-row`. */
export function focusedRow(): string | undefined {
  return document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"];
}
