/** StepPane: one follow-up, whole: when it is due and by whose clock, what is in its way, its text. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { placeOf } from "../../places";
import { Signed } from "../../signed";
import { Badge, StateBadge } from "../../ui/badge";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { Moment } from "../../ui/moment";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import { useMayWork, useViewer } from "../../viewer";
import { WhyNot } from "../../whyNot";
import { Acts } from "./acts";
import { Sequence } from "./sequence";
import styles from "./step.module.css";
import { TOPICS } from "./views";

const STEP = graphql(`
  query Step($id: ID!) {
    node(id: $id) {
      ... on FollowUp {
        id step maxSteps status reason dueAt timezone timezoneSource calendar skippedDays
        overdue pausedAt pausedBy
        contact { id name email company status }
        draft { id version status subject body }
        task {
          id instruction createdAt
          sentEmail { id subject body status createdAt sentAt }
          followUps {
            id step status reason dueAt executedAt
            sentEmail { id subject body status createdAt sentAt }
          }
        }
      }
    }
  }
`);

export type OpenStep = Extract<NonNullable<ResultOf<typeof STEP>["node"]>, { maxSteps: number }>;

/** States in which something may still be in its way. */
const OVER = new Set<OpenStep["status"]>(["SENT", "SKIPPED", "CANCELLED"]);

export function StepPane({ id }: { id: string }) {
  const answer = useLive(STEP, { id }, TOPICS);
  return (
    <article className={styles.pane} aria-label="The open follow-up">
      <Loaded {...answer} of="the follow-up">
        {({ node }) =>
          node && "maxSteps" in node ? (
            <Whole step={node} />
          ) : (
            <Empty title="There is no such follow-up">
              <p>It may have been of another workspace.</p>
            </Empty>
          )
        }
      </Loaded>
    </article>
  );
}

function Whole({ step }: { step: OpenStep }) {
  const mayWork = useMayWork();
  const { contact, task } = step;
  return (
    <>
      <header className={styles.head}>
        <p className={styles.line}>
          <StateBadge state={step.status} />
          {step.overdue ? <Badge tone="bad">Overdue</Badge> : null}
          <span className="quiet small">
            Step {step.step} of {step.maxSteps}
          </span>
        </p>
        <h2>
          <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link>
          {contact.company ? <span className="quiet">, {contact.company}</span> : null}
        </h2>
        <p>
          {task.instruction}{" "}
          <Link className="small" href={placeOf("Task", task.id)}>
            The conversation
          </Link>
        </p>
      </header>
      {mayWork ? <Acts step={step} /> : null}
      <div className={styles.columns}>
        <div className={styles.column}>
          <When step={step} />
          {OVER.has(step.status) ? null : (
            <section className={styles.block}>
              <h3>In its way</h3>
              <WhyNot id={step.id} />
            </section>
          )}
          <Text step={step} />
        </div>
        <Sequence step={step} />
      </div>
    </>
  );
}

function When({ step }: { step: OpenStep }) {
  const zone = useViewer().workspace.timezone;
  const { dueAt, timezone, timezoneSource, calendar, skippedDays, reason, pausedAt } = step;
  return (
    <dl className={styles.facts}>
      <Fact name="Due">
        <Moment at={dueAt} zone={zone} named />{" "}
        <span className="quiet">
          (<Time at={dueAt} />)
        </span>
      </Fact>
      {timezone === zone ? null : (
        <Fact name="For them">
          <Moment at={dueAt} zone={timezone} named />
        </Fact>
      )}
      <Fact name="Clock">the {timezoneSource}'s</Fact>
      {calendar ? <Fact name="Holidays">{calendar}</Fact> : null}
      {skippedDays.length > 0 ? <Fact name="Skipped">{skippedDays.join("; ")}</Fact> : null}
      {pausedAt ? (
        <Fact name="Paused">
          by <Signed by={step.pausedBy ?? "system"} />, <Time at={pausedAt} />
        </Fact>
      ) : null}
      {reason ? (
        <Fact name="Reason">
          <Statement text={reason} />
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Text({ step: { draft, status } }: { step: OpenStep }) {
  if (!draft || status === "SENT") return null;
  return (
    <section className={styles.block}>
      <h3>
        Its text, version {draft.version} <StateBadge state={draft.status} />
      </h3>
      {draft.status === "PENDING" ? (
        <p>
          <Link href={placeOf("Draft", draft.id)}>Decide on it</Link>
        </p>
      ) : null}
      <p>
        <strong>{draft.subject}</strong>
      </p>
      <p className={styles.words}>{draft.body}</p>
    </section>
  );
}
