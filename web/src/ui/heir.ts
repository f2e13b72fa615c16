/** Heir: who gets the focus when what has it leaves the page; the browser would start anew. */

import { type RefObject, useEffectEvent, useLayoutEffect } from "react";

type Heir = (gone: HTMLElement) => HTMLElement | null | undefined;

/** Give the focus on when an element goes that has it; `heir` names another on the page. */
export function useHeir(element: RefObject<HTMLElement | null>, heir: Heir): void {
  const heirOf = useEffectEvent(heir);
  // With the layout: cleaned up while it still stands among its neighbours.
  useLayoutEffect(() => {
    const shown = element.current;
    return () => {
      if (shown?.contains(document.activeElement)) heirOf(shown)?.focus();
    };
  }, [element]);
}
