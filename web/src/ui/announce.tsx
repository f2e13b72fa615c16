/** Announce: the page's one polite voice for those who hear it. */

import { useSyncExternalStore } from "react";

let said = "";
const watchers = new Set<() => void>();

/** Have something said once whatever is being read is finished. */
export function announce(text: string): void {
  // The same words twice are another text, or they would not be said again.
  said = said === text ? `${text}\u00a0` : text;
  for (const tell of watchers) tell();
}

function subscribe(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => said);
  return (
    <div className="unseen" role="status" aria-live="polite" data-announcer="">
      {text}
    </div>
  );
}
