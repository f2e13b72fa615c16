/**
 * Session: whether this window is still let in, and how it signs out.
 *
 * The cookie itself is out of a script's reach; a refusal of the server says that it ended.  All
 * windows of a browser share it, so each tells the others who signed in or out: none may go on
 * to show one person's page and act as another.
 */

import { useSyncExternalStore } from "react";
import { unsubscribe } from "./push/browser";
import type { Viewer } from "./viewer";

/** How it ended: the server no longer knows us, or somebody else is signed in here now. */
export type End = "over" | "another";

let ended: End | undefined;
let mine: string | undefined;
const watchers = new Set<() => void>();
const windows = new BroadcastChannel("rapport.session");

windows.addEventListener("message", ({ data }) => {
  if (mine === undefined) return;
  if (data === null) become("over");
  else become(data === mine ? undefined : "another");
});

function become(now: End | undefined): void {
  if (ended === now) return;
  ended = now;
  for (const tell of watchers) tell();
}

/** Note who is signed in, and have the other windows know. */
export function signedIn({ name, role, workspace }: Viewer): void {
  mine = JSON.stringify([workspace.id, name, role]);
  windows.postMessage(mine);
}

/** Note that the server no longer knows us. */
export function endSession(): void {
  if (!ended) become("over");
}

export function sessionEnded(): End | undefined {
  return ended;
}

/** Call back when the session ends, or goes on after all; returns how to stop that. */
export function onSessionEnd(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export function useSessionEnded(): End | undefined {
  return useSyncExternalStore(onSessionEnd, sessionEnded);
}

/** End the session on the server too, and show the page for strangers. */
export async function signOut(): Promise<void> {
  // Whoever sits here next is not to be told what was meant for somebody else.  First, as once
  // the session is gone nothing may be asked any more.
  await unsubscribe().catch(() => undefined);
  const answer = await fetch("/sign-out", { method: "POST" });
  if (!answer.ok && answer.status !== 401) throw new Error(`Sign-out failed (${answer.status}).`);
  windows.postMessage(null);
  location.assign("/");
}
