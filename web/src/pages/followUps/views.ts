/** Views: which follow-ups are listed, by their state and by their day; both in the address. */

import type { VariablesOf } from "../../graphql";
import { beginOf, isDay, later } from "../../zone";
import type { SCHEDULE } from "./followUps";

/** What changes a schedule. */
export const TOPICS = ["follow_up", "task", "draft", "email", "reply", "contact", "workspace"];

export type Filter = NonNullable<VariablesOf<typeof SCHEDULE>["filter"]>;
type Status = NonNullable<NonNullable<Filter["status"]>>[number];

interface View {
  name: string;
  label: string;
  status: readonly Status[] | null;
  /** What is over is listed the newest first. */
  over: boolean;
}

export const VIEWS: readonly View[] = [
  {
    name: "open",
    label: "To come",
    status: [
      "SCHEDULED",
      "PAUSED",
      "DRAFTING",
      "AWAITING_APPROVAL",
      "SENDING",
      "BLOCKED",
      "FAILED",
      "UNKNOWN",
    ],
    over: false,
  },
  { name: "waiting", label: "Awaiting approval", status: ["AWAITING_APPROVAL"], over: false },
  { name: "paused", label: "Paused", status: ["PAUSED"], over: false },
  { name: "stopped", label: "Stopped", status: ["BLOCKED", "FAILED", "UNKNOWN"], over: false },
  { name: "sent", label: "Sent", status: ["SENT"], over: true },
  { name: "ended", label: "Skipped or cancelled", status: ["SKIPPED", "CANCELLED"], over: true },
  { name: "all", label: "All", status: null, over: true },
];

/** Return a view by its name; the first if there is none of that name. */
export function viewOf(name: string | null): View {
  const [first] = VIEWS;
  const found = VIEWS.find((view) => view.name === name) ?? first;
  if (!found) throw new Error("There are no views.");
  return found;
}

/** How many days the strip shows, today's first. */
export const AHEAD = 14;
/** What lies on either side of the strip, as the address calls it. */
export const BEFORE = "before";
export const BEYOND = "beyond";

/** Return the days that an address asks for, or null if it names none. */
export function daysOf(asked: string | null): string | null {
  return asked && (asked === BEFORE || asked === BEYOND || isDay(asked)) ? asked : null;
}

/** Return the filter of a view, of some days if they are named. */
export function filterOf(view: View, day: string | null, zone: string, today: string): Filter {
  const status = view.status ? { status: [...view.status] } : {};
  if (day === BEFORE) return { ...status, dueBefore: beginOf(today, zone) };
  if (day === BEYOND) return { ...status, dueAfter: beginOf(later(today, AHEAD), zone) };
  if (!day) return status;
  return { ...status, dueAfter: beginOf(day, zone), dueBefore: beginOf(later(day, 1), zone) };
}

export interface Shown {
  view: string;
  /** A day, what lies before or beyond those of the strip, or all days. */
  day: string | null;
  open?: string | undefined;
}

/** Return the address of what is shown. */
export function addressOf({ view, day, open }: Shown): string {
  const query = new URLSearchParams();
  if (view !== VIEWS[0]?.name) query.set("view", view);
  if (day) query.set("day", day);
  if (open) query.set("open", open);
  const text = query.toString();
  return text ? `/follow-ups?${text}` : "/follow-ups";
}
