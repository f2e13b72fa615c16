/**
 * Entries: one shape for everything that happened between us and somebody.
 *
 * Lists are read a page at a time and end at different moments.  Before the moment at which
 * one of them was not read further the story would have gaps, so it is told from there on.
 */

import type { Page, Pages } from "../../useLive";
import type { Receipt } from "./sources";

export type Kind = "mail" | "work" | "deal" | "record";

export interface Entry {
  id: string;
  kind: Kind;
  at: string;
  /** What it is, in a word or two. */
  what: string;
  /** Who did it, as they sign. */
  by?: string;
  title: string;
  /** Whether the title is a sentence of Rapport's, not somebody's words. */
  ours?: boolean;
  state?: string | undefined;
  text?: string | undefined;
  receipt?: Receipt | undefined;
  /** Where it is seen to, while it waits for somebody. */
  href?: string | undefined;
}

/** A row of a list, and the entries that tell of it; the first is as old as the row. */
export interface Told {
  id: string;
  at: string;
  entries: readonly Entry[];
}

/** Return the entries that can be told without a gap, the newest first, and how to go on. */
export function merge(sources: readonly Pages<Told>[]): { entries: Entry[]; more?: () => void } {
  const ends = sources.map((source) => (source.more ? oldest(source) : Number.NEGATIVE_INFINITY));
  const since = Math.max(...ends);
  const entries = sources
    .flatMap(({ items }) => items ?? [])
    .flatMap((told) => told.entries)
    .filter(({ at }) => Date.parse(at) >= since)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const behind = sources.filter((_, place) => ends[place] === since);
  if (!Number.isFinite(since)) return { entries };
  const more = () => {
    for (const source of behind) source.more?.();
  };
  return { entries, more };
}

function oldest({ items }: Pages<Told>): number {
  return Math.min(...(items ?? []).map(({ at }) => Date.parse(at)));
}

/** Read a page that begins with its newest row. */
export function newestFirst<Row>(
  {
    nodes,
    pageInfo,
  }: { nodes: readonly Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } },
  tell: (row: Row) => Told,
): Page<Told> {
  return { items: nodes.map(tell), next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}
