/** List: follow-ups as they fall due, day by day. */

import { Fragment } from "react";
import { Link } from "wouter";
import { Badge, StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import desk from "../../ui/desk.module.css";
import { Moment } from "../../ui/moment";
import { useNow } from "../../ui/time";
import { useViewer } from "../../viewer";
import { dayIn, dayInWords } from "../../zone";
import type { Due } from "./followUps";
import styles from "./list.module.css";

interface Props {
  items: readonly Due[];
  open: string | undefined;
  address: (id: string) => string;
  more: (() => void) | undefined;
}

export function List({ items, open, address, more }: Props) {
  const zone = useViewer().workspace.timezone;
  const today = dayIn(useNow(), zone);
  const days = items.map(({ dueAt }) => dayIn(Date.parse(dueAt), zone));
  return (
    <>
      {items.map((item, place) => {
        const day = days[place] ?? "";
        return (
          <Fragment key={item.id}>
            {day === days[place - 1] ? null : (
              <h2 className={styles.day}>
                {dayInWords(day)} {day.slice(0, 4) === today.slice(0, 4) ? "" : day.slice(0, 4)}
                {day === today ? <span className="quiet">Today</span> : null}
              </h2>
            )}
            <Row item={item} zone={zone} open={item.id === open} address={address(item.id)} />
          </Fragment>
        );
      })}
      {more ? (
        <Button kind="bare" className={desk.more ?? ""} onClick={more}>
          Show more
        </Button>
      ) : null}
    </>
  );
}

interface RowProps {
  item: Due;
  zone: string;
  open: boolean;
  address: string;
}

function Row({ item, zone, open, address }: RowProps) {
  const { contact, dueAt, step, maxSteps, status, overdue } = item;
  return (
    <Link href={address} replace aria-current={open || undefined} className={desk.row}>
      <span className={desk.line}>
        <strong>{contact.name}</strong>
        <span className="quiet small">
          <Moment at={dueAt} zone={zone} hourOnly />
        </span>
      </span>
      <span className={desk.line}>
        <span className="quiet small">
          Step {step} of {maxSteps}
          {contact.company ? ` · ${contact.company}` : ""}
        </span>
        {overdue ? <Badge tone="bad">Overdue</Badge> : <StateBadge state={status} />}
      </span>
    </Link>
  );
}
