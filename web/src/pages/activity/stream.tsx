/** Stream: the rows of a feed, how many more wait above them, and the way to older ones. */

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Link } from "wouter";
import { nameOf, useTeam } from "../../team";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { useRows } from "../../ui/rows";
import { useStale } from "../../useLive";
import { Feed, type Filter, type Shown } from "./feed";
import { Row } from "./row";
import styles from "./stream.module.css";
import { addressOf } from "./wanted";

interface Props {
  filter: Filter;
  before: string | null;
}

export function Stream({ filter, before }: Props) {
  const [feed] = useState(() => new Feed(filter, before));
  const shown = useSyncExternalStore(feed.watch, feed.shown);
  const list = useRef<HTMLOListElement>(null);
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => feed.open(), [feed]);
  useStale(["*"], () => feed.hint());
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      feed.seeTop(entries.at(-1)?.isIntersecting ?? true);
    });
    if (top.current) seen.observe(top.current);
    return () => seen.disconnect();
  }, [feed]);
  useRows(list, "event");
  const team = useTeam();
  return (
    <div className={styles.stream} data-heard={shown.heard}>
      <div ref={top} className={styles.top} />
      <Above {...shown} live={before === null} filter={filter} onShow={() => goTo(top.current)} />
      <Loaded data={shown.rows} error={shown.error} retry={feed.load} of="what happened">
        {(rows) =>
          rows.length === 0 ? (
            <Nothing filtered={Object.keys(filter).length > 0} />
          ) : (
            <>
              <ol ref={list} aria-label="Events, the newest first">
                {rows.map((row) => (
                  <Row key={row.id} event={row} by={nameOf(team, row.actor)} />
                ))}
              </ol>
              {shown.hasOlder ? (
                <Link className={styles.older} href={addressOf(filter, rows.at(-1)?.id)}>
                  Older
                </Link>
              ) : null}
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function goTo(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "start" });
}

interface AboveProps extends Shown {
  live: boolean;
  filter: Filter;
  onShow: () => void;
}

/** What is above the rows: newer events, or how many have come since. */
function Above({ live, heard, waiting, filter, onShow }: AboveProps) {
  if (!live) {
    return (
      <p className={styles.above}>
        <Link href={addressOf(filter)}>Back to the newest</Link>
      </p>
    );
  }
  if (waiting > 0) {
    return (
      <p className={styles.waiting}>
        <Button kind="primary" onClick={onShow}>
          {waiting} new
        </Button>
      </p>
    );
  }
  return heard > 0 ? (
    <p className={`${styles.above} quiet small number`}>{heard} came since you opened this page</p>
  ) : null;
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="Nothing that happened is like this">
      <Link href="/activity">Show all</Link>
    </Empty>
  ) : (
    <Empty title="Nothing has happened yet">
      <p>Whatever people and agents do appears here, the newest first.</p>
    </Empty>
  );
}
