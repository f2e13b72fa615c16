/** History: what was sent to a contact and what came back, the newest first. */

import { graphql, type ResultOf } from "../../graphql";
import { StateBadge } from "../../ui/badge";
import { Loaded } from "../../ui/loaded";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import styles from "./beside.module.css";

const MOST = 20;
const HISTORY = graphql(`
  query History($contactId: ID!, $first: Int!) {
    sentEmails(filter: { contactId: $contactId }, first: $first) {
      nodes { id subject body status createdAt sentAt }
    }
    replies(contactId: $contactId, first: $first) {
      nodes { id subject text kind receivedAt }
    }
  }
`);
const TOPICS = ["email", "reply", "inbound_email", "contact"];

interface Entry {
  id: string;
  at: string;
  state: string | undefined;
  from: string;
  title: string;
  text: string;
}

function entries({ sentEmails, replies }: ResultOf<typeof HISTORY>): Entry[] {
  const sent = sentEmails.nodes.map(({ id, subject, body, status, createdAt, sentAt }) => ({
    id,
    at: sentAt ?? createdAt,
    state: status as string | undefined,
    from: "We wrote",
    title: subject,
    text: body,
  }));
  const came = replies.nodes.map(({ id, subject, text, kind, receivedAt }) => ({
    id,
    at: receivedAt,
    state: undefined,
    from: "They wrote",
    title: subject ?? kind,
    text,
  }));
  return [...sent, ...came].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

export function History({ contactId }: { contactId: string }) {
  const answer = useLive(HISTORY, { contactId, first: MOST }, TOPICS);
  return (
    <section className={styles.block}>
      <h3>History</h3>
      <Loaded {...answer} of="the history">
        {(data) => {
          const all = entries(data);
          if (all.length === 0) return <p className="quiet">This would be the first mail.</p>;
          return (
            <ol className={styles.list}>
              {all.map((entry) => (
                <li key={entry.id}>
                  <details>
                    <summary>
                      <span className="quiet small">
                        {entry.from} <Time at={entry.at} />
                      </span>{" "}
                      {entry.title} {entry.state ? <StateBadge state={entry.state} /> : null}
                    </summary>
                    <p className={styles.words}>{entry.text}</p>
                  </details>
                </li>
              ))}
            </ol>
          );
        }}
      </Loaded>
    </section>
  );
}
