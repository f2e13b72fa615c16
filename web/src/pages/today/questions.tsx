/** Questions: what agents may not decide, each settled once by a person. */

import { useState } from "react";
import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { perform } from "../../perform";
import { placeOf } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { type Page, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import styles from "./cards.module.css";
import { Overtaken } from "./overtaken";

const QUESTIONS = graphql(`
  query Questions($last: Int!, $before: String) {
    escalations(last: $last, before: $before) {
      nodes {
        id kind reason createdAt
        contact { id name email company }
        task { id instruction followUps { id step status } }
        sentEmail { id subject body status createdAt }
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);
const RESOLVE = graphql(`
  mutation Resolve($input: ResolveEscalationInput!) {
    payload: resolveEscalation(input: $input) {
      escalation { id resolution }
      userErrors { code message }
    }
  }
`);
const TOPICS = ["escalation", "task", "email"];

export type Question = ResultOf<typeof QUESTIONS>["escalations"]["nodes"][number];
interface Noted {
  question: Question;
  note: string;
}
type Action = "SENT" | "NOT_SENT" | "EXTEND" | "CLOSE";

/** What settles which, in the order it is offered. */
const ANSWERS: Readonly<Record<Question["kind"], readonly (readonly [Action, string])[]>> = {
  OUTCOME_UNKNOWN: [
    ["SENT", "It was sent"],
    ["NOT_SENT", "It was not sent"],
  ],
  NO_ANSWER: [
    ["CLOSE", "Close"],
    ["EXTEND", "Write once more"],
  ],
  QUESTION: [["CLOSE", "Close"]],
  AGENT_FAILED: [["CLOSE", "Close"]],
};

/** Steps that go on only when somebody has them go on. */
const STOPPED = new Set(["BLOCKED", "FAILED", "PAUSED"]);

function read({ escalations: { nodes, pageInfo } }: ResultOf<typeof QUESTIONS>): Page<Question> {
  return {
    items: nodes.toReversed(),
    next: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
  };
}

export function Questions() {
  const list = usePages(QUESTIONS, (before) => ({ last: 25, before }), read, TOPICS);
  const [notes, setNotes] = useState<ReadonlyMap<string, Noted>>(new Map());
  const write = (question: Question, note: string) =>
    setNotes((all) => new Map(all).set(question.id, { question, note }));
  return (
    <Loaded data={list.items} error={list.error} retry={list.retry} of="the questions">
      {(items) => {
        const open = new Set(items.map(({ id }) => id));
        const overtaken = [...notes.values()].filter(
          ({ question, note }) => note.trim() && !open.has(question.id),
        );
        if (items.length === 0 && overtaken.length === 0) return <None />;
        return (
          <div className={styles.cards}>
            <ol>
              {overtaken.map(({ question, note }) => (
                <li key={question.id}>
                  <Overtaken question={question} note={note} onDone={() => write(question, "")} />
                </li>
              ))}
              {items.map((item) => (
                <li key={item.id}>
                  <Card
                    question={item}
                    note={notes.get(item.id)?.note ?? ""}
                    onNote={(note) => write(item, note)}
                  />
                </li>
              ))}
            </ol>
            {list.more ? <Button onClick={list.more}>Show more</Button> : null}
          </div>
        );
      }}
    </Loaded>
  );
}

function None() {
  return (
    <Empty title="No question is open">
      <p>
        When a mail's outcome is unknown, nobody answers, or an agent does not know how to go on, it
        is asked here.
      </p>
    </Empty>
  );
}

interface CardProps {
  question: Question;
  note: string;
  onNote: (note: string) => void;
}

function Card({ question, note, onNote }: CardProps) {
  const { kind, reason, createdAt, contact, task, sentEmail } = question;
  const stopped = task?.followUps.find(({ status }) => STOPPED.has(status));
  return (
    <article className={styles.card}>
      <header>
        <StateBadge state={kind} />
        <span className="quiet small">
          <Time at={createdAt} />
        </span>
      </header>
      <h2>
        {contact ? (
          <>
            <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link>
            {contact.company ? `, ${contact.company}` : ""}
          </>
        ) : (
          <Statement text={reason} />
        )}
      </h2>
      {contact ? (
        <p>
          <Statement text={reason} />
        </p>
      ) : null}
      {task ? (
        <p className="quiet small">
          Task: {task.instruction} <Link href={placeOf("Task", task.id)}>Its conversation</Link>
        </p>
      ) : null}
      {stopped ? (
        <p>
          <Link href={placeOf("FollowUp", stopped.id)}>See to follow-up {stopped.step}</Link>
        </p>
      ) : null}
      {sentEmail ? (
        <details>
          <summary>The mail: {sentEmail.subject}</summary>
          <p className={styles.words}>{sentEmail.body}</p>
        </details>
      ) : null}
      <Answer question={question} note={note} onNote={onNote} />
    </article>
  );
}

function Answer({ question, note, onNote }: CardProps) {
  const mayWork = useMayWork();
  if (!mayWork) return null;
  const field = `note-${question.id}`;
  const settle = async (action: Action, label: string) => {
    const input = {
      escalationId: question.id,
      action,
      note: note || null,
      steps: action === "EXTEND" ? 1 : null,
    };
    if (!(await perform(RESOLVE, { input }))) return;
    onNote("");
    toast(`Settled: ${label.toLowerCase()}.`);
  };
  return (
    <div className={styles.answer}>
      <div>
        <label htmlFor={field}>Note, for the record</label>
        <input
          id={field}
          maxLength={1000}
          value={note}
          onChange={({ target }) => onNote(target.value)}
        />
      </div>
      {ANSWERS[question.kind].map(([action, label]) => (
        <Button key={action} onClick={() => settle(action, label)}>
          {label}
        </Button>
      ))}
    </div>
  );
}
