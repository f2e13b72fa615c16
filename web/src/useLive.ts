/** useLive and usePages: queries that ask again when what they show has changed. */

import type { AnyVariables, CombinedError, TypedDocumentNode } from "@urql/core";
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from "react";
import { useQuery } from "urql";
import { passing } from "./client";
import { type LiveState, liveState, onLiveState } from "./live";
import { watch } from "./stale";

export interface Answer<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  loading: boolean;
  retry: () => void;
}

/**
 * Ask once, and again whenever one of the topics changed.  Old data stays while it is asked.
 * What changes meanwhile waits for the answer: asked anew at each change, a question that takes
 * longer than changes are apart would never be answered.
 * Give a component that shows another thing another `key`, or it shows the old one meanwhile.
 */
export function useLive<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  topics: readonly string[],
): Answer<Data> {
  const [result, ask] = useQuery({ query, variables } as Parameters<
    typeof useQuery<Data, Variables>
  >[0]);
  const again = () => ask({ requestPolicy: "network-only" });
  const missed = useRef(false);
  useStale(topics, () => {
    missed.current = result.fetching;
    if (!result.fetching) again();
  });
  const catchUp = useEffectEvent(() => {
    if (!missed.current) return;
    missed.current = false;
    again();
  });
  useEffect(() => {
    if (!result.fetching) catchUp();
  }, [result.fetching]);
  // An answer that failed has no data, or null, and takes none of what is shown away.
  const data = result.data ?? undefined;
  const [kept, keep] = useState(data);
  if (data !== undefined && data !== kept) keep(data);
  return { data: data ?? kept, error: result.error, loading: result.fetching, retry: again };
}

/** Call back whenever one of the topics changed. */
export function useStale(topics: readonly string[], tell: () => void): void {
  const told = useEffectEvent(tell);
  const key = topics.join(" ");
  useEffect(() => watch(key.split(" "), () => told()), [key]);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(onLiveState, liveState);
}

/** One page of a list, whichever end it is read from. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; null at the list's end. */
  next: string | null;
}

export interface Pages<Item> {
  items: Item[] | undefined;
  error: CombinedError | undefined;
  loading: boolean;
  /** Load one page more; undefined at the list's end. */
  more: (() => void) | undefined;
  retry: () => void;
}

/**
 * A list, page by page.  When it changed, all pages shown are read anew, each behind the last:
 * so an item that moved is neither lost nor there twice.
 *
 * @param at makes the variables of the page behind a cursor; null is the first page.
 * @param read takes a page out of an answer.
 */
export function usePages<Data, Variables extends AnyVariables, Item extends { id: string }>(
  query: TypedDocumentNode<Data, Variables>,
  at: (cursor: string | null) => Variables,
  read: (data: Data) => Page<Item>,
  topics: readonly string[],
): Pages<Item> {
  const [shown, setShown] = useState<Page<Item>>();
  const [error, setError] = useState<CombinedError>();
  const [loading, setLoading] = useState(true);
  const count = useRef(1);

  const readPage = useEffectEvent(async (cursor: string | null) => {
    // Nothing is asked twice: where a page begins moves with whatever comes before it.
    const answer = await passing.query(query, at(cursor)).toPromise();
    return { page: answer.data && read(answer.data), error: answer.error };
  });

  const [ask] = useState(() =>
    oneAtATime(async (gone) => {
      setLoading(true);
      const items = new Map<string, Item>();
      let next: string | null = null;
      for (let pages = 0; pages < count.current; pages++) {
        const { page, error } = await readPage(next);
        if (gone()) return;
        setError(error);
        if (!page) return setLoading(false);
        for (const item of page.items) items.set(item.id, item);
        next = page.next;
        if (next === null) break;
      }
      const page = { items: [...items.values()], next };
      setShown((before) => ({ ...page, items: reused(page.items, before?.items ?? []) }));
      setLoading(false);
    }),
  );
  useEffect(() => {
    ask.begin();
    return ask.end;
  }, [ask]);
  useStale(topics, ask.begin);
  const more = () => {
    count.current += 1;
    ask.begin();
  };
  const { items, next = null } = shown ?? {};
  return { items, error, loading, more: next === null ? undefined : more, retry: ask.begin };
}

/** Put what did not change in as it was, so that whoever draws it can tell. */
function reused<Item extends { id: string }>(items: Item[], before: readonly Item[]): Item[] {
  const old = new Map(before.map((item) => [item.id, item]));
  return items.map((item) => {
    const was = old.get(item.id);
    return was && JSON.stringify(was) === JSON.stringify(item) ? was : item;
  });
}

/**
 * Make work that never runs beside itself: asked for while it runs, it runs once more after.
 * So a stream of changes neither starves it nor heaps it up.
 */
function oneAtATime(work: (gone: () => boolean) => Promise<void>) {
  let running = false;
  let again = false;
  let over = false;
  return {
    begin: () => {
      over = false;
      again = true;
      if (!running) void run();
    },
    end: () => {
      over = true;
    },
  };

  async function run(): Promise<void> {
    running = true;
    while (again && !over) {
      again = false;
      await work(() => over);
    }
    running = false;
  }
}
