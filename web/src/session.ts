/**
 * Session: whether this browser is still let in, and how it signs out.
 *
 * The cookie itself is out of a script's reach; a refusal of the server says that it ended.
 */

import { useSyncExternalStore } from "react";
import { unsubscribe } from "./push/browser";

let ended = false;
const watchers = new Set<() => void>();

/** Note that the server no longer knows us. */
export function endSession(): void {
  ended = true;
  for (const tell of watchers) tell();
}

export function sessionEnded(): boolean {
  return ended;
}

/** Call back once the session ends; returns how to stop that. */
export function onSessionEnd(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(onSessionEnd, sessionEnded);
}

/** End the session on the server too, and show the page for strangers. */
export async function signOut(): Promise<void> {
  // Whoever sits here next is not to be told what was meant for somebody else.  First, as once
  // the session is gone nothing may be asked any more.
  await unsubscribe().catch(() => undefined);
  const answer = await fetch("/sign-out", { method: "POST" });
  if (!answer.ok && answer.status !== 401) throw new Error(`Sign-out failed (${answer.status}).`);
  location.assign("/");
}
