/** Rows: going through the rows of a list by keyboard; Enter opens the one with the focus. */

import type { RefObject } from "react";
import { useShortcuts } from "../../ui/keys";

/** `j` and `k` move the focus among the links that name the rows inside an element. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  const step = (by: number) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>("tbody th a") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
    next?.focus();
  };
  useShortcuts([
    { keys: "j", does: "Next contact", run: () => step(1) },
    { keys: "k", does: "Previous contact", run: () => step(-1) },
  ]);
}
