/** Open: which draft is open is said by the address. */

import { useLocation } from "wouter";

/** Return the address of a draft on this page. */
export function draftAddress(id: string): string {
  return `/?draft=${encodeURIComponent(id)}`;
}

export function useOpenDraft(): (id: string) => void {
  const [, go] = useLocation();
  return (id) => go(draftAddress(id), { replace: true });
}
