/**
 * Acts: what a person does about drafts, as one call each that also says what came of it.
 *
 * Each returns whether it was done.  What the server refused is said in its own words.
 */

import { client } from "../../client";
import { graphql } from "../../graphql";
import { perform } from "../../perform";
import { watch } from "../../stale";
import { retoast, toast } from "../../ui/toast";
import type { OpenDraft } from "./draft";

const APPROVE = graphql(`
  mutation Approve($input: ApproveDraftInput!) {
    payload: approveDraft(input: $input) { draft { id status } userErrors { code message } }
  }
`);
const WITHDRAW = graphql(`
  mutation Withdraw($input: WithdrawApprovalInput!) {
    payload: withdrawApproval(input: $input) { draft { id status } userErrors { code message } }
  }
`);
const REJECT = graphql(`
  mutation Reject($input: RejectDraftInput!) {
    payload: rejectDraft(input: $input) { draft { id status } userErrors { code message } }
  }
`);
const STANDING = graphql(`
  query Standing($id: ID!) {
    node(id: $id) {
      ... on Draft {
        id
        followUp { id sentEmail { id status } }
        task { id sentEmail { id status } }
      }
    }
  }
`);

/** Whether something happened that has to be acknowledged; other settings are read with it. */
export function isOvertaken({ stale }: OpenDraft): boolean {
  return stale.some(({ code }) => code !== "SETTINGS_CHANGED");
}

/** Let this very text out.  It can be taken back until it has left, and the toast says so. */
export async function approve(draft: OpenDraft): Promise<boolean> {
  const input = {
    draftId: draft.id,
    fingerprint: draft.fingerprint,
    acknowledgeStale: isOvertaken(draft),
  };
  if (!(await perform(APPROVE, { input }))) return false;
  const undo = () => void withdraw(draft);
  followUntilItLeft(draft, toast(`Approved: the mail to ${draft.to} goes to the gate.`, undo));
  return true;
}

async function withdraw(draft: OpenDraft): Promise<void> {
  if (await perform(WITHDRAW, { input: { draftId: draft.id } })) {
    toast(`The mail to ${draft.to} waits for a decision again.`);
  }
}

/** Send a draft back: with feedback for a new version, without it for good. */
export async function reject(draft: OpenDraft, feedback: string): Promise<boolean> {
  const { id: draftId, fingerprint } = draft;
  const input = feedback ? { draftId, fingerprint, feedback } : { draftId, fingerprint };
  if (!(await perform(REJECT, { input }))) return false;
  toast(feedback ? "Sent back: another version will be written." : "Rejected.");
  return true;
}

/** Take the way back out of the toast once there is none. */
function followUntilItLeft(draft: OpenDraft, id: number): void {
  const stop = watch(["email", "task", "follow_up"], async () => {
    const answer = await client
      .query(STANDING, { id: draft.id }, { requestPolicy: "network-only" })
      .toPromise();
    const node = answer.data?.node;
    if (!node || !("task" in node)) return;
    const mail = node.followUp ? node.followUp.sentEmail : node.task.sentEmail;
    if (!mail || mail.status === "BLOCKED") return;
    stop();
    retoast(id, mail.status === "SENDING" ? "The mail is leaving." : `Sent to ${draft.to}.`);
  });
  setTimeout(stop, 30_000);
}
