/** Opened: a notification that was pressed leads this window to what it is about. */

import { useEffect, useEffectEvent } from "react";

export function useOpened(go: (path: string) => void): void {
  const lead = useEffectEvent(({ data }: MessageEvent) => {
    if (typeof data?.open === "string" && data.open.startsWith("/")) go(data.open);
  });
  useEffect(() => {
    const { serviceWorker } = navigator;
    if (!serviceWorker) return;
    const hear = (event: MessageEvent) => lead(event);
    serviceWorker.addEventListener("message", hear);
    return () => serviceWorker.removeEventListener("message", hear);
  }, []);
}
