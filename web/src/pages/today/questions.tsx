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
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { type Page, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import styles from "./cards.module.css";

const QUESTIONS = graphql(`
  query Questions($last: Int!, $before: String) {
    escalations(last: $last, before: $before) {
      nodes {
        id kind reason createdAt
        contact { id name email company }
        task { id instruction }
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

type Question = ResultOf<typeof QUESTIONS>["escalations"]["nodes"][number];
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

function read({ escalations: { nodes, pageInfo } }: ResultOf<typeof QUESTIONS>): Page<Question> {
  return {
    items: nodes.toReversed(),
    next: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
  };
}

export function Questions() {
  const list = usePages(QUESTIONS, (before) => ({ last: 25, before }), read, TOPICS);
  return (
    <Loaded data={list.items} error={list.error} retry={list.retry} of="the questions">
      {(items) =>
        items.length === 0 ? (
          <Empty title="No question is open">
            <p>
              When a mail's outcome is unknown, nobody answers, or an agent does not know how to go
              on, it is asked here.
            </p>
          </Empty>
        ) : (
          <div className={styles.cards}>
            <ol>
              {items.map((item) => (
                <li key={item.id}>
                  <Card question={item} />
                </li>
              ))}
            </ol>
            {list.more ? <Button onClick={list.more}>Show more</Button> : null}
          </div>
        )
      }
    </Loaded>
  );
}

function Card({ question }: { question: Question }) {
  const { kind, reason, createdAt, contact, task, sentEmail } = question;
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
          reason
        )}
      </h2>
      {contact ? <p>{reason}</p> : null}
      {task ? (
        <p className="quiet small">
          Task: {task.instruction} <Link href={placeOf("Task", task.id)}>Its conversation</Link>
        </p>
      ) : null}
      {sentEmail ? (
        <details>
          <summary>The mail: {sentEmail.subject}</summary>
          <p className={styles.words}>{sentEmail.body}</p>
        </details>
      ) : null}
      <Answer question={question} />
    </article>
  );
}

function Answer({ question }: { question: Question }) {
  const [note, setNote] = useState("");
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
    if (await perform(RESOLVE, { input })) toast(`Settled: ${label.toLowerCase()}.`);
  };
  return (
    <div className={styles.answer}>
      <div>
        <label htmlFor={field}>Note, for the record</label>
        <input
          id={field}
          maxLength={1000}
          value={note}
          onChange={({ target }) => setNote(target.value)}
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
