/** useEvery: for what changes without an event, such as whether the clock still ticks. */

import { useEffect, useEffectEvent } from "react";

/** Call back every `interval` ms, as long as the page is seen. */
export function useEvery(interval: number, tell: () => void): void {
  const told = useEffectEvent(() => {
    if (document.visibilityState === "visible") tell();
  });
  useEffect(() => {
    const timer = setInterval(() => told(), interval);
    return () => clearInterval(timer);
  }, [interval]);
}
