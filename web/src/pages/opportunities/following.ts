/** Following: the focus goes with a deal into the column that it was moved to. */

import { type RefObject, useLayoutEffect } from "react";

let moved: string | undefined;

/** Have the focus go to this deal's card as soon as it stands in another column. */
export function follow(id: string): void {
  moved = id;
}

/** Give a card the focus if its deal was just moved; leave it to the column when it goes. */
export function useFollowed(card: RefObject<HTMLElement | null>, id: string): void {
  useLayoutEffect(() => {
    const shown = card.current;
    if (moved === id && shown) {
      moved = undefined;
      if (onTheBoard(document.activeElement)) shown.querySelector("a")?.focus();
    }
    return () => {
      // The next card would be somebody else's deal, and the page's top is far away.
      const column = shown?.closest<HTMLElement>("[tabindex]");
      if (shown?.contains(document.activeElement)) column?.focus();
    };
  }, [card, id]);
}

/** Whoever has gone on to something else is left there. */
function onTheBoard(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.closest("[data-board]") !== null;
}
