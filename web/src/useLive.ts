/** useLive and usePages: queries that ask again when what they show has changed. */

import type { AnyVariables, CombinedError, TypedDocumentNode } from "@urql/core";
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { useClient, useQuery } from "urql";
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
  useStale(topics, again);
  // An answer that failed has no data, and takes none of what is shown away.
  const [kept, keep] = useState(result.data);
  if (result.data !== undefined && result.data !== kept) keep(result.data);
  return { data: result.data ?? kept, error: result.error, loading: result.fetching, retry: again };
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
  const client = useClient();
  const [count, setCount] = useState(1);
  const [round, setRound] = useState(0);
  const [shown, setShown] = useState<Page<Item>>();
  const [error, setError] = useState<CombinedError>();
  const [loading, setLoading] = useState(true);

  const load = useEffectEvent(async (pages: number, gone: () => boolean) => {
    setLoading(true);
    const items = new Map<string, Item>();
    let next: string | null = null;
    for (let page = 0; page < pages; page++) {
      const answer = await client
        .query(query, at(next), { requestPolicy: "network-only" })
        .toPromise();
      if (gone()) return;
      setError(answer.error);
      if (!answer.data) break;
      const got = read(answer.data);
      for (const item of got.items) items.set(item.id, item);
      next = got.next;
      if (page === pages - 1 || next === null) setShown({ items: [...items.values()], next });
      if (next === null) break;
    }
    setLoading(false);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again
  useEffect(() => {
    let over = false;
    void load(count, () => over);
    return () => {
      over = true;
    };
  }, [count, round]);

  const again = () => setRound((n) => n + 1);
  useStale(topics, again);
  const more = shown?.next ? () => setCount((n) => n + 1) : undefined;
  return { items: shown?.items, error, loading, more, retry: again };
}
