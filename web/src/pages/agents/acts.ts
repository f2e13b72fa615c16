/** Acts: what a person does with an agent or its tasks, one call each that says what came of it. */

import { graphql } from "../../graphql";
import { perform } from "../../perform";
import { toast } from "../../ui/toast";

const PAUSE = graphql(`
  mutation PauseAgent($input: AgentInput!) {
    payload: pauseAgent(input: $input) { agent { id status } userErrors { code message } }
  }
`);
const RESUME = graphql(`
  mutation ResumeAgent($input: AgentInput!) {
    payload: resumeAgent(input: $input) { agent { id status } userErrors { code message } }
  }
`);
const RETRY = graphql(`
  mutation RetryTask($input: RetryTaskInput!) {
    payload: retryTask(input: $input) { task { id status } userErrors { code message } }
  }
`);
const CANCEL = graphql(`
  mutation CancelTask($input: CancelTaskInput!) {
    payload: cancelTask(input: $input) { task { id status } userErrors { code message } }
  }
`);

interface Named {
  id: string;
  name: string;
  status?: string;
}

export async function pause(agent: Named): Promise<void> {
  if (!(await perform(PAUSE, { input: { agentId: agent.id } }))) return;
  toast(`${agent.name} is paused: it does nothing, and none of its mails leaves.`, () => {
    void resume({ ...agent, status: "PAUSED" });
  });
}

/** Have it go on; only a pause can be put back, not a failure. */
export async function resume(agent: Named): Promise<void> {
  if (!(await perform(RESUME, { input: { agentId: agent.id } }))) return;
  const undo = agent.status === "PAUSED" ? () => void pause(agent) : undefined;
  toast(`${agent.name} goes on.`, undo);
}

export async function retry(taskId: string): Promise<void> {
  if (await perform(RETRY, { input: { taskId } })) toast("It is tried again.");
}

export async function cancel(taskId: string): Promise<void> {
  if (await perform(CANCEL, { input: { taskId } })) toast("The task is cancelled.");
}
