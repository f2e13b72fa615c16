/** Queue: the drafts that wait, one row each. */

import { memo, useEffect, useRef } from "react";
import { Link } from "wouter";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { stateOf } from "../../ui/states";
import { Time } from "../../ui/time";
import type { Waiting } from "./drafts";
import { draftAddress } from "./open";
import styles from "./queue.module.css";

interface Props {
  items: Waiting[];
  open: string | null;
  more: (() => void) | undefined;
}

export function Queue({ items, open, more }: Props) {
  const list = useRef<HTMLOListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is open
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [open]);
  return (
    <section className={styles.queue} aria-label="Drafts that wait">
      <ol ref={list}>
        {items.map((item) => (
          <li key={item.id}>
            <Row item={item} open={item.id === open} />
          </li>
        ))}
      </ol>
      {more ? (
        <Button kind="bare" className={styles.more ?? ""} onClick={more}>
          Show more
        </Button>
      ) : null}
    </section>
  );
}

interface RowProps {
  item: Waiting;
  open: boolean;
}

/** Remembered: of a long queue only those rows are drawn that changed. */
const Row = memo(function Row({ item, open }: RowProps) {
  const { contact, priority } = item.task;
  return (
    <Link
      href={draftAddress(item.id)}
      replace
      aria-current={open || undefined}
      className={styles.row}
    >
      <span className={styles.top}>
        <strong>{contact?.name ?? item.to}</strong>
        <span className="quiet small">
          <Time at={item.createdAt} />
        </span>
      </span>
      <span className={styles.subject}>{item.subject}</span>
      <span className={styles.notes}>
        <span className="quiet small">
          {item.followUp ? `Follow-up ${item.followUp.step}` : "First mail"}
          {item.version > 1 ? `, version ${item.version}` : ""}
          {contact?.company ? ` · ${contact.company}` : ""}
        </span>
        {item.unsupported > 0 ? (
          <Badge tone="wait">{`${item.unsupported} unsupported`}</Badge>
        ) : null}
        {item.stale.length > 0 ? <Badge tone="wait">Stale</Badge> : null}
        {priority === "URGENT" || priority === "HIGH" ? (
          <Badge tone={stateOf(priority).tone}>{stateOf(priority).label}</Badge>
        ) : null}
      </span>
    </Link>
  );
});
