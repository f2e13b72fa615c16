/**
 * Follow-ups: the schedule as a list, a strip of the days to come that filters it, and the
 * open step beside it.  View, days and step are in the address.
 */

import { useSearchParams } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { Choices } from "../../ui/choices";
import { Desk, useOpen } from "../../ui/desk";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { Page as PageFrame } from "../../ui/page";
import { useNow } from "../../ui/time";
import { type Page, usePages } from "../../useLive";
import { useViewer } from "../../viewer";
import { dayIn, isDay } from "../../zone";
import { ExecuteDue } from "./executeDue";
import styles from "./followUps.module.css";
import { List } from "./list";
import { StepPane } from "./step";
import { Strip } from "./strip";
import {
  addressOf,
  daysOf,
  type Filter,
  filterOf,
  type Shown,
  TOPICS,
  VIEWS,
  viewOf,
} from "./views";

export const SCHEDULE = graphql(`
  query Schedule(
    $filter: FollowUpFilter, $first: Int, $after: String, $last: Int, $before: String
  ) {
    followUps(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id step maxSteps status dueAt overdue
        contact { id name company }
      }
      pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
    }
  }
`);
const PAGE = 50;

export type Due = ResultOf<typeof SCHEDULE>["followUps"]["nodes"][number];

function soonestFirst({ followUps }: ResultOf<typeof SCHEDULE>): Page<Due> {
  const { hasNextPage, endCursor } = followUps.pageInfo;
  return { items: followUps.nodes, next: hasNextPage ? endCursor : null };
}

function latestFirst({ followUps }: ResultOf<typeof SCHEDULE>): Page<Due> {
  const { hasPreviousPage, startCursor } = followUps.pageInfo;
  return { items: followUps.nodes.toReversed(), next: hasPreviousPage ? startCursor : null };
}

export default function FollowUps() {
  const [search] = useSearchParams();
  const { timezone } = useViewer().workspace;
  const view = viewOf(search.get("view"));
  const today = dayIn(useNow(), timezone);
  const day = daysOf(search.get("day"));
  const shown: Shown = { view: view.name, day, open: search.get("open") ?? undefined };
  const filter = filterOf(view, day, timezone, today);
  return (
    <PageFrame
      title="Follow-ups"
      beside={
        <>
          <Choices
            label="Which follow-ups"
            open={view.name}
            choices={VIEWS}
            address={(name) => addressOf({ view: name, day })}
          />
          <ExecuteDue />
        </>
      }
    >
      <div className={styles.body}>
        <Strip shown={shown} filter={filterOf(view, null, timezone, today)} />
        <Schedule
          key={`${view.name} ${filter.dueAfter} ${filter.dueBefore}`}
          shown={shown}
          filter={filter}
          over={view.over && !(day && isDay(day))}
        />
      </div>
    </PageFrame>
  );
}

interface Props {
  shown: Shown;
  filter: Filter;
  over: boolean;
}

function Schedule({ shown, filter, over }: Props) {
  const list = usePages(
    SCHEDULE,
    (cursor) =>
      over ? { filter, last: PAGE, before: cursor } : { filter, first: PAGE, after: cursor },
    over ? latestFirst : soonestFirst,
    TOPICS,
  );
  const open = useOpen(shown.open, list.items?.[0]?.id);
  const address = (open?: string) => addressOf({ ...shown, open });
  return (
    <Loaded data={list.items} error={list.error} retry={list.retry} of="the schedule">
      {(items) => {
        const none = items.length === 0 ? <Nothing shown={shown} /> : undefined;
        if (none && open === undefined) return none;
        return (
          <Desk
            label="The schedule"
            one="follow-up"
            addresses={items.map(({ id }) => address(id))}
            open={open && address(open)}
            back={address()}
            list={none ?? <List items={items} open={open} address={address} more={list.more} />}
          >
            {open ? <StepPane key={open} id={open} /> : null}
          </Desk>
        );
      }}
    </Loaded>
  );
}

function Nothing({ shown }: { shown: Shown }) {
  if (shown.day || shown.view !== VIEWS[0]?.name) {
    return (
      <Empty title="No follow-up is like that">
        <p>Another day or another view has some, if there are any.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No follow-up is planned">
      <p>
        One is planned when a first mail is out, and the next when that was sent. An answer ends
        them.
      </p>
    </Empty>
  );
}
