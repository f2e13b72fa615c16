/** Work: the tasks for a deal, the newest first, and why their agents were chosen. */

import { Link } from "wouter";
import { graphql } from "../../graphql";
import { placeOf } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import type { OpenDeal } from "./deal";
import styles from "./deal.module.css";

const DELEGATIONS = graphql(`
  query Delegations($contactId: ID!) {
    events(filter: { type: ["opportunity.delegated"], contactId: $contactId }, last: 50) {
      nodes { id data task { id } }
    }
  }
`);
const TOPICS = ["opportunity", "task"];

/** Return why an agent was chosen, as the event of a delegation says. */
export function whyOf(data: unknown): string | undefined {
  const why = data && typeof data === "object" && "why" in data ? data.why : undefined;
  return typeof why === "string" ? why : undefined;
}

export function Work({ deal }: { deal: OpenDeal }) {
  if (!deal.contact || deal.tasks.length === 0) return null;
  return <Tasks tasks={deal.tasks} contactId={deal.contact.id} />;
}

function Tasks({ tasks, contactId }: { tasks: OpenDeal["tasks"]; contactId: string }) {
  const { data } = useLive(DELEGATIONS, { contactId }, TOPICS);
  const why = new Map(data?.events.nodes.map((event) => [event.task?.id, whyOf(event.data)]));
  return (
    <section className={styles.block} aria-label="Tasks">
      <h3>Tasks</h3>
      <ol className={styles.list}>
        {tasks.toReversed().map(({ id, agent, instruction, status, createdAt }) => (
          <li key={id}>
            <Link href={placeOf("Task", id)}>{instruction}</Link>
            <span className={styles.line}>
              <StateBadge state={status} />
              <span className="quiet small">
                {agent.name}, <Time at={createdAt} />
              </span>
            </span>
            {why.get(id) ? (
              <p className="quiet small">
                <Statement text={why.get(id) ?? ""} />
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
