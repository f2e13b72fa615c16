/**
 * System: how the machinery is doing, whether mail may leave, and what could not be handled.
 *
 * A worker that stops tells nobody: the page asks again every few seconds.
 */

import { graphql, type ResultOf } from "../../graphql";
import { Loaded } from "../../ui/loaded";
import { Page } from "../../ui/page";
import { useEvery } from "../../useEvery";
import { useLive } from "../../useLive";
import { DeadLetters } from "./deadLetters";
import { Machinery } from "./machinery";
import { Sending } from "./sending";
import styles from "./system.module.css";

const SYSTEM = graphql(`
  query System {
    system {
      queue emailSending writer database workersAlive clockAlive
      oldestReadyMessageSeconds outboxPending lastWebhookAt
    }
    viewer {
      workspace {
        id sendingStopped sendingStoppedReason
        breaker { state sent hardBounces complaints bounceRate complaintRate since }
      }
    }
  }
`);
const TOPICS = ["*"];
const LOOK_EVERY = 10_000;

export type Seen = ResultOf<typeof SYSTEM>;

export default function System() {
  const answer = useLive(SYSTEM, {}, TOPICS);
  useEvery(LOOK_EVERY, answer.retry);
  return (
    <Page title="System">
      <div className={styles.body}>
        <Loaded {...answer} of="the machinery">
          {({ system, viewer }) => (
            <>
              <Machinery system={system} />
              <Sending mode={system.emailSending} workspace={viewer.workspace} />
            </>
          )}
        </Loaded>
        <DeadLetters />
      </div>
    </Page>
  );
}
