/** Sources: the lists that a contact's story is told from, and how a row of each is told. */

import { graphql, type ResultOf } from "../../graphql";
import { writerOf } from "../../team";
import { type Pages, usePages } from "../../useLive";
import { type Entry, newestFirst, type Told } from "./entries";

const PAGE = 25;
const MAILS = graphql(`
  query StoryMails($contactId: ID!, $first: Int!, $after: String) {
    sentEmails(filter: { contactId: $contactId }, first: $first, after: $after) {
      nodes {
        id subject body status to createdAt sentAt deliveredAt
        receipt { rule passed detail }
        followUp { id step }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const REPLIES = graphql(`
  query StoryReplies($contactId: ID!, $first: Int!, $after: String) {
    replies(contactId: $contactId, first: $first, after: $after) {
      nodes { id subject text kind receivedAt needsReview inboundEmail { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const TASKS = graphql(`
  query StoryTasks($contactId: ID!, $first: Int!, $after: String) {
    tasks(filter: { contactId: $contactId }, first: $first, after: $after) {
      nodes {
        id instruction status createdAt
        agent { id name }
        error { message }
        drafts { id version subject body status createdAt writer decidedBy reason }
        followUps {
          id step maxSteps status dueAt executedAt reason
          draft { id version subject body status createdAt writer decidedBy reason }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const QUESTIONS = graphql(`
  query StoryQuestions($contactId: ID!, $first: Int!, $after: String) {
    escalations(contactId: $contactId, open: null, first: $first, after: $after) {
      nodes { id kind reason createdAt resolvedAt resolution }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const DEALS = graphql(`
  query StoryDeals($contactId: ID!, $first: Int!, $after: String) {
    opportunities(contactId: $contactId, first: $first, after: $after) {
      nodes { id title createdAt stageChanges { id after at by reason } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const EVENTS = graphql(`
  query StoryEvents($contactId: ID!, $last: Int!, $before: String) {
    events(filter: { contactId: $contactId }, last: $last, before: $before) {
      nodes { id type at actor summary }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);

type Mail = ResultOf<typeof MAILS>["sentEmails"]["nodes"][number];
type Reply = ResultOf<typeof REPLIES>["replies"]["nodes"][number];
type Task = ResultOf<typeof TASKS>["tasks"]["nodes"][number];
type Draft = Task["drafts"][number];
type Step = Task["followUps"][number];
type Question = ResultOf<typeof QUESTIONS>["escalations"]["nodes"][number];
type Deal = ResultOf<typeof DEALS>["opportunities"]["nodes"][number];
type Event = ResultOf<typeof EVENTS>["events"]["nodes"][number];
export type Receipt = Mail["receipt"];

/** Read all of them, live; each goes on by itself. */
export function useSources(contactId: string): readonly Pages<Told>[] {
  const at = (after: string | null) => ({ contactId, first: PAGE, after });
  return [
    usePages(MAILS, at, ({ sentEmails }) => newestFirst(sentEmails, mail), ["email"]),
    usePages(REPLIES, at, ({ replies }) => newestFirst(replies, reply), ["reply"]),
    usePages(TASKS, at, ({ tasks }) => newestFirst(tasks, task), WORK),
    usePages(QUESTIONS, at, (data) => newestFirst(data.escalations, question), ["escalation"]),
    usePages(DEALS, at, (data) => newestFirst(data.opportunities, deal), ["opportunity"]),
    usePages(EVENTS, (before) => ({ contactId, last: PAGE, before }), events, ["*"]),
  ];
}

const WORK = ["task", "draft", "approval", "follow_up", "email", "reply", "contact", "suppression"];

function mail(row: Mail): Told {
  const { id, subject, body, status, receipt, followUp } = row;
  const at = row.sentAt ?? row.createdAt;
  const what = followUp ? `We wrote, follow-up ${followUp.step}` : "We wrote";
  const entry: Entry = {
    id,
    kind: "mail",
    at,
    what,
    title: subject,
    state: status,
    text: body,
    receipt,
  };
  return { id, at: row.createdAt, entries: [entry] };
}

function reply({ id, subject, text, kind, receivedAt: at, inboundEmail }: Reply): Told {
  const what = inboundEmail ? "They wrote" : "They answered";
  const title = subject || text.split("\n", 1)[0]?.slice(0, 120) || kind;
  return {
    id,
    at,
    entries: [{ id, kind: "mail", at, what, title, state: kind.toUpperCase(), text }],
  };
}

function task(row: Task): Told {
  const { id, instruction, status, createdAt: at, agent, error } = row;
  const own: Entry = {
    ...{ id, kind: "work", at, what: `Task for ${agent.name}`, title: instruction, state: status },
    text: error?.message,
  };
  const first = row.drafts.map((each) => draft(each, "Draft"));
  const later = row.followUps.flatMap(step);
  return { id, at, entries: [own, ...first, ...later] };
}

function draft(row: Draft, what: string): Entry {
  const { id, version, subject: title, body, status: state, createdAt: at, writer } = row;
  const said = row.reason ? `${row.decidedBy ?? "Somebody"}: ${row.reason}\n\n` : "";
  return {
    ...{ id, kind: "work", at, title, state, text: said + body },
    what: `${what}, version ${version} by ${writerOf(writer)}`,
    href: state === "PENDING" ? `/?draft=${encodeURIComponent(id)}` : undefined,
  };
}

/** A step that was sent is told by its mail. */
function step(row: Step): Entry[] {
  const what = `Follow-up ${row.step} of ${row.maxSteps}`;
  const written = row.draft ? [draft(row.draft, `Follow-up ${row.step}, draft`)] : [];
  if (row.status === "SENT") return written;
  const title = row.reason ?? "Unless they answer";
  const at = row.executedAt ?? row.dueAt;
  const own: Entry = { id: row.id, kind: "work", at, what, title, ours: true, state: row.status };
  return [...written, own];
}

function question({ id, kind, reason, createdAt: at, resolvedAt, resolution }: Question): Told {
  const asked: Entry = {
    ...{ id, kind: "work", at, what: "Question to a person", title: reason, ours: true },
    state: kind,
    text: resolvedAt ? `Settled: ${resolution ?? ""}` : undefined,
    href: resolvedAt ? undefined : "/?tray=questions",
  };
  return { id, at, entries: [asked] };
}

function deal({ id, title, createdAt: at, stageChanges }: Deal): Told {
  const entries = stageChanges.map(
    (change): Entry => ({
      ...{ id: change.id, kind: "deal", at: change.at, title, state: change.after },
      what: "Opportunity moved",
      by: change.by,
      text: change.reason,
    }),
  );
  return { id, at, entries };
}

function events({ events: { nodes, pageInfo } }: ResultOf<typeof EVENTS>) {
  const next = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
  return { items: nodes.toReversed().map(event), next };
}

function event({ id, at, actor, summary, type }: Event): Told {
  return {
    id,
    at,
    entries: [
      { id, kind: "record", at, what: "", by: actor, title: summary, ours: true, state: type },
    ],
  };
}
