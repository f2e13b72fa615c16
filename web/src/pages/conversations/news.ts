/** News: a thread opens where it ends; what is said from then on is said to those who hear it. */

import { useEffect, useEffectEvent, useRef } from "react";
import { speakerOf, useTeam } from "../../team";
import { announce } from "../../ui/announce";
import { useWide } from "../../ui/wide";
import type { Entry } from "./story";

export const JOIN = "join-the-conversation";

/** Bring the end of the first messages into view; tell of each that comes later, once. */
export function useNews(entries: readonly Entry[]): void {
  const team = useTeam();
  const wide = useWide();
  const told = useRef<string>(undefined);
  const newest = entries.findLast((entry) => entry.kind === "message")?.message;
  const tell = useEffectEvent(() => {
    const first = told.current === undefined;
    told.current = newest?.id;
    if (!newest) return;
    const box = document.getElementById(JOIN);
    if (first) {
      // On a narrow screen the head does not stay in view, and is worth more than the end.
      if (!wide) return;
      (box ?? document.getElementById(newest.id))?.scrollIntoView({ block: "end" });
      return;
    }
    announce(`${speakerOf(team, newest)}: ${newest.text}`);
    // Who reads further up is left there.
    if (box?.contains(document.activeElement)) box.scrollIntoView({ block: "nearest" });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another message is the newest
  useEffect(() => tell(), [newest?.id]);
}
