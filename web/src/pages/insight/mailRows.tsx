/** MailRows: the mails behind a number, the newest first. */

import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { StateBadge } from "../../ui/badge";
import type { Column } from "../../ui/table";
import { Time } from "../../ui/time";
import { type Page, usePages } from "../../useLive";
import type { Metric } from "./opens";
import { List, type Wanted } from "./rows";

const PAGE = 25;
const MAILS = graphql(`
  query InsightMails(
    $metric: InsightMetric!, $from: DateTime!, $to: DateTime!, $agentId: ID, $day: Date
    $sandbox: Boolean!, $first: Int!, $after: String
  ) {
    insightRows(
      metric: $metric, from: $from, to: $to, agentId: $agentId, day: $day
      sandbox: $sandbox, first: $first, after: $after
    ) {
      nodes { id subject status sentAt createdAt contact { id name } followUp { id step } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const TOPICS = ["email", "reply"];

type Mail = ResultOf<typeof MAILS>["insightRows"]["nodes"][number];

const COLUMNS: readonly Column<Mail>[] = [
  {
    name: "To",
    cell: ({ contact }) => (
      <Link href={`/contacts/${encodeURIComponent(contact.id)}`}>{contact.name}</Link>
    ),
  },
  { name: "Subject", cell: ({ subject }) => subject },
  {
    name: "Step",
    cell: ({ followUp }) => (followUp ? `Follow-up ${followUp.step}` : "First mail"),
  },
  { name: "Status", cell: ({ status }) => <StateBadge state={status} /> },
  { name: "Left", cell: ({ sentAt, createdAt }) => <Time at={sentAt ?? createdAt} /> },
];

function read({ insightRows: { nodes, pageInfo } }: ResultOf<typeof MAILS>): Page<Mail> {
  return { items: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

export function MailRows({ wanted, metric }: { wanted: Wanted; metric: Metric }) {
  const { span, agent: agentId, day, sandbox } = wanted;
  const at = (after: string | null) => ({
    ...{ ...span, metric, agentId, day, sandbox },
    ...{ first: PAGE, after },
  });
  const pages = usePages(MAILS, at, read, TOPICS);
  return <List pages={pages} columns={COLUMNS} caption="Mails" />;
}
