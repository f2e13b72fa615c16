/** Acts: what a person does with a message that no agent could handle. */

import { graphql } from "../graphql";
import { perform } from "../perform";
import { type Member, nameOf } from "../team";
import { toast } from "../ui/toast";

const REPLAY = graphql(`
  mutation Replay($input: MessageInput!) {
    payload: replayMessage(input: $input) { message { id status } userErrors { code message } }
  }
`);
const DISCARD = graphql(`
  mutation Discard($input: MessageInput!) {
    payload: discardMessage(input: $input) { message { id status } userErrors { code message } }
  }
`);

export interface Letter {
  id: string;
  recipient: string;
}

/** Give it all its tries again. */
export async function replay({ id, recipient }: Letter, team: readonly Member[]): Promise<void> {
  if (!(await perform(REPLAY, { input: { messageId: id } }))) return;
  toast(`It is in the mailbox of ${nameOf(team, recipient)} again.`);
}

/** Give it up for good; returns whether that was done. */
export async function discard({ id }: Letter): Promise<boolean> {
  const done = await perform(DISCARD, { input: { messageId: id } });
  if (done) toast("Discarded; it stays readable.");
  return done !== undefined;
}
