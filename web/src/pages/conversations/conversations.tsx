/**
 * Conversations: what agents tell each other and people about each task, and what people say.
 *
 * The task is in the address, which filter is on too.
 */

import { useRoute, useSearchParams } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { Choices } from "../../ui/choices";
import { Desk, useOpen } from "../../ui/desk";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { Page as PageFrame } from "../../ui/page";
import { type Page, usePages } from "../../useLive";
import { List, threads } from "./list";
import { Thread } from "./thread";

const MESSAGES = graphql(`
  query LatestMessages($filter: MessageFilter, $before: String) {
    messages(filter: $filter, last: 100, before: $before) {
      nodes {
        id sender who text status attempts sentAt
        task { id status instruction agent { id name } contact { id name company } }
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);
const TOPICS = ["*"];
const DEAD = "dead";
const CHOICES = [
  { name: "all", label: "All" },
  { name: DEAD, label: "Dead letters" },
];

export type Latest = ResultOf<typeof MESSAGES>["messages"]["nodes"][number];

/** The list is oldest first; its end, turned round, is what happened last. */
function read({ messages: { nodes, pageInfo } }: ResultOf<typeof MESSAGES>): Page<Latest> {
  return {
    items: nodes.toReversed(),
    next: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
  };
}

export default function Conversations() {
  const [search] = useSearchParams();
  const show = search.get("show") ?? "all";
  return (
    <PageFrame
      title="Conversations"
      beside={
        <Choices
          label="Which conversations"
          open={show}
          choices={CHOICES}
          address={(name) => `/conversations${shown(name)}`}
        />
      }
    >
      <Threads key={show} show={show} />
    </PageFrame>
  );
}

function shown(name: string): string {
  return name === DEAD ? `?show=${DEAD}` : "";
}

function Threads({ show }: { show: string }) {
  const filter = show === DEAD ? { status: ["DEAD" as const] } : {};
  const list = usePages(MESSAGES, (before) => ({ filter, before }), read, TOPICS);
  const [, params] = useRoute("/conversations/:taskId");
  const found = list.items && threads(list.items);
  const open = useOpen(params?.taskId, found?.[0]?.task.id);
  const address = (id: string) => `/conversations/${encodeURIComponent(id)}${shown(show)}`;
  return (
    <Loaded data={found} error={list.error} retry={list.retry} of="the conversations">
      {(found) => {
        const none = found.length === 0 ? <Nothing dead={show === DEAD} /> : undefined;
        if (none && open === undefined) return none;
        return (
          <Desk
            label="Conversations"
            one="conversation"
            addresses={found.map(({ task }) => address(task.id))}
            open={open && address(open)}
            back={`/conversations${shown(show)}`}
            list={none ?? <List threads={found} open={open} address={address} more={list.more} />}
          >
            {open ? <Thread key={open} taskId={open} /> : null}
          </Desk>
        );
      }}
    </Loaded>
  );
}

function Nothing({ dead }: { dead: boolean }) {
  return dead ? (
    <Empty title="No dead letters">
      <p>A message that could not be handled, tried five times, is found here.</p>
    </Empty>
  ) : (
    <Empty title="Nothing has been said yet">
      <p>As soon as a task is assigned, what the agents tell each other about it is read here.</p>
    </Empty>
  );
}
