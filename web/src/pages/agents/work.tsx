/** Work: what an agent has on its desk, what it did last, and what went wrong. */

import { Link } from "wouter";
import { activityAddress } from "../../addresses";
import { graphql, type ResultOf } from "../../graphql";
import { Loaded } from "../../ui/loaded";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import styles from "./agent.module.css";
import type { TeamMember } from "./agents";
import { TaskRow } from "./task";
import tasks from "./task.module.css";

const WORK = graphql(`
  query Work($agentId: ID!) {
    open: tasks(
      first: 15
      filter: { agentId: $agentId, status: [QUEUED, WORKING, AWAITING_APPROVAL, SENDING, BLOCKED] }
    ) {
      totalCount
      nodes {
        id instruction status priority updatedAt
        contact { id name } error { message retryAt } queuedAfter { id }
      }
    }
    failed: tasks(first: 10, filter: { agentId: $agentId, status: [FAILED] }) {
      totalCount
      nodes {
        id instruction status priority updatedAt
        contact { id name } error { message retryAt } queuedAfter { id }
      }
    }
    crash: events(last: 1, filter: { agentId: $agentId, type: ["agent.failed"] }) {
      nodes { id at summary }
    }
    latest: events(last: 6, filter: { agentId: $agentId }) { nodes { id at summary } }
  }
`);
const TOPICS = ["*"];

export type AgentTask = ResultOf<typeof WORK>["open"]["nodes"][number];

export function Work({ agent }: { agent: TeamMember }) {
  const answer = useLive(WORK, { agentId: agent.id }, TOPICS);
  return (
    <div className={styles.stack}>
      <Loaded {...answer} of="its work">
        {({ open, failed, crash, latest }) => (
          <>
            {agent.status === "FAILED" ? <Crash of={crash.nodes[0]} /> : null}
            <Tasks title="On its desk" list={open} none="Nothing: it waits for work." />
            {failed.nodes.length > 0 ? <Tasks title="Failed" list={failed} none="" /> : null}
            <Latest agent={agent} events={latest.nodes.toReversed()} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Crash({ of }: { of: { at: string; summary: string } | undefined }) {
  return (
    <p className={styles.warning}>
      It crashed too often and waits for an owner to resume it.
      {of ? (
        <>
          {" "}
          {of.summary} <Time at={of.at} />
        </>
      ) : null}
    </p>
  );
}

interface TasksProps {
  title: string;
  list: { totalCount: number; nodes: AgentTask[] };
  none: string;
}

function Tasks({ title, list: { totalCount, nodes }, none }: TasksProps) {
  const others = totalCount - nodes.length;
  return (
    <section className={styles.block}>
      <h3>{title}</h3>
      {nodes.length === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        <ul className={tasks.list}>
          {nodes.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      )}
      {others > 0 ? <p className="quiet small">and {others} older ones</p> : null}
    </section>
  );
}

interface LatestProps {
  agent: TeamMember;
  events: { id: string; at: string; summary: string }[];
}

function Latest({ agent, events }: LatestProps) {
  const all = activityAddress("agentId", agent.id);
  return (
    <section className={styles.block}>
      <h3>Latest</h3>
      {events.length === 0 ? <p className="quiet">Nothing has happened yet.</p> : null}
      <ol className={tasks.events}>
        {events.map(({ id, at, summary }) => (
          <li key={id}>
            {summary}{" "}
            <span className="quiet small">
              <Time at={at} />
            </span>
          </li>
        ))}
      </ol>
      {all ? <Link href={all}>All its activity</Link> : null}
    </section>
  );
}
