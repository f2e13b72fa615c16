/**
 * Stale: who wants to hear that a topic changed, and when they are told.
 *
 * Changes come in bursts: whoever watches is told once per burst, 250 ms after its first
 * change, and only while the page is seen.  When one burst follows the other, what lies between
 * two tellings is longer, and still short enough that nobody waits a second.
 */

const SETTLE = 250;
const REST = 600;
const ALL = "*";

interface Watcher {
  topics: ReadonlySet<string>;
  tell: () => void;
}

const watchers = new Set<Watcher>();
const changed = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
let toldAt = 0;

/** Be told when one of these topics changed, `*` for any; returns how to stop that. */
export function watch(topics: Iterable<string>, tell: () => void): () => void {
  const watcher = { topics: new Set(topics), tell };
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function markStale(topic: string): void {
  changed.add(topic);
  schedule();
}

function schedule(): void {
  if (timer !== undefined) return;
  timer = setTimeout(flush, Math.max(SETTLE, toldAt + REST - performance.now()));
}

/** Have everybody ask again. */
export function markAllStale(): void {
  markStale(ALL);
}

function flush(): void {
  timer = undefined;
  if (document.visibilityState === "hidden") return; // until it is seen again
  toldAt = performance.now();
  const topics = new Set(changed);
  changed.clear();
  for (const watcher of [...watchers]) {
    if (concerns(watcher.topics, topics)) watcher.tell();
  }
}

function concerns(watched: ReadonlySet<string>, topics: ReadonlySet<string>): boolean {
  return topics.has(ALL) || watched.has(ALL) || [...topics].some((topic) => watched.has(topic));
}

document.addEventListener("visibilitychange", () => {
  if (changed.size > 0) schedule();
});
