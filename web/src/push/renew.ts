/**
 * Renew: bind what this browser is told of to the session it is signed in with now.
 *
 * The server tells nothing on behalf of a session that ended; who signs in again is told on.
 * It renews what this very person asked for here, and asks for nothing of its own.
 */

import { client } from "../client";
import { graphql } from "../graphql";
import { endpoint } from "./browser";

const KNOWN = graphql(`
  query KnownHere($endpoint: String!) {
    pushSubscription(endpoint: $endpoint) { id }
  }
`);
const RENEW = graphql(`
  mutation RenewPush($input: UpdatePushSubscriptionInput!) {
    updatePushSubscription(input: $input) { userErrors { code } }
  }
`);

export async function renew(): Promise<void> {
  const here = await endpoint();
  if (!here) return;
  const answer = await client.query(KNOWN, { endpoint: here }).toPromise();
  const id = answer.data?.pushSubscription?.id;
  if (id) await client.mutation(RENEW, { input: { pushSubscriptionId: id } }).toPromise();
}
