/** Questions: what agents may not decide, each settled once by a person. */

import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { perform } from "../../perform";
import { placeOf } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { useOnce } from "../../ui/once";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { type Page, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import styles from "./cards.module.css";
import { overtaken, useNotes } from "./notes";
import { Overtaken } from "./overtaken";
import { QUESTIONS, type Question } from "./question";

const RESOLVE = graphql(`
  mutation Resolve($input: ResolveEscalationInput!) {
    payload: resolveEscalation(input: $input) {
      escalation { id resolution }
      userErrors { code message }
    }
  }
`);
const TOPICS = ["escalation", "task", "email"];

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
  const { notes, write, writing } = useNotes();
  return (
    <Loaded data={list.items} error={list.error} retry={list.retry} of="the questions">
      {(items) => {
        const gone = overtaken(notes, items);
        if (items.length === 0 && gone.length === 0) return <None />;
        return (
          <div className={styles.cards}>
            <ol>
              {gone.map(({ question, note }) => (
                <Overtaken
                  key={question.id}
                  question={question}
                  note={note}
                  takesFocus={writing.current === question.id}
                  onDone={() => write(question, "")}
                />
              ))}
              {items.map((item) => (
                <li key={item.id}>
                  <Card
                    question={item}
                    note={notes.get(item.id)?.note ?? ""}
                    onNote={(note, sending) => write(item, note, sending)}
                    onWriting={(is) => {
                      writing.current = is ? item.id : undefined;
                    }}
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
  onNote: (note: string, sending?: boolean) => void;
  onWriting: (is: boolean) => void;
}

function Card({ question, ...written }: CardProps) {
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
      <Answer question={question} {...written} />
    </article>
  );
}

function Answer({ question, note, onNote, onWriting }: CardProps) {
  const mayWork = useMayWork();
  const field = `note-${question.id}`;
  const settle = useOnce(async (action: Action, label: string) => {
    const input = {
      escalationId: question.id,
      action,
      note: note || null,
      steps: action === "EXTEND" ? 1 : null,
    };
    onNote(note, true);
    const done = await perform(RESOLVE, { input });
    onNote(done ? "" : note);
    if (done) toast(`Settled: ${label.toLowerCase()}.`);
  });
  if (!mayWork) return null;
  return (
    <div className={styles.answer}>
      <div>
        <label htmlFor={field}>Note, for the record</label>
        <input
          id={field}
          maxLength={1000}
          value={note}
          onChange={({ target }) => onNote(target.value)}
          onFocus={() => onWriting(true)}
          onBlur={() => onWriting(false)}
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
