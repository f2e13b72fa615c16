/**
 * Catalogue: what can be set about each kind of agent, as the form shows it.
 *
 * The keys are the API's.  What is allowed is the API's to say: its refusal is shown at the
 * field that it names.
 */

import type { TeamMember } from "./agents";

export type Control =
  | { as: "switch" }
  | { as: "line" }
  | { as: "text" }
  | { as: "number"; unit?: string }
  | { as: "time" }
  | { as: "choice"; of: readonly (readonly [value: string, label: string])[] }
  | { as: "rules" }
  | { as: "span" }
  | { as: "waits" };

export interface Setting {
  key: string;
  label: string;
  control: Control;
  hint?: string;
  /** What an empty field means. */
  unset?: string;
}

type Kind = TeamMember["kind"];

/** What the settings of a kind are called in the command that changes them. */
export const INPUTS = {
  OUTREACH: "outreach",
  FOLLOW_UP: "followUp",
  PLANNING: "planning",
  RESEARCH: "research",
} as const satisfies Record<Kind, string>;

export const RULES: readonly (readonly [value: string, label: string])[] = [
  ["reply_unanswered", "A reply has had no answer"],
  ["bounced_colleague", "A mail bounced, and there is a colleague"],
  ["follow_ups_exhausted", "All follow-ups are out, nobody answered"],
  ["meeting_without_note", "A meeting has no note"],
  ["high_value_idle", "A big opportunity lies idle"],
  ["stale_draft", "A draft waits for long"],
  ["no_touch", "Nobody was in touch for long"],
];

const days: Control = { as: "number", unit: "days" };

export const CATALOGUE: Readonly<Record<Kind, readonly Setting[]>> = {
  OUTREACH: [
    {
      key: "requireApproval",
      label: "Each first mail needs a person's approval",
      control: { as: "switch" },
    },
    {
      key: "tone",
      label: "Tone",
      control: { as: "line" },
      unset: "the writer's own",
      hint: "In words, for example: warm, brief, no superlatives.",
    },
    { key: "signature", label: "Signature", control: { as: "text" }, unset: "none" },
    { key: "maxAttempts", label: "Tries before a task fails", control: { as: "number" } },
  ],
  FOLLOW_UP: [
    {
      key: "waits",
      label: "Waits",
      control: { as: "waits" },
      unset: "no follow-up",
      hint: "Each counts from the mail before it. Other waits end the approvals given under the old ones.",
    },
    { key: "businessDaysOnly", label: "Business days only", control: { as: "switch" } },
    {
      key: "windowStart",
      label: "Not before",
      control: { as: "time" },
      unset: "any time",
      hint: "In the reader's own time zone.",
    },
    { key: "windowEnd", label: "Not after", control: { as: "time" }, unset: "any time" },
    {
      key: "requireApproval",
      label: "Each follow-up needs an approval of its own",
      control: { as: "switch" },
    },
    {
      key: "absenceDays",
      label: "An absence without a date of return lasts",
      control: { as: "number", unit: "business days" },
    },
  ],
  PLANNING: [
    { key: "noTouchDays", label: "Nobody was in touch for", control: days },
    { key: "replyUnansweredDays", label: "A reply has had no answer for", control: days },
    { key: "staleDraftDays", label: "A draft waits for", control: days },
    { key: "meetingNoteDays", label: "A meeting has had no note for", control: days },
    {
      key: "highValue",
      label: "An opportunity is big from",
      control: { as: "number" },
      unset: "the upper quarter",
      hint: "In the workspace's currency; empty: the upper quarter of the pipeline.",
    },
    { key: "rulesOff", label: "Rules that are off", control: { as: "rules" }, unset: "none" },
    {
      key: "autoAccept",
      label: "Rules whose findings become tasks by themselves",
      control: { as: "rules" },
      unset: "none",
      hint: "Their drafts still wait for a person.",
    },
    {
      key: "autoAcceptPerDay",
      label: "By themselves, at most",
      control: { as: "number", unit: "a day" },
    },
  ],
  RESEARCH: [
    {
      key: "beforeDraft",
      label: "Facts are looked up",
      control: {
        as: "choice",
        of: [
          ["ALWAYS", "before each mail"],
          ["TOO_FEW_FACTS", "where too few are known"],
          ["WHEN_ASKED", "only when asked for"],
        ],
      },
    },
    {
      key: "enoughFacts",
      label: "Enough is known of somebody with",
      control: { as: "number", unit: "facts" },
    },
    {
      key: "wait",
      label: "A mail waits for facts for",
      control: { as: "span" },
      hint: "Then it is written without. From a second to an hour.",
    },
    { key: "freshDays", label: "A page is not read again for", control: days },
    { key: "pagesPerTask", label: "Pages for a task, at most", control: { as: "number" } },
  ],
};
