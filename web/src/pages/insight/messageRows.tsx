/** MessageRows: the messages that an agent handled, or could not. */

import { graphql, type ResultOf } from "../../graphql";
import { type Member, speakerOf, useTeam } from "../../team";
import { StateBadge } from "../../ui/badge";
import { Statement } from "../../ui/statement";
import type { Column } from "../../ui/table";
import { Time } from "../../ui/time";
import { type Page, usePages } from "../../useLive";
import { List, type Wanted } from "./rows";

const PAGE = 25;
const MESSAGES = graphql(`
  query InsightMessages(
    $recipient: String!, $status: [MessageStatus!]!, $from: DateTime!, $to: DateTime!
    $last: Int!, $before: String
  ) {
    messages(
      filter: {
        recipient: $recipient, status: $status, handledAfter: $from, handledBefore: $to
      }
      last: $last, before: $before
    ) {
      nodes { id text sender who status handledAt sentAt }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);
const TOPICS = ["message"];

type Message = ResultOf<typeof MESSAGES>["messages"]["nodes"][number];

const columns = (team: readonly Member[]): readonly Column<Message>[] => [
  { name: "Message", cell: ({ text }) => <Statement text={text} /> },
  { name: "From", cell: (message) => speakerOf(team, message) },
  { name: "State", cell: ({ status }) => <StateBadge state={status} /> },
  { name: "Handled", cell: ({ handledAt, sentAt }) => <Time at={handledAt ?? sentAt} /> },
];

/** The list is oldest first; its end, turned round, is its beginning here. */
function read({ messages: { nodes, pageInfo } }: ResultOf<typeof MESSAGES>): Page<Message> {
  const next = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
  return { items: nodes.toReversed(), next };
}

interface Props {
  wanted: Wanted;
  rows: "HANDLED" | "FAILED";
}

export function MessageRows({ wanted: { span, agent }, rows }: Props) {
  const status = rows === "HANDLED" ? (["DONE"] as const) : (["DEAD", "DISCARDED"] as const);
  const at = (before: string | null) => ({
    ...{ ...span, recipient: agent ?? "", status: [...status] },
    ...{ last: PAGE, before },
  });
  const pages = usePages(MESSAGES, at, read, TOPICS);
  return <List pages={pages} columns={columns(useTeam())} caption="Messages" />;
}
