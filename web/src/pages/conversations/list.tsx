/** List: the tasks that were spoken about, the last one first, each with what was said last. */

import { Link } from "wouter";
import { type Member, speakerOf, useTeam } from "../../team";
import { Badge, StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import styles from "../../ui/desk.module.css";
import { Time } from "../../ui/time";
import type { Latest } from "./conversations";

type Task = NonNullable<Latest["task"]>;

export interface Summary {
  task: Task;
  last: Latest;
  dead: number;
  retrying: boolean;
}

/** Return one summary for each task, from messages that are the newest first. */
export function threads(messages: readonly Latest[]): Summary[] {
  const found = new Map<string, Summary>();
  for (const message of messages) {
    const { task, status, attempts } = message;
    if (!task) continue; // what is about no task is no conversation
    const summary = found.get(task.id) ?? { task, last: message, dead: 0, retrying: false };
    if (status === "DEAD") summary.dead += 1;
    if (status === "READY" && attempts > 0) summary.retrying = true;
    found.set(task.id, summary);
  }
  return [...found.values()];
}

interface Props {
  threads: readonly Summary[];
  open: string | undefined;
  address: (taskId: string) => string;
  more: (() => void) | undefined;
}

export function List({ threads, open, address, more }: Props) {
  const team = useTeam();
  return (
    <>
      <ol>
        {threads.map((thread) => (
          <li key={thread.task.id}>
            <Row
              thread={thread}
              team={team}
              open={thread.task.id === open}
              address={address(thread.task.id)}
            />
          </li>
        ))}
      </ol>
      {more ? (
        <Button kind="bare" className={styles.more ?? ""} onClick={more}>
          Show more
        </Button>
      ) : null}
    </>
  );
}

interface RowProps {
  thread: Summary;
  team: readonly Member[];
  open: boolean;
  address: string;
}

function Row({ thread: { task, last, dead, retrying }, team, open, address }: RowProps) {
  return (
    <Link href={address} replace aria-current={open || undefined} className={styles.row}>
      <span className={styles.line}>
        <strong>{task.contact?.name ?? task.instruction}</strong>
        <span className="quiet small">
          <Time at={last.sentAt} />
        </span>
      </span>
      <span className={styles.cut}>
        <span className="quiet">{speakerOf(team, last)}:</span> {last.text}
      </span>
      <span className={styles.line}>
        <span className="quiet small">{task.contact?.company ?? task.agent.name}</span>
        {dead > 0 ? (
          <Badge tone="bad">{dead === 1 ? "Dead letter" : `${dead} dead letters`}</Badge>
        ) : retrying ? (
          <Badge tone="wait">Tried again</Badge>
        ) : (
          <StateBadge state={task.status} />
        )}
      </span>
    </Link>
  );
}
