/** Here: this browser: why it cannot be told, how it is asked, and what it is told of. */

import type { ReactNode } from "react";
import { graphql } from "../../graphql";
import { attempt, perform } from "../../perform";
import { lack, subscribe, unsubscribe } from "../../push/browser";
import { remember } from "../../push/remembered";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { toast } from "../../ui/toast";
import type { Subscription } from "./notifications";
import styles from "./notifications.module.css";
import { Told } from "./others";
import { usePermission } from "./usePermission";
import { EVERYTHING, type Wishes, WishesForm, wishesOf } from "./wishes";

const SUBSCRIBE = graphql(`
  mutation SubscribeToPush($input: SubscribeToPushInput!) {
    payload: subscribeToPush(input: $input) { pushSubscription { id } userErrors { code message } }
  }
`);
const UPDATE = graphql(`
  mutation UpdatePush($input: UpdatePushSubscriptionInput!) {
    payload: updatePushSubscription(input: $input) {
      pushSubscription { id }
      userErrors { code message }
    }
  }
`);
const TEST = graphql(`
  mutation TestPush($input: PushSubscriptionInput!) {
    payload: testPush(input: $input) { pushSubscription { id } userErrors { code message } }
  }
`);
export const UNSUBSCRIBE = graphql(`
  mutation UnsubscribeFromPush($input: PushSubscriptionInput!) {
    payload: unsubscribeFromPush(input: $input) {
      pushSubscriptionId
      userErrors { code message }
    }
  }
`);

interface Props {
  serverKey: string | null;
  subscription: Subscription | undefined;
  onChange: () => void;
}

export function Here(props: Props) {
  const missing = lack();
  if (missing === "insecure") {
    return (
      <Section state="off">
        <p>
          Browsers allow notifications on addresses with https only, and this page came without.
          Whoever runs Rapport can put it behind https (PUBLIC_URL).
        </p>
      </Section>
    );
  }
  if (missing) {
    return (
      <Section state="off">
        <p>
          This browser has no notifications of this kind. In a private window they are always
          missing; iPhones and iPads have them for pages on the home screen only.
        </p>
      </Section>
    );
  }
  return <Able {...props} />;
}

function Able({ serverKey, subscription, onChange }: Props) {
  const permission = usePermission();
  if (permission === "denied") {
    return (
      <Section state="off">
        <p>
          You told this browser to show none of ours. To change that, press the sign left of the
          address above, allow notifications there, and come back.
        </p>
      </Section>
    );
  }
  if (!serverKey) {
    return (
      <Section state="off">
        <p>
          Rapport has no key to sign notifications with. Whoever runs it sets VAPID_PRIVATE_KEY;
          then they can be turned on here.
        </p>
      </Section>
    );
  }
  if (!subscription) return <Off serverKey={serverKey} onChange={onChange} />;
  return <On key={subscription.id} subscription={subscription} onChange={onChange} />;
}

function Section({ state, children }: { state: "on" | "off"; children: ReactNode }) {
  return (
    <section className={styles.here} aria-labelledby="here">
      <header>
        <h2 id="here">This browser</h2>
        {state === "on" ? <Badge tone="good">On</Badge> : <Badge tone="quiet">Off</Badge>}
      </header>
      {children}
    </section>
  );
}

function Off({ serverKey, onChange }: { serverKey: string; onChange: () => void }) {
  const turnOn = async (wishes: Wishes): Promise<string | undefined> => {
    try {
      const { endpoint, keys } = (await subscribe(serverKey)).toJSON();
      const browser = { endpoint: endpoint ?? "", p256dh: keys?.["p256dh"] ?? "" };
      const input = { ...browser, auth: keys?.["auth"] ?? "", ...wishes };
      const outcome = await attempt(SUBSCRIBE, { input });
      if ("done" in outcome) {
        remember(browser.endpoint);
        toast("This browser is told from now on.");
        onChange();
        return undefined;
      }
      // What the server does not know must not stay half on.
      await unsubscribe();
      return outcome.refused;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <Section state="off">
      <WishesForm start={EVERYTHING} does="Turn on" onSend={turnOn} />
    </Section>
  );
}

function On({ subscription, onChange }: { subscription: Subscription; onChange: () => void }) {
  const input = { pushSubscriptionId: subscription.id };
  const save = async (wishes: Wishes): Promise<string | undefined> => {
    const outcome = await attempt(UPDATE, { input: { ...input, ...wishes } });
    if ("refused" in outcome) return outcome.refused;
    toast("Saved.");
    onChange();
    return undefined;
  };
  const test = async () => {
    if (await perform(TEST, { input })) toast("A notification is on its way, within seconds.");
    onChange();
  };
  const turnOff = async () => {
    if (!(await perform(UNSUBSCRIBE, { input }))) return;
    await unsubscribe();
    toast("This browser is told nothing more.");
    onChange();
  };
  return (
    <Section state="on">
      <Told subscription={subscription} />
      <WishesForm start={wishesOf(subscription)} does="Save" onSend={save}>
        <Button onClick={test}>Send a test</Button>
        <Button onClick={turnOff}>Turn off</Button>
      </WishesForm>
    </Section>
  );
}
