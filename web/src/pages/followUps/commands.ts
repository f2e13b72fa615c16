/** Commands: what may be done with a follow-up, each with what is said of it and its way back. */

import { graphql } from "../../graphql";
import { perform } from "../../perform";
import { toast } from "../../ui/toast";

const RESCHEDULE = graphql(`
  mutation Reschedule($input: RescheduleFollowUpInput!) {
    payload: rescheduleFollowUp(input: $input) {
      followUp { id status dueAt }
      userErrors { code message }
    }
  }
`);
const EXECUTE = graphql(`
  mutation ExecuteFollowUp($input: FollowUpInput!) {
    payload: executeFollowUp(input: $input) { followUp { id status } userErrors { code message } }
  }
`);
const PAUSE = graphql(`
  mutation PauseFollowUp($input: FollowUpInput!) {
    payload: pauseFollowUp(input: $input) { followUp { id status } userErrors { code message } }
  }
`);
const RESUME = graphql(`
  mutation ResumeFollowUp($input: FollowUpInput!) {
    payload: resumeFollowUp(input: $input) {
      followUp { id status dueAt }
      userErrors { code message }
    }
  }
`);
const CANCEL = graphql(`
  mutation CancelFollowUp($input: FollowUpInput!) {
    payload: cancelFollowUp(input: $input) { followUp { id status } userErrors { code message } }
  }
`);

interface Step {
  id: string;
  status: string;
  dueAt: string;
  contact: { name: string };
}

/** Move a step to another time; returns whether that was done. */
export async function reschedule(step: Step, dueAt: string): Promise<boolean> {
  if (!(await perform(RESCHEDULE, { input: { followUpId: step.id, dueAt } }))) return false;
  // What was due already, or paused, cannot be put back as it was.
  const back = step.status === "SCHEDULED" && Date.parse(step.dueAt) > Date.now();
  const undo = () => void reschedule({ ...step, dueAt }, step.dueAt);
  toast(`The follow-up to ${step.contact.name} is moved.`, back ? undo : undefined);
  return true;
}

/** Have a step happen now: its text is written, and leaves as soon as it is approved. */
export async function executeNow(step: Step): Promise<boolean> {
  if (!(await perform(EXECUTE, { input: { followUpId: step.id } }))) return false;
  toast(`The follow-up to ${step.contact.name} begins now.`);
  return true;
}

export async function pause(step: Step): Promise<void> {
  if (await perform(PAUSE, { input: { followUpId: step.id } })) {
    toast(`The follow-up to ${step.contact.name} is paused.`, () => void resume(step));
  }
}

/** Have a paused step wait on, or a stopped one be tried again. */
export async function resume(step: Step): Promise<void> {
  if (await perform(RESUME, { input: { followUpId: step.id } })) {
    toast(`The follow-up to ${step.contact.name} goes on.`);
  }
}

/** End a step and those after it, for good; returns whether that was done. */
export async function cancel(step: Step, reason: string): Promise<boolean> {
  const input = { followUpId: step.id, ...(reason ? { reason } : {}) };
  if (!(await perform(CANCEL, { input }))) return false;
  toast(`The follow-up to ${step.contact.name} is cancelled.`);
  return true;
}
