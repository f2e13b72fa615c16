/** Perform: a command, and what is said when it was refused. */

import type { AnyVariables, CombinedError, TypedDocumentNode } from "@urql/core";
import { client } from "./client";
import { liveState } from "./live";
import { markAllStale } from "./stale";
import { explain } from "./ui/failure";
import { complain } from "./ui/toast";

/** Who heard nothing does not know that nothing was done. */
const IN_DOUBT = " It may have been done all the same: look before you try again.";

interface UserErrors {
  userErrors: readonly { code: string; message: string; path?: readonly string[] | null }[];
}

/** A command's answer; its one field is named `payload`. */
export interface Performed<Payload extends UserErrors = UserErrors> {
  payload: Payload;
}

/** Why a command was not carried out; `path`: the input at fault, where the command asks for it. */
export interface Refusal {
  refused: string;
  path?: readonly string[] | null;
}

/**
 * Carry a command out and return what came of it, or the words it was refused with.
 *
 * A refusal is an answer like any other: somebody was quicker, or the gate would not let it.
 */
export async function attempt<Data extends Performed, Variables extends AnyVariables>(
  command: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<{ done: Data["payload"] } | Refusal> {
  const { data, error } = await client.mutation(command, variables).toPromise();
  if (error) return { refused: explain(error)[0] + (isInDoubt(error) ? IN_DOUBT : "") };
  const [refusal] = data?.payload.userErrors ?? [];
  if (refusal) return { refused: refusal.message, path: refusal.path ?? null };
  if (!data) return { refused: "The server did not answer as expected." };
  // Whoever paused what others do sees what they do themselves.
  if (liveState().connection === "paused") markAllStale();
  return { done: data.payload };
}

function isInDoubt({ networkError, response }: CombinedError): boolean {
  const status: number | undefined = response?.status;
  return networkError !== undefined && (status === undefined || status >= 500);
}

/** Carry a command out; if it was refused, say so in a toast and return undefined. */
export async function perform<Data extends Performed, Variables extends AnyVariables>(
  command: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data["payload"] | undefined> {
  const outcome = await attempt(command, variables);
  if ("done" in outcome) return outcome.done;
  complain(outcome.refused);
  return undefined;
}
