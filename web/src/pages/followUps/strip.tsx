/**
 * Strip: the next fourteen days and what lies on either side, each with how many follow-ups are
 * due; one filters the list.
 */

import type { ReactNode } from "react";
import { Link } from "wouter";
import { graphql, type VariablesOf } from "../../graphql";
import { useNow } from "../../ui/time";
import { useLive } from "../../useLive";
import { useViewer } from "../../viewer";
import { beginOf, dayIn, dayInWords, later } from "../../zone";
import styles from "./strip.module.css";
import { AHEAD, addressOf, BEFORE, BEYOND, type Filter, type Shown, TOPICS } from "./views";

const COUNTS = graphql(`
  query DueByDay(
    $past: FollowUpFilter, $beyond: FollowUpFilter,
    $d0: FollowUpFilter, $d1: FollowUpFilter, $d2: FollowUpFilter, $d3: FollowUpFilter,
    $d4: FollowUpFilter, $d5: FollowUpFilter, $d6: FollowUpFilter, $d7: FollowUpFilter,
    $d8: FollowUpFilter, $d9: FollowUpFilter, $d10: FollowUpFilter, $d11: FollowUpFilter,
    $d12: FollowUpFilter, $d13: FollowUpFilter
  ) {
    d0: followUps(filter: $d0, first: 1) { totalCount }
    d1: followUps(filter: $d1, first: 1) { totalCount }
    d2: followUps(filter: $d2, first: 1) { totalCount }
    d3: followUps(filter: $d3, first: 1) { totalCount }
    d4: followUps(filter: $d4, first: 1) { totalCount }
    d5: followUps(filter: $d5, first: 1) { totalCount }
    d6: followUps(filter: $d6, first: 1) { totalCount }
    d7: followUps(filter: $d7, first: 1) { totalCount }
    d8: followUps(filter: $d8, first: 1) { totalCount }
    d9: followUps(filter: $d9, first: 1) { totalCount }
    d10: followUps(filter: $d10, first: 1) { totalCount }
    d11: followUps(filter: $d11, first: 1) { totalCount }
    d12: followUps(filter: $d12, first: 1) { totalCount }
    d13: followUps(filter: $d13, first: 1) { totalCount }
    past: followUps(filter: $past, first: 1) { totalCount }
    beyond: followUps(filter: $beyond, first: 1) { totalCount }
  }
`);
/** As many as AHEAD. */
const DAYS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;

interface Props {
  shown: Shown;
  /** What is counted, whatever the day. */
  filter: Filter;
}

export function Strip({ shown, filter }: Props) {
  const zone = useViewer().workspace.timezone;
  const today = dayIn(useNow(), zone);
  const days = DAYS.map((ahead) => later(today, ahead));
  const begins = [...days, later(today, AHEAD)].map((day) => beginOf(day, zone));
  const variables = Object.fromEntries(
    DAYS.map((n) => [`d${n}`, { ...filter, dueAfter: begins[n], dueBefore: begins[n + 1] }]),
  ) as VariablesOf<typeof COUNTS>;
  const past = { ...filter, dueBefore: begins[0] ?? null };
  const beyond = { ...filter, dueAfter: begins[AHEAD] ?? null };
  const { data } = useLive(COUNTS, { ...variables, past, beyond }, TOPICS);
  const cell = (day: string) => ({
    address: addressOf({ ...shown, day, open: undefined }),
    open: day === shown.day,
  });
  const [, date, month] = dayInWords(days.at(-1) ?? today).split(" ");
  return (
    <nav className={styles.strip} aria-label={`The next fourteen days, ${zone}`}>
      <Link
        href={addressOf({ ...shown, day: null, open: undefined })}
        aria-current={shown.day === null ? "page" : undefined}
        className={styles.whole}
      >
        <span>Every day</span>
        <span className="small">{zone}</span>
      </Link>
      {data?.past.totalCount || shown.day === BEFORE ? (
        <Cell above="Before" name="today" count={data?.past.totalCount} {...cell(BEFORE)} />
      ) : null}
      <ol>
        {DAYS.map((n) => {
          const day = days[n] ?? today;
          return (
            <li key={day}>
              <Day day={day} today={n === 0} count={data?.[`d${n}`].totalCount} {...cell(day)} />
            </li>
          );
        })}
      </ol>
      <Cell
        above="After"
        name={`${date} ${month}`}
        count={data?.beyond.totalCount}
        {...cell(BEYOND)}
      />
    </nav>
  );
}

interface CellProps {
  /** What stands small above the name. */
  above: string;
  name: ReactNode;
  count: number | undefined;
  address: string;
  open: boolean;
  /** A day on which nobody works. */
  rest?: boolean;
}

function Cell({ above, name, count, address, open, rest = false }: CellProps) {
  return (
    <Link
      href={address}
      aria-current={open ? "page" : undefined}
      className={styles.day}
      data-rest={rest || undefined}
    >
      <span className="small">{above}</span>
      <span className={styles.date}>{name}</span>
      <span className={styles.count} data-some={count ? "" : undefined}>
        {count ?? "–"}
        <span className="unseen"> due</span>
      </span>
    </Link>
  );
}

interface DayProps extends Pick<CellProps, "count" | "address" | "open"> {
  day: string;
  today: boolean;
}

function Day({ day, today, ...cell }: DayProps) {
  const [weekday = "", date = "", month = ""] = dayInWords(day).split(" ");
  return (
    <Cell
      above={today ? "Today" : weekday}
      name={
        <>
          {date} <span className="small">{month}</span>
        </>
      }
      rest={weekday === "Sat" || weekday === "Sun"}
      {...cell}
    />
  );
}
