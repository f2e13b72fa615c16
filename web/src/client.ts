/**
 * Client: questions and commands over HTTP, events over one socket.
 *
 * Both carry the session cookie, which the browser adds by itself.  The socket does not
 * reconnect on its own: it would ask for the events it asked for first, and `live` knows
 * how far it has come since.
 */

import { Client, cacheExchange, fetchExchange, mapExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import { endSession, sessionEnded } from "./session";

const PING_EVERY = 12_000;
const PONG_WITHIN = 6_000;
const OPEN_WITHIN = 10_000;
const FORBIDDEN = 4403;
/** Nothing takes so long; on a line that died without a word there is no answer to wait for. */
const ANSWER_WITHIN = 30_000;

const JSON_TYPE = { "content-type": "application/json" };

const unauthorized = mapExchange({
  onError(error) {
    if (error.response?.status === 401) endSession();
  },
});

const fetchInTime: typeof fetch = async (address, options) => {
  // It would be answered, and carried out, as whoever the cookie is of now.
  if (sessionEnded() === "another") return new Response("{}", { status: 401, headers: JSON_TYPE });
  const late = new AbortController();
  setTimeout(() => late.abort(), ANSWER_WITHIN);
  const signals = [late.signal, ...(options?.signal ? [options.signal] : [])];
  return fetch(address, { ...options, signal: AbortSignal.any(signals) });
};

const http = {
  url: "/graphql",
  fetch: fetchInTime,
  preferGetMethod: false,
  // One answer is wanted, not the stream that may be had too.
  fetchOptions: { headers: { accept: "application/graphql-response+json, application/json" } },
} as const;

export const client = new Client({
  ...http,
  exchanges: [cacheExchange, unauthorized, fetchExchange],
  requestPolicy: "cache-and-network",
});

/** Asks without keeping the answers: for what is asked on and on, and never the same twice. */
export const passing = new Client({ ...http, exchanges: [unauthorized, fetchExchange] });

let patience: ReturnType<typeof setTimeout> | undefined;

export const socket = createClient({
  url: () => `${location.origin.replace(/^http/, "ws")}/graphql`,
  retryAttempts: 0,
  keepAlive: PING_EVERY,
  on: {
    connecting: () => giveUpAfter(OPEN_WITHIN),
    connected: () => clearTimeout(patience),
    ping(received) {
      if (!received) giveUpAfter(PONG_WITHIN);
    },
    pong(received) {
      if (received) clearTimeout(patience);
    },
    closed(event) {
      clearTimeout(patience);
      if ((event as CloseEvent).code === FORBIDDEN) endSession();
    },
  },
});

/** A network that is gone closes nothing; that nobody answers tells of it. */
function giveUpAfter(wait: number): void {
  clearTimeout(patience);
  patience = setTimeout(() => socket.terminate(), wait);
}
