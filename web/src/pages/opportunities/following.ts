/** Following: the focus goes with a deal into the column that it was moved to. */

import { type RefObject, useLayoutEffect } from "react";
import { useHeir } from "../../ui/heir";

let moved: string | undefined;

/** Have the focus go to this deal's card as soon as it stands in another column. */
export function follow(id: string): void {
  moved = id;
}

/** Give a card the focus if its deal was just moved; leave it to the column when it goes. */
export function useFollowed(card: RefObject<HTMLElement | null>, id: string): void {
  useLayoutEffect(() => {
    if (moved !== id) return;
    moved = undefined;
    if (onTheBoard(document.activeElement)) card.current?.querySelector("a")?.focus();
  }, [card, id]);
  // The next card would be somebody else's deal.
  useHeir(card, (gone) => gone.closest<HTMLElement>("[tabindex]"));
}

/** Whoever has gone on to something else is left there. */
function onTheBoard(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.closest("[data-board]") !== null;
}
