/**
 * Renew: bind what this browser is told of to the session it is signed in with now.
 *
 * The server tells nothing on behalf of a session that ended; who signs in again is told on.
 * It renews what this very person asked for here, and asks for nothing of its own.  Where a
 * browser is reached may change behind our back: the address that was asked for is remembered,
 * so that the server can be told the new one.
 */

import { client } from "../client";
import { graphql } from "../graphql";
import { endpoint, subscription } from "./browser";
import { remember, remembered } from "./remembered";

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
  const id = await known(here);
  if (id) await client.mutation(RENEW, { input: { pushSubscriptionId: id } }).toPromise();
  else await move(here);
  if (id) remember(here);
}

/** Tell the server where this browser is reached now, if this person asked for it here before. */
async function move(here: string): Promise<void> {
  const before = remembered();
  if (!before || before === here) return;
  const id = await known(before);
  const keys = id ? (await subscription())?.toJSON().keys : undefined;
  if (!id || !keys) return;
  const browser = { endpoint: here, p256dh: keys["p256dh"] ?? "", auth: keys["auth"] ?? "" };
  const input = { pushSubscriptionId: id, browser };
  const { data } = await client.mutation(RENEW, { input }).toPromise();
  if (data?.updatePushSubscription.userErrors.length === 0) remember(here);
}

async function known(endpoint: string): Promise<string | undefined> {
  const answer = await client.query(KNOWN, { endpoint }).toPromise();
  return answer.data?.pushSubscription?.id;
}
