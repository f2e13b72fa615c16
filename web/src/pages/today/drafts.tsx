/**
 * Drafts: the queue, oldest first, and the draft that is open beside it.
 *
 * On a narrow screen one is shown at a time.  A draft that somebody else decided stays open
 * and says so; one's own decision goes on to the next.
 */

import { useEffect, useEffectEvent } from "react";
import { useSearchParams } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { Empty } from "../../ui/empty";
import { useShortcuts } from "../../ui/keys";
import { Loaded } from "../../ui/loaded";
import { useWide } from "../../ui/wide";
import { type Page, usePages } from "../../useLive";
import { DraftPane } from "./draft";
import styles from "./drafts.module.css";
import { Queue } from "./queue";

const PAGE = 100;
const QUEUE = graphql(`
  query Queue($last: Int!, $before: String) {
    drafts(status: [PENDING], last: $last, before: $before) {
      nodes {
        id to subject version createdAt unsupported
        stale { code }
        followUp { id step }
        task { id priority contact { id name company } }
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);
const TOPICS = ["draft", "approval", "task", "follow_up", "contact", "reply", "agent", "fact"];

export type Waiting = ResultOf<typeof QUEUE>["drafts"]["nodes"][number];

/** The list is newest first; its end, turned round, is the queue's beginning. */
function read({ drafts: { nodes, pageInfo } }: ResultOf<typeof QUEUE>): Page<Waiting> {
  return {
    items: nodes.toReversed(),
    next: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
  };
}

export function Drafts() {
  const queue = usePages(QUEUE, (before) => ({ last: PAGE, before }), read, TOPICS);
  return (
    <Loaded data={queue.items} error={queue.error} retry={queue.retry} of="the drafts that wait">
      {(items) => <Desk items={items} more={queue.more} />}
    </Loaded>
  );
}

function Desk({ items, more }: { items: Waiting[]; more: (() => void) | undefined }) {
  const [search, setSearch] = useSearchParams();
  const wide = useWide();
  const open = search.get("draft");
  const show = (id: string | undefined) => setSearch(id ? { draft: id } : {}, { replace: true });
  const step = (by: number) => {
    const at = items.findIndex(({ id }) => id === open);
    const next = items[at < 0 ? 0 : Math.max(at + by, 0)];
    if (next) show(next.id);
    else more?.();
  };
  /** Show the one behind a draft that was just decided; the last one stays, with what came of it. */
  const goOn = (id: string) => {
    const at = items.findIndex((item) => item.id === id);
    const next = at < 0 ? undefined : (items[at + 1] ?? items[at - 1]);
    if (wide) show(next?.id ?? id);
    else show(undefined);
  };
  // What is read stays open until its reader leaves it: another text slipped under the hand that
  // is about to approve would be approved unread.
  const first = items[0]?.id;
  const showFirst = useEffectEvent(() => show(first));
  useEffect(() => {
    if (wide && !open && first) showFirst();
  }, [wide, open, first]);
  useShortcuts([
    { keys: "j", does: "Next draft", run: () => step(1) },
    { keys: "k", does: "Previous draft", run: () => step(-1) },
  ]);
  if (items.length === 0 && !open) return <NothingWaits />;
  return (
    <div className={styles.desk} data-open={open ? "" : undefined}>
      {wide || !open ? <Queue items={items} open={open} more={more} /> : null}
      {open ? <DraftPane key={open} id={open} onDecided={() => goOn(open)} /> : null}
    </div>
  );
}

function NothingWaits() {
  return (
    <Empty title="No draft waits for you">
      <p>
        Drafts appear here, oldest first, as soon as an agent has written one. Nothing is sent
        before somebody has read and approved it.
      </p>
    </Empty>
  );
}
