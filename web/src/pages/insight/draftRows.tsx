/** DraftRows: the drafts that were decided on, the last decided first. */

import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { StateBadge } from "../../ui/badge";
import type { Column } from "../../ui/table";
import { Time } from "../../ui/time";
import { type Page, usePages } from "../../useLive";
import { length } from "./numbers";
import { List, type Wanted } from "./rows";

const PAGE = 25;
const DRAFTS = graphql(`
  query InsightDrafts(
    $from: DateTime!, $to: DateTime!, $agentId: ID, $first: Int!, $after: String
  ) {
    insightDrafts(from: $from, to: $to, agentId: $agentId, first: $first, after: $after) {
      nodes { id subject to status waitingSince decidedAt decidedBy }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const TOPICS = ["draft", "approval"];

type Draft = ResultOf<typeof DRAFTS>["insightDrafts"]["nodes"][number];

const COLUMNS: readonly Column<Draft>[] = [
  {
    name: "Draft",
    cell: ({ id, subject }) => <Link href={`/?draft=${encodeURIComponent(id)}`}>{subject}</Link>,
  },
  { name: "To", cell: ({ to }) => to },
  { name: "Decision", cell: ({ status }) => <StateBadge state={status} /> },
  { name: "By", cell: ({ decidedBy }) => decidedBy },
  { name: "Waited", numeric: true, cell: (draft) => length(waited(draft)) },
  { name: "Decided", cell: ({ decidedAt }) => (decidedAt ? <Time at={decidedAt} /> : null) },
];

function waited({ waitingSince, decidedAt }: Draft): number | null {
  return decidedAt ? (Date.parse(decidedAt) - Date.parse(waitingSince)) / 1000 : null;
}

function read({ insightDrafts: { nodes, pageInfo } }: ResultOf<typeof DRAFTS>): Page<Draft> {
  return { items: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

export function DraftRows({ wanted: { span, agent: agentId } }: { wanted: Wanted }) {
  const at = (after: string | null) => ({ ...span, agentId, first: PAGE, after });
  return <List pages={usePages(DRAFTS, at, read, TOPICS)} columns={COLUMNS} caption="Drafts" />;
}
