/** Wide: whether two panes fit beside each other; the same width as in the style sheets. */

import { useSyncExternalStore } from "react";

const wide = matchMedia("(width >= 60rem)");

function subscribe(tell: () => void): () => void {
  wide.addEventListener("change", tell);
  return () => wide.removeEventListener("change", tell);
}

export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}
