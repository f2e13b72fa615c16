/** TaskRow: one task of an agent: about whom, how far, and what went wrong if something did. */

import { Link } from "wouter";
import { activityOf, placeOf } from "../../places";
import { TaskError } from "../../taskError";
import { Badge, StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { stateOf } from "../../ui/states";
import { Time } from "../../ui/time";
import { useMayWork } from "../../viewer";
import { retry } from "./acts";
import styles from "./task.module.css";
import type { AgentTask } from "./work";

export function TaskRow({ task }: { task: AgentTask }) {
  const mayWork = useMayWork();
  const { id, instruction, status, priority, updatedAt, contact, error, queuedAfter } = task;
  const stopped = status === "FAILED" || status === "BLOCKED";
  return (
    <li className={styles.task}>
      <p className={styles.top}>
        <StateBadge state={status} />
        {priority === "NORMAL" ? null : (
          <Badge tone={stateOf(priority).tone}>{stateOf(priority).label}</Badge>
        )}
        <strong>
          {contact ? <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link> : null}
        </strong>
        <span className="quiet small">
          <Time at={updatedAt} />
        </span>
      </p>
      <p className={styles.instruction}>{instruction}</p>
      {queuedAfter && status === "QUEUED" ? (
        <p className="quiet small">Waits until another task with this contact is over.</p>
      ) : null}
      <TaskError error={error} className={styles.error} />
      <p className={styles.acts}>
        {stopped && mayWork ? <Button onClick={() => retry(id)}>Try again</Button> : null}
        <Link href={placeOf("Task", id)} className="small">
          Its conversation
        </Link>
        <Link href={activityOf("taskId", id)} className="small">
          What happened to it
        </Link>
      </p>
    </li>
  );
}
