/** Figures: what lies in front of an agent and what it has done, in numbers. */

import { Link } from "wouter";
import { Time } from "../../ui/time";
import styles from "./agent.module.css";
import type { TeamMember } from "./agents";

/** "340 ms", "2.4 s". */
function lasting(ms: number | null): string {
  if (ms === null) return "–";
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

export function Figures({ agent: { mailbox, metrics } }: { agent: TeamMember }) {
  return (
    <dl className={styles.figures} aria-label="In numbers">
      <div>
        {mailbox.oldestReadyAt ? (
          <dd className={styles.note}>
            the oldest <Time at={mailbox.oldestReadyAt} />
          </dd>
        ) : null}
        <dd>{mailbox.ready}</dd>
        <dt>In its mailbox</dt>
      </div>
      <div>
        {mailbox.dead > 0 ? (
          <dd className={styles.note}>
            <Link href="/system">see to them</Link>
          </dd>
        ) : null}
        <dd>{mailbox.dead}</dd>
        <dt>Dead letters</dt>
      </div>
      <Figure of="Open tasks" is={metrics.tasksOpen} />
      <Figure of="Awaiting approval" is={metrics.awaitingApproval} />
      <Figure of="Completed" is={metrics.tasksCompleted} />
      <Figure of="Failed" is={metrics.tasksFailed} />
      <Figure of="Mails sent" is={metrics.emailsSent} />
      <Figure of="Median turn" is={lasting(metrics.medianTurnMs)} />
    </dl>
  );
}

function Figure({ of, is }: { of: string; is: number | string }) {
  return (
    <div>
      <dd>{is}</dd>
      <dt>{of}</dt>
    </div>
  );
}
