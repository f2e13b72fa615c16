/** Story: messages and events of a task as one sequence, each message with its cause. */

import type { Message } from "./thread";

interface Event {
  id: string;
  type: string;
  at: string;
  summary: string;
}

export interface Said {
  kind: "message";
  message: Message;
  /** The message that this one came of, if it is in the story. */
  cause: Message | undefined;
  /** Whether that stands right before. */
  follows: boolean;
}

export type Entry = Said | { kind: "event"; id: string; at: string; summary: string };

/** Events that only say that there is a message, which is itself in the story. */
const OF_MESSAGES = new Set(["message.posted", "message.answered", "message.buried"]);

/**
 * Return the story, the oldest first.
 *
 * @param newest messages, the newest first, as lists give them.
 * @param cut whether earlier messages are not loaded: then earlier events are left out too.
 */
export function story(newest: readonly Message[], events: readonly Event[], cut: boolean): Entry[] {
  const messages = newest.toReversed();
  const byId = new Map(messages.map((message) => [message.id, message]));
  const said = messages.map((message): Said => {
    const cause = message.causationId ? byId.get(message.causationId) : undefined;
    return { kind: "message", message, cause, follows: false };
  });
  const since = cut && messages[0] ? moment(messages[0].sentAt) : Number.NEGATIVE_INFINITY;
  const happened = events
    .filter(({ type, at }) => !OF_MESSAGES.has(type) && moment(at) >= since)
    .map(({ id, at, summary }): Entry => ({ kind: "event", id, at, summary }));
  // What happened in the same commit stands before what was said in it; sorting keeps that.
  const all = [...happened, ...said].sort((a, b) => when(a) - when(b));
  return all.map((entry, place) => linked(entry, all[place - 1]));
}

function linked(entry: Entry, before: Entry | undefined): Entry {
  if (entry.kind === "event" || !entry.cause || before?.kind !== "message") return entry;
  return { ...entry, follows: before.message === entry.cause };
}

function when(entry: Entry): number {
  return moment(entry.kind === "event" ? entry.at : entry.message.sentAt);
}

function moment(at: string): number {
  return Date.parse(at);
}
