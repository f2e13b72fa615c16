/** useEvery: for what changes without an event, such as whether the clock still ticks. */

import { useEffect, useEffectEvent } from "react";
import { liveState } from "./live";

/** Call back every `interval` ms, as long as the page is seen and its updates are not paused. */
export function useEvery(interval: number, tell: () => void): void {
  const told = useEffectEvent(() => {
    const { connection } = liveState();
    const still = connection === "paused" || connection === "ended";
    if (document.visibilityState === "visible" && !still) tell();
  });
  useEffect(() => {
    const timer = setInterval(() => told(), interval);
    return () => clearInterval(timer);
  }, [interval]);
}
