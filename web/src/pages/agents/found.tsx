/** Found: the work of those who are given no tasks: the next follow-ups, the open findings. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import { graphql } from "../../graphql";
import { placeOf } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import styles from "./agent.module.css";
import list from "./task.module.css";

const STEPS = graphql(`
  query NextSteps {
    followUps(
      first: 8
      filter: { status: [SCHEDULED, DRAFTING, AWAITING_APPROVAL, SENDING, BLOCKED, FAILED, UNKNOWN] }
    ) {
      totalCount
      nodes { id step maxSteps dueAt status contact { id name } }
    }
  }
`);
const FINDINGS = graphql(`
  query OpenFindings {
    recommendations(first: 8, status: [OPEN]) {
      totalCount
      nodes { id title why status createdAt contact { id name } }
    }
  }
`);

export function NextSteps() {
  const answer = useLive(STEPS, {}, ["follow_up", "task", "email", "contact"]);
  return (
    <Loaded {...answer} of="the next follow-ups">
      {({ followUps: { nodes, totalCount } }) => (
        <Found title="Its next follow-ups" none="No follow-up is planned." total={totalCount}>
          {nodes.map(({ id, step, maxSteps, dueAt, status, contact }) => (
            <Row key={id} state={status} contact={contact} at={dueAt}>
              Follow-up {step} of {maxSteps}
            </Row>
          ))}
        </Found>
      )}
    </Loaded>
  );
}

export function OpenFindings() {
  const answer = useLive(FINDINGS, {}, ["recommendation", "opportunity"]);
  return (
    <Loaded {...answer} of="its findings">
      {({ recommendations: { nodes, totalCount } }) => (
        <Found title="Its open findings" none="No opportunity wants attention." total={totalCount}>
          {nodes.map(({ id, title, why, status, createdAt, contact }) => (
            <Row key={id} state={status} contact={contact} at={createdAt}>
              {title}. <Statement text={why} />
            </Row>
          ))}
        </Found>
      )}
    </Loaded>
  );
}

interface FoundProps {
  title: string;
  none: string;
  total: number;
  children: ReactNode[];
}

function Found({ title, none, total, children }: FoundProps) {
  const others = total - children.length;
  return (
    <section className={styles.block}>
      <h3>{title}</h3>
      {total === 0 ? <p className="quiet">{none}</p> : <ul className={list.list}>{children}</ul>}
      {others > 0 ? <p className="quiet small">and {others} more</p> : null}
    </section>
  );
}

interface RowProps {
  state: string;
  contact: { id: string; name: string } | null;
  at: string;
  children: ReactNode;
}

function Row({ state, contact, at, children }: RowProps) {
  return (
    <li className={list.task}>
      <p className={list.top}>
        <StateBadge state={state} />
        <strong>
          {contact ? <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link> : null}
        </strong>
        <span className="quiet small">
          <Time at={at} />
        </span>
      </p>
      <p>{children}</p>
    </li>
  );
}
