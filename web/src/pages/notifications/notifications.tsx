/**
 * Notifications: what this browser and others of the viewer's may be told of, and when not.
 *
 * Off until somebody asks for it, here, in the browser that is to be told.
 */

import { graphql, type ResultOf } from "../../graphql";
import { Loaded } from "../../ui/loaded";
import { useLive } from "../../useLive";
import { Here } from "./here";
import styles from "./notifications.module.css";
import { Others } from "./others";
import { useEndpoint } from "./useEndpoint";

const MINE = graphql(`
  query Notifications {
    pushKey
    pushSubscriptions {
      id endpoint label kinds timezone createdAt lastToldAt lastError
      quietHours { start end }
    }
  }
`);
const TOPICS = ["push"];

export type Subscription = ResultOf<typeof MINE>["pushSubscriptions"][number];

export default function Notifications() {
  const answer = useLive(MINE, {}, TOPICS);
  const [endpoint, lookAgain] = useEndpoint();
  const changed = () => {
    answer.retry();
    lookAgain();
  };
  const data = endpoint === undefined ? undefined : answer.data;
  return (
    <div className={styles.page}>
      <h1>Notifications</h1>
      <p className={styles.intro}>
        A browser can tell you that something waits here, even while the dashboard is closed. It
        says what and how many: no name, no address, no word of a mail.
      </p>
      <Loaded {...answer} data={data} of="your browsers">
        {({ pushKey, pushSubscriptions }) => {
          const here = pushSubscriptions.find((each) => each.endpoint === endpoint);
          return (
            <>
              <Here serverKey={pushKey} subscription={here} onChange={changed} />
              <Others
                subscriptions={pushSubscriptions.filter((each) => each !== here)}
                onChange={changed}
              />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
