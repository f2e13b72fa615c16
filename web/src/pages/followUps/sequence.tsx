/** Sequence: how it went so far: what was sent, what came back, what was skipped and why. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { placeOf } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import type { OpenStep } from "./step";
import styles from "./step.module.css";

const REPLIES = graphql(`
  query Answers($contactId: ID!) {
    replies(contactId: $contactId, first: 20) {
      nodes { id subject text kind receivedAt }
    }
  }
`);
const TOPICS = ["reply", "inbound_email", "contact"];

type Mail = NonNullable<OpenStep["task"]["sentEmail"]>;
type Step = OpenStep["task"]["followUps"][number];
type Reply = ResultOf<typeof REPLIES>["replies"]["nodes"][number];

interface Moment {
  id: string;
  at: string;
  shown: ReactNode;
}

export function Sequence({ step: { id, contact, task } }: { step: OpenStep }) {
  const { data } = useLive(REPLIES, { contactId: contact.id }, TOPICS);
  const first = task.sentEmail;
  // What they wrote before this task is no part of it.
  const replies = data?.replies.nodes.filter(
    ({ receivedAt }) => Date.parse(receivedAt) >= Date.parse(task.createdAt),
  );
  const moments: Moment[] = [
    ...(first ? [{ id: first.id, at: timeOf(first), shown: <First mail={first} /> }] : []),
    ...task.followUps.map((each) => ({
      id: each.id,
      at: each.sentEmail ? timeOf(each.sentEmail) : (each.executedAt ?? each.dueAt),
      shown: <Each step={each} open={each.id === id} />,
    })),
    ...(replies ?? []).map((reply) => ({
      id: reply.id,
      at: reply.receivedAt,
      shown: <Came reply={reply} />,
    })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <section className={styles.block} aria-label="The sequence">
      <h3>The sequence</h3>
      <ol className={styles.list}>
        {moments.map((moment) => (
          <li key={moment.id} data-open={moment.id === id || undefined}>
            {moment.shown}
          </li>
        ))}
      </ol>
    </section>
  );
}

function timeOf({ sentAt, createdAt }: Mail): string {
  return sentAt ?? createdAt;
}

function First({ mail }: { mail: Mail }) {
  return (
    <>
      <span className={styles.line}>
        First mail <StateBadge state={mail.status} />
        <span className="quiet small">
          <Time at={timeOf(mail)} />
        </span>
      </span>
      <Letter title={mail.subject} text={mail.body} />
    </>
  );
}

function Each({ step, open }: { step: Step; open: boolean }) {
  const { id, sentEmail, status, reason, dueAt } = step;
  const name = `Follow-up ${step.step}`;
  return (
    <>
      <span className={styles.line}>
        {open ? <strong>{name}</strong> : <Link href={placeOf("FollowUp", id)}>{name}</Link>}
        <StateBadge state={status} />
        <span className="quiet small">
          {sentEmail ? <Time at={timeOf(sentEmail)} /> : null}
          {sentEmail ? null : (
            <>
              due <Time at={dueAt} />
            </>
          )}
        </span>
      </span>
      {reason ? (
        <span className="small">
          <Statement text={reason} />
        </span>
      ) : null}
      {sentEmail ? <Letter title={sentEmail.subject} text={sentEmail.body} /> : null}
    </>
  );
}

function Came({ reply: { subject, text, kind, receivedAt } }: { reply: Reply }) {
  return (
    <>
      <span className={styles.line}>
        They wrote <StateBadge state={kind} />
        <span className="quiet small">
          <Time at={receivedAt} />
        </span>
      </span>
      <Letter title={subject || "Without a subject"} text={text} />
    </>
  );
}

function Letter({ title, text }: { title: string; text: string }) {
  return (
    <details className="small">
      <summary>{title}</summary>
      <p className={styles.words}>{text}</p>
    </details>
  );
}
