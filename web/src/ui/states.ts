/**
 * States: the one list of what every state is called and how it looks.
 *
 * The names are the schema's; tone decides colour and icon, which never stand without the word.
 */

export type Tone = "good" | "wait" | "bad" | "busy" | "quiet";

export interface State {
  label: string;
  tone: Tone;
}

const STATES: Readonly<Record<string, State>> = {
  // Drafts and approvals.
  PENDING: { label: "Waiting", tone: "wait" },
  APPROVED: { label: "Approved", tone: "good" },
  REJECTED: { label: "Rejected", tone: "bad" },
  SUPERSEDED: { label: "Superseded", tone: "quiet" },
  // Tasks and follow-ups.
  QUEUED: { label: "Queued", tone: "quiet" },
  WORKING: { label: "Working", tone: "busy" },
  DRAFTING: { label: "Drafting", tone: "busy" },
  AWAITING_APPROVAL: { label: "Awaiting approval", tone: "wait" },
  SCHEDULED: { label: "Scheduled", tone: "busy" },
  PAUSED: { label: "Paused", tone: "quiet" },
  SKIPPED: { label: "Skipped", tone: "quiet" },
  COMPLETED: { label: "Completed", tone: "good" },
  CANCELLED: { label: "Cancelled", tone: "quiet" },
  ESCALATED: { label: "No answer", tone: "wait" },
  FAILED: { label: "Failed", tone: "bad" },
  // Mail.
  SENDING: { label: "Sending", tone: "busy" },
  SENT: { label: "Sent", tone: "good" },
  DELIVERED: { label: "Delivered", tone: "good" },
  DELAYED: { label: "Delayed", tone: "wait" },
  BLOCKED: { label: "Blocked", tone: "bad" },
  BOUNCED: { label: "Bounced", tone: "bad" },
  COMPLAINED: { label: "Complained", tone: "bad" },
  UNKNOWN: { label: "Outcome unknown", tone: "wait" },
  // Agents.
  OUTREACH: { label: "Outreach", tone: "quiet" },
  FOLLOW_UP: { label: "Follow-up", tone: "quiet" },
  RESEARCH: { label: "Research", tone: "quiet" },
  PLANNING: { label: "Planning", tone: "quiet" },
  IDLE: { label: "Idle", tone: "quiet" },
  // Contacts.
  ACTIVE: { label: "Active", tone: "good" },
  REPLIED: { label: "Replied", tone: "good" },
  UNSUBSCRIBED: { label: "Unsubscribed", tone: "bad" },
  DO_NOT_CONTACT: { label: "Do not contact", tone: "bad" },
  // Opportunities.
  NEW: { label: "New", tone: "quiet" },
  CONTACTED: { label: "Contacted", tone: "busy" },
  MEETING: { label: "Meeting", tone: "good" },
  WON: { label: "Won", tone: "good" },
  LOST: { label: "Lost", tone: "quiet" },
  // Recommendations.
  OPEN: { label: "Open", tone: "wait" },
  ACCEPTED: { label: "Accepted", tone: "good" },
  DISMISSED: { label: "Dismissed", tone: "quiet" },
  EXPIRED: { label: "Expired", tone: "quiet" },
  // Mail that came in.
  SUGGESTED: { label: "Suggested", tone: "wait" },
  UNMATCHED: { label: "Unmatched", tone: "wait" },
  ATTACHED: { label: "Attached", tone: "good" },
  // What a reply is.
  HUMAN: { label: "Answer", tone: "good" },
  POSITIVE: { label: "Positive", tone: "good" },
  NEGATIVE: { label: "Negative", tone: "bad" },
  REFERRAL: { label: "Referral", tone: "busy" },
  NEUTRAL: { label: "Neutral", tone: "quiet" },
  UNSUBSCRIBE: { label: "Wants no mail", tone: "bad" },
  OUT_OF_OFFICE: { label: "Away", tone: "wait" },
  AUTOMATIC: { label: "Automatic", tone: "quiet" },
  BOUNCE: { label: "Came back", tone: "bad" },
  // Messages.
  READY: { label: "Ready", tone: "busy" },
  DONE: { label: "Done", tone: "good" },
  DEAD: { label: "Dead letter", tone: "bad" },
  DISCARDED: { label: "Discarded", tone: "quiet" },
  // Priorities.
  URGENT: { label: "Urgent", tone: "bad" },
  HIGH: { label: "High", tone: "wait" },
  NORMAL: { label: "Normal", tone: "quiet" },
  LOW: { label: "Low", tone: "quiet" },
  // Why a person is asked.
  NO_ANSWER: { label: "No answer", tone: "wait" },
  OUTCOME_UNKNOWN: { label: "Outcome unknown", tone: "wait" },
  AGENT_FAILED: { label: "Agent failed", tone: "bad" },
  QUESTION: { label: "Question", tone: "busy" },
};

/** Return how a state is called and looks; one that this release does not know is shown as it is. */
export function stateOf(name: string): State {
  return STATES[name] ?? { label: name.toLowerCase().replaceAll("_", " "), tone: "quiet" };
}
