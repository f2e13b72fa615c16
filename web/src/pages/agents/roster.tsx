/** Roster: the team, a row each: how it is, and what waits for it. */

import { Link } from "wouter";
import { placeOfAgent } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Time } from "../../ui/time";
import type { TeamMember } from "./agents";
import styles from "./roster.module.css";

interface Props {
  agents: TeamMember[];
  open: string | undefined;
}

export function Roster({ agents, open }: Props) {
  return (
    <nav className={styles.roster} aria-label="The team">
      <ul>
        {agents.map((agent) => (
          <li key={agent.id}>
            <Row agent={agent} open={agent.id === open} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Row({ agent, open }: { agent: TeamMember; open: boolean }) {
  const { kind, name, status, mailbox, metrics, lastActiveAt } = agent;
  return (
    <Link href={placeOfAgent(kind)} aria-current={open ? "page" : undefined} className={styles.row}>
      <span className={styles.top}>
        <strong>{name}</strong>
        <StateBadge state={status} />
      </span>
      <span className="quiet small">
        {metrics.tasksOpen} open {metrics.tasksOpen === 1 ? "task" : "tasks"} · {mailbox.ready} in
        its mailbox
        {mailbox.dead > 0 ? ` · ${mailbox.dead} dead` : ""}
      </span>
      <span className="quiet small">
        {lastActiveAt ? (
          <>
            Last at work <Time at={lastActiveAt} />
          </>
        ) : (
          "Not at work yet"
        )}
      </span>
    </Link>
  );
}
