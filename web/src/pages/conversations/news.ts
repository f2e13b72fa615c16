/** News: what is said while the page is open is said to those who hear it, and kept in view. */

import { useEffect, useEffectEvent, useRef } from "react";
import { announce } from "../../ui/announce";
import type { Entry } from "./story";
import { nameOf, useTeam } from "./team";

export const JOIN = "join-the-conversation";

/** Tell of each message that came since the first ones, once. */
export function useNews(entries: readonly Entry[]): void {
  const team = useTeam();
  const told = useRef<string>(undefined);
  const newest = entries.findLast((entry) => entry.kind === "message")?.message;
  const tell = useEffectEvent(() => {
    const first = told.current === undefined;
    told.current = newest?.id;
    if (first || !newest) return;
    announce(`${nameOf(team, newest.sender)}: ${newest.text}`);
    const box = document.getElementById(JOIN);
    // Who reads further up is left there.
    if (box?.contains(document.activeElement)) box.scrollIntoView({ block: "nearest" });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another message is the newest
  useEffect(() => tell(), [newest?.id]);
}
