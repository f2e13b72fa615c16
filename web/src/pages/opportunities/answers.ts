/** Answers: what a person says to a recommendation, and how that is taken back. */

import { graphql } from "../../graphql";
import { perform } from "../../perform";
import { toast } from "../../ui/toast";

const ACCEPT = graphql(`
  mutation Accept($input: RecommendationInput!) {
    payload: acceptRecommendation(input: $input) {
      task { id agent { id name } }
      userErrors { code message }
    }
  }
`);
const DISMISS = graphql(`
  mutation DismissRecommendation($input: RecommendationInput!) {
    payload: dismissRecommendation(input: $input) {
      recommendation { id status }
      userErrors { code message }
    }
  }
`);
const REOPEN = graphql(`
  mutation Reopen($input: RecommendationInput!) {
    payload: reopenRecommendation(input: $input) {
      recommendation { id status }
      userErrors { code message }
    }
  }
`);

interface Answered {
  id: string;
  title: string;
}

/** Have it done; returns whether that was accepted. */
export async function accept(advice: Answered): Promise<boolean> {
  const done = await perform(ACCEPT, { input: { recommendationId: advice.id } });
  if (!done) return false;
  toast(`${done.task?.agent.name ?? "An agent"} is on it: ${advice.title}.`, () => reopen(advice));
  return true;
}

/** Put it away; returns whether that was accepted. */
export async function dismiss(advice: Answered, reason: string): Promise<boolean> {
  const input = { recommendationId: advice.id, ...(reason ? { reason } : {}) };
  if (!(await perform(DISMISS, { input }))) return false;
  toast(`Dismissed: ${advice.title}.`, () => reopen(advice));
  return true;
}

async function reopen(advice: Answered): Promise<void> {
  if (await perform(REOPEN, { input: { recommendationId: advice.id } })) {
    toast(`Open again: ${advice.title}.`);
  }
}
