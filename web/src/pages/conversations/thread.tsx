/** Thread: all that was said about a task and happened meanwhile, and a box to join in. */

import { Link, useSearchParams } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { activityOf, isIdOf, placeOf } from "../../places";
import { TaskError } from "../../taskError";
import { useTeam } from "../../team";
import { StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useEvery } from "../../useEvery";
import { type Page, useLive, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import { Interject } from "./interject";
import { Spoken } from "./message";
import { useNews } from "./news";
import { type Entry, story } from "./story";
import styles from "./thread.module.css";

const SUBJECT = graphql(`
  query Subject($taskId: ID!) {
    task(id: $taskId) {
      id status instruction createdAt
      error { message retryAt }
      agent { id name }
      contact { id name company }
      opportunity { id title }
      draft { id version status }
    }
    events(filter: { taskId: $taskId }, last: 100) {
      nodes { id type at actor summary }
      pageInfo { hasPreviousPage }
    }
  }
`);
const SAID = graphql(`
  query Said($taskId: ID!, $before: String) {
    messages(filter: { taskId: $taskId }, last: 50, before: $before) {
      nodes {
        id type sender who recipient text body status attempts error
        causationId availableAt sentAt
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);
const TOPICS = ["*"];
/** Nothing tells that a message was handled: while one waits, it is looked at again. */
const LOOK_EVERY = 3_000;

export type Message = ResultOf<typeof SAID>["messages"]["nodes"][number];
export type Subject = NonNullable<ResultOf<typeof SUBJECT>["task"]>;

function read({ messages: { nodes, pageInfo } }: ResultOf<typeof SAID>): Page<Message> {
  return {
    items: nodes.toReversed(),
    next: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
  };
}

export function Thread({ taskId }: { taskId: string }) {
  return (
    <article className={styles.thread} aria-label="The open conversation">
      {isIdOf("Task", taskId) ? <Whole taskId={taskId} /> : <NoTask />}
    </article>
  );
}

function NoTask() {
  return (
    <Empty title="There is no such task">
      <p>It may have been of another workspace.</p>
    </Empty>
  );
}

function Whole({ taskId }: { taskId: string }) {
  const subject = useLive(SUBJECT, { taskId }, TOPICS);
  const said = usePages(SAID, (before) => ({ taskId, before }), read, TOPICS);
  const mayWork = useMayWork();
  const [search, setSearch] = useSearchParams();
  const between = search.get("events") !== "off";
  const toggle = () =>
    setSearch(
      (now) => {
        if (between) now.set("events", "off");
        else now.delete("events");
        return now;
      },
      { replace: true },
    );
  useEvery(LOOK_EVERY, () => {
    if (said.items?.some(({ status }) => status === "READY")) said.retry();
  });
  return (
    <Loaded {...subject} of="the task">
      {({ task, events }) =>
        task ? (
          <>
            <Head task={task} />
            <label className={styles.toggle}>
              <input type="checkbox" checked={between} onChange={toggle} /> Show what happened
              between the messages
            </label>
            {between && events.pageInfo.hasPreviousPage ? (
              <p className="quiet small">
                The last {events.nodes.length} events are shown;{" "}
                <Link href={activityOf("taskId", taskId)}>all of them</Link> are in its activity.
              </p>
            ) : null}
            <Loaded data={said.items} error={said.error} retry={said.retry} of="the messages">
              {(items) => (
                <Story
                  entries={story(items, between ? events.nodes : [], said.more !== undefined)}
                  earlier={said.more}
                />
              )}
            </Loaded>
            {mayWork ? <Interject task={task} /> : null}
          </>
        ) : (
          <NoTask />
        )
      }
    </Loaded>
  );
}

function Head({ task }: { task: Subject }) {
  const { contact, opportunity, draft, agent, status, instruction, createdAt, error } = task;
  return (
    <>
      <header className={styles.head}>
        <p className={styles.line}>
          <StateBadge state={status} />
          <span className="quiet small">
            For {agent.name}, <Time at={createdAt} />
          </span>
          {draft?.status === "PENDING" ? (
            <Link href={placeOf("Draft", draft.id)} className="small">
              Decide on version {draft.version} of the draft
            </Link>
          ) : null}
        </p>
        <h2>
          {contact ? <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link> : null}
          {contact?.company ? <span className="quiet">, {contact.company}</span> : null}
        </h2>
      </header>
      <p className={styles.words}>{instruction}</p>
      {opportunity ? (
        <p className="small">
          <Link href={placeOf("Opportunity", opportunity.id)}>{opportunity.title}</Link>
        </p>
      ) : null}
      <TaskError error={error} className={styles.error} />
    </>
  );
}

interface StoryProps {
  entries: readonly Entry[];
  earlier: (() => void) | undefined;
}

function Story({ entries, earlier }: StoryProps) {
  const team = useTeam();
  useNews(entries);
  return (
    <section aria-label="What was said">
      {earlier ? <Button onClick={earlier}>Show earlier messages</Button> : null}
      <ol className={styles.story}>
        {entries.map((entry) =>
          entry.kind === "event" ? (
            <li key={entry.id} className={styles.event}>
              <span>
                <Statement text={entry.summary} />
              </span>{" "}
              <Time at={entry.at} />
            </li>
          ) : (
            <Spoken key={entry.message.id} said={entry} team={team} />
          ),
        )}
      </ol>
    </section>
  );
}
