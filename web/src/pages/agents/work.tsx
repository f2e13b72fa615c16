/** Work: what an agent has on its desk, what it did last, and what went wrong. */

import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { activityOf } from "../../places";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import styles from "./agent.module.css";
import type { TeamMember } from "./agents";
import { NextSteps, OpenFindings } from "./found";
import { TaskRow } from "./task";
import tasks from "./task.module.css";
import { Throughput } from "./throughput";

const WORK = graphql(`
  query Work($agentId: ID!, $actor: String!) {
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
    latest: events(last: 6, filter: { actor: $actor }) { nodes { id at summary } }
  }
`);
const TOPICS = ["*"];

export type AgentTask = ResultOf<typeof WORK>["open"]["nodes"][number];

export function Work({ agent }: { agent: TeamMember }) {
  const answer = useLive(WORK, { agentId: agent.id, actor: actorOf(agent) }, TOPICS);
  return (
    <div className={styles.stack}>
      <Throughput agent={agent} />
      <Loaded {...answer} of="its work">
        {({ open, failed, crash, latest }) => (
          <>
            {agent.status === "FAILED" ? <Crash of={crash.nodes[0]} /> : null}
            <Desk agent={agent} tasks={open} />
            {failed.nodes.length > 0 ? <Tasks title="Failed" list={failed} none="" /> : null}
            <Latest agent={agent} events={latest.nodes.toReversed()} />
          </>
        )}
      </Loaded>
    </div>
  );
}

/** How an agent signs what it does. */
function actorOf({ kind }: TeamMember): string {
  return kind.toLowerCase();
}

/** Who is given no tasks finds work by itself. */
function Desk({ agent, tasks }: { agent: TeamMember; tasks: TasksProps["list"] }) {
  if (agent.kind === "FOLLOW_UP") return <NextSteps />;
  if (agent.kind === "PLANNING") return <OpenFindings />;
  return <Tasks title="On its desk" list={tasks} none="Nothing: it waits for work." />;
}

function Crash({ of }: { of: { at: string; summary: string } | undefined }) {
  return (
    <p className={styles.warning}>
      It crashed too often and waits for an owner to resume it.
      {of ? (
        <>
          {" "}
          <Statement text={of.summary} /> <Time at={of.at} />
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
  const all = activityOf("actor", actorOf(agent));
  return (
    <section className={styles.block}>
      <h3>What it did last</h3>
      {events.length === 0 ? <p className="quiet">Nothing yet.</p> : null}
      <ol className={tasks.events}>
        {events.map(({ id, at, summary }) => (
          <li key={id}>
            <Statement text={summary} />{" "}
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
