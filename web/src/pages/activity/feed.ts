/**
 * Feed: one page of the event stream, and what comes to its newest page while it is seen.
 *
 * A hint has the events behind the newest known one read, in batches, and counted once each.
 * At the list's top they join it, and its oldest rows leave; whoever has scrolled away keeps
 * what they read, and is told how many wait.
 */

import type { CombinedError } from "@urql/core";
import { passing } from "../../client";
import { graphql, type ResultOf, type VariablesOf } from "../../graphql";
import { announce } from "../../ui/announce";

const EVENTS = graphql(`
  query Events(
    $filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String
  ) {
    events(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id type at actor summary
        task { id } contact { id name } agent { id kind name }
      }
      pageInfo { hasNextPage hasPreviousPage }
    }
  }
`);

export type EventRow = ResultOf<typeof EVENTS>["events"]["nodes"][number];
export type Filter = NonNullable<VariablesOf<typeof EVENTS>["filter"]>;

const PAGE = 100;
/** Rows that are kept at most: enough to look back on, few enough to stay quick. */
const MOST = 150;
/** Batches after which catching up is given up, and the newest page is read anew. */
const PATIENCE = 50;
/** Those who hear the page are told of a flood once in this many ms. */
const SAY_EVERY = 2_000;

export interface Shown {
  rows: readonly EventRow[] | undefined;
  hasOlder: boolean;
  /** Events that came since this page was opened, shown or not. */
  heard: number;
  /** Those of them that are not shown. */
  waiting: number;
  error: CombinedError | undefined;
}

export class Feed {
  #shown: Shown = { rows: undefined, hasOlder: false, heard: 0, waiting: 0, error: undefined };
  #newest: string | null = null;
  #atTop = true;
  #closed = false;
  #line = Promise.resolve();
  #inLine = new Set<"load" | "catchUp">();
  #unsaid = 0;
  readonly #filter: Filter;
  readonly #before: string | null;
  readonly #watchers = new Set<() => void>();

  /** @param before the event that the page ends before; null: the newest page, which is live. */
  constructor(filter: Filter, before: string | null) {
    this.#filter = filter;
    this.#before = before;
  }

  readonly watch = (tell: () => void): (() => void) => {
    this.#watchers.add(tell);
    return () => this.#watchers.delete(tell);
  };
  readonly shown = (): Shown => this.#shown;

  /** Read the page; returns how to stop. */
  open(): () => void {
    this.#closed = false;
    this.load();
    return () => {
      this.#closed = true;
    };
  }

  readonly load = (): void => this.#next("load");

  /** Something may have happened. */
  hint(): void {
    if (this.#before === null) this.#next("catchUp");
  }

  /** Say whether the top of the list is seen; what waited for that is shown then. */
  seeTop(seen: boolean): void {
    this.#atTop = seen;
    if (seen && this.#shown.waiting > 0) this.load();
  }

  /** One after the other: what is asked for and has not begun is not asked for again. */
  #next(what: "load" | "catchUp"): void {
    if (this.#inLine.has(what)) return;
    this.#inLine.add(what);
    this.#line = this.#line.then(() => {
      this.#inLine.delete(what);
      return what === "load" ? this.#load() : this.#catchUp();
    });
  }

  async #load(): Promise<void> {
    const events = await this.#ask({ last: PAGE, before: this.#before });
    if (!events) return;
    this.#newest = events.nodes.at(-1)?.id ?? null;
    const rows = events.nodes.toReversed();
    this.#show({ rows, hasOlder: events.pageInfo.hasPreviousPage, waiting: 0, error: undefined });
  }

  async #catchUp(): Promise<void> {
    // What never was read has no newest event to go on from.
    if (!this.#shown.rows) return this.#load();
    const fresh: EventRow[] = [];
    for (let batch = 0; batch < PATIENCE; batch++) {
      const events = await this.#ask({ first: PAGE, after: this.#newest });
      if (!events) return;
      fresh.push(...events.nodes);
      this.#newest = fresh.at(-1)?.id ?? this.#newest;
      if (!events.pageInfo.hasNextPage) return this.#take(fresh);
    }
    await this.#load();
  }

  #take(fresh: EventRow[]): void {
    if (this.#shown.error) this.#show({ error: undefined });
    if (fresh.length === 0) return;
    const { rows = [], hasOlder, heard, waiting } = this.#shown;
    this.#say(fresh.length);
    if (!this.#atTop || waiting > 0) {
      this.#show({ heard: heard + fresh.length, waiting: waiting + fresh.length });
      return;
    }
    const all = [...fresh.reverse(), ...rows];
    this.#show({
      rows: all.slice(0, MOST),
      hasOlder: hasOlder || all.length > MOST,
      heard: heard + fresh.length,
    });
  }

  /** Ask for a page; a failure is shown, and what was read before stays. */
  async #ask(page: VariablesOf<typeof EVENTS>) {
    const { data, error } = await passing
      .query(EVENTS, { filter: this.#filter, ...page })
      .toPromise();
    if (this.#closed) return undefined;
    if (error) this.#show({ error });
    return data?.events;
  }

  #show(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    for (const tell of this.#watchers) tell();
  }

  #say(count: number): void {
    if (this.#unsaid === 0) setTimeout(() => this.#saySo(), SAY_EVERY);
    this.#unsaid += count;
  }

  #saySo(): void {
    if (!this.#closed) announce(`${this.#unsaid} new ${this.#unsaid === 1 ? "event" : "events"}.`);
    this.#unsaid = 0;
  }
}
