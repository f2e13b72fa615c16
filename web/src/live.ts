/**
 * Live: the one subscription, and what it makes of each event.
 *
 * An event is a hint, the query is the truth.  Each event marks its topic (`draft` of
 * `draft.written`) as stale, and whoever shows that topic asks again.  The cursor is the last
 * event seen, so a socket that comes back goes on behind it: nothing missed, nothing twice.
 */

import { CombinedError } from "@urql/core";
import { client, socket } from "./client";
import { graphql, type ResultOf } from "./graphql";
import { onSessionEnd, sessionEnded } from "./session";
import { markAllStale, markStale } from "./stale";

const EVENTS = `
  subscription Events($after: ID!) {
    events(after: $after) { id type at actor summary }
  }
`;
const NEWEST = graphql(`query Newest { system { cursor } }`);

/** Past this a hidden tab gives its socket back; it goes on from its cursor when it is seen. */
const SLEEP_AFTER = 60_000;
const LONGEST_WAIT = 20_000;

export interface LiveEvent {
  id: string;
  type: string;
  at: string;
  actor: string;
  summary: string;
}

export type Connection = "connecting" | "live" | "reconnecting" | "paused" | "asleep" | "ended";

/** What the connection dot shows; `since`: when something was last heard, in ms. */
export interface LiveState {
  connection: Connection;
  heardAt: number;
}

let state: LiveState = { connection: "connecting", heardAt: Date.now() };
let cursor: string | undefined;
let stop: (() => void) | undefined;
let tries = 0;
let wasAway = false;
let open = false;
let retry: ReturnType<typeof setTimeout> | undefined;
let sleep: ReturnType<typeof setTimeout> | undefined;
let paused = false;
let asleep = false;

const watchers = new Set<() => void>();
const listeners = new Set<(event: LiveEvent) => void>();

export function liveState(): LiveState {
  return state;
}

export function onLiveState(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** Hear of each event once, in order; returns how to stop that. */
export function onEvent(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Begin behind an event: the newest one before anything that is shown was read. */
export function goLive(after: string): void {
  if (cursor !== undefined) return;
  cursor = after;
  document.addEventListener("visibilitychange", sleepOrWake);
  addEventListener("online", () => reconnect());
  addEventListener("offline", () => socket.terminate());
  onSessionEnd(settle);
  sleepOrWake(); // a tab may be opened behind another
  settle();
}

/** Ask for nothing until `resume`; what happens meanwhile is caught up with then. */
export function pause(): void {
  paused = true;
  settle();
}

export function resume(): void {
  paused = false;
  reconnect();
}

/** Try at once, whatever the back-off says. */
export function reconnect(): void {
  tries = 0;
  clearTimeout(retry);
  retry = undefined;
  settle();
}

/** Bring the socket to what is wanted of it now. */
function settle(): void {
  const connection = unwanted();
  if (connection) {
    if (stop) wasAway = true;
    stop?.();
    stop = undefined;
    clearTimeout(retry);
    retry = undefined;
    show(connection);
  } else if (!stop && !retry) {
    connect();
  }
}

function unwanted(): Connection | undefined {
  if (sessionEnded()) return "ended";
  if (paused) return "paused";
  return asleep ? "asleep" : undefined;
}

function connect(): void {
  if (open) show("live");
  else show(state.connection === "connecting" && !wasAway ? "connecting" : "reconnecting");
  let over = false;
  const end = (act: () => void) => () => {
    if (over) return;
    over = true;
    stop = undefined;
    act();
  };
  const lost = end(waitAndRetry);
  const expired = end(startAnew);
  const dispose = socket.subscribe<{ events: LiveEvent }>(
    { query: EVENTS, variables: { after: cursor } },
    {
      next: ({ data, errors }) => {
        if (errors) (isExpired(errors) ? expired : lost)();
        else if (data && !over) take(data.events);
      },
      error: (error) => (isExpired(error) ? expired : lost)(),
      complete: lost,
    },
  );
  stop = () => {
    over = true;
    dispose();
  };
}

function take(event: LiveEvent): void {
  cursor = event.id;
  heard();
  markStale(event.type.slice(0, event.type.indexOf(".")));
  for (const listener of listeners) listener(event);
}

function waitAndRetry(): void {
  wasAway = true;
  show("reconnecting");
  const longest = Math.min(LONGEST_WAIT, 250 * 2 ** tries++);
  retry = setTimeout(
    () => {
      retry = undefined;
      settle();
    },
    longest * (0.5 + Math.random() / 2),
  );
  if (unwanted()) settle();
}

/** Events behind our cursor are no longer kept: read everything again, go on from the newest. */
async function startAnew(): Promise<void> {
  const answer = await client.query(NEWEST, {}, { requestPolicy: "network-only" }).toPromise();
  const newest: ResultOf<typeof NEWEST> | undefined = answer.data;
  if (newest) cursor = newest.system.cursor;
  markAllStale();
  // The socket is well; only if not even the cursor could be read there is something to wait for.
  if (newest) settle();
  else waitAndRetry();
}

function isExpired(error: unknown): boolean {
  const errors = error instanceof CombinedError ? error.graphQLErrors : error;
  return (
    Array.isArray(errors) && errors.some(({ extensions }) => extensions?.code === "CURSOR_EXPIRED")
  );
}

socket.on("closed", () => {
  open = false;
});
socket.on("connected", () => {
  open = true;
  // What failed while we were away is asked for again, and what changed without an event.
  if (wasAway) markAllStale();
  wasAway = false;
  tries = 0;
  show("live");
});
socket.on("pong", () => heard());

function heard(): void {
  show(state.connection === "reconnecting" ? "live" : state.connection);
}

function show(connection: Connection): void {
  const heardAt = connection === "live" ? Date.now() : state.heardAt;
  state = { connection, heardAt };
  for (const tell of watchers) tell();
}

function sleepOrWake(): void {
  clearTimeout(sleep);
  if (document.visibilityState === "hidden") {
    sleep = setTimeout(() => {
      asleep = true;
      settle();
    }, SLEEP_AFTER);
  } else if (asleep) {
    asleep = false;
    reconnect();
  }
}
