/** Inbound: mails that came in and may be somebody's answer; until a person says, nothing is. */

import { useState } from "react";
import { ContactField } from "../../contactField";
import { graphql, type ResultOf } from "../../graphql";
import { perform } from "../../perform";
import { StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { type Page, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import styles from "./cards.module.css";

const INBOUND = graphql(`
  query Inbound($last: Int!, $before: String) {
    inboundEmails(status: [SUGGESTED, UNMATCHED], last: $last, before: $before) {
      nodes {
        id from subject text reason status confidence receivedAt
        contact { id name email }
        sentEmail { id subject sentAt }
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);
const ATTACH = graphql(`
  mutation Attach($input: AttachReplyInput!) {
    payload: attachReply(input: $input) { reply { id } userErrors { code message } }
  }
`);
const DISMISS = graphql(`
  mutation Dismiss($input: DismissReplyInput!) {
    payload: dismissReply(input: $input) { inboundEmail { id status } userErrors { code message } }
  }
`);
const TOPICS = ["inbound_email", "reply"];

type Mail = ResultOf<typeof INBOUND>["inboundEmails"]["nodes"][number];

function read({ inboundEmails: { nodes, pageInfo } }: ResultOf<typeof INBOUND>): Page<Mail> {
  return {
    items: nodes.toReversed(),
    next: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
  };
}

export function Inbound() {
  const list = usePages(INBOUND, (before) => ({ last: 25, before }), read, TOPICS);
  return (
    <Loaded data={list.items} error={list.error} retry={list.retry} of="the mail to sort">
      {(items) =>
        items.length === 0 ? (
          <Empty title="No mail to sort">
            <p>A mail that came in and could not be matched for certain waits here.</p>
          </Empty>
        ) : (
          <div className={styles.cards}>
            <ol>
              {items.map((item) => (
                <li key={item.id}>
                  <Card mail={item} />
                </li>
              ))}
            </ol>
            {list.more ? <Button onClick={list.more}>Show more</Button> : null}
          </div>
        )
      }
    </Loaded>
  );
}

function Card({ mail }: { mail: Mail }) {
  const mayWork = useMayWork();
  return (
    <article className={styles.card}>
      <header>
        <StateBadge state={mail.status} />
        <span className="quiet small">
          <Time at={mail.receivedAt} />
        </span>
      </header>
      <h2>{mail.subject || "No subject"}</h2>
      <p>
        From {mail.from}.{" "}
        <span className="quiet">
          <Statement text={mail.reason} />
        </span>
      </p>
      <p className={styles.words}>{mail.text}</p>
      {mail.contact ? (
        <p>
          Perhaps {mail.contact.name} ({mail.contact.email})
          {mail.sentEmail ? `, about “${mail.sentEmail.subject}”` : ""}.
        </p>
      ) : null}
      {mayWork ? <Sort mail={mail} /> : null}
    </article>
  );
}

function Sort({ mail }: { mail: Mail }) {
  const [contactId, setContactId] = useState<string | undefined>(mail.contact?.id);
  const attach = async () => {
    const other = contactId !== mail.contact?.id;
    const input = { inboundEmailId: mail.id, ...(other && contactId ? { contactId } : {}) };
    if (await perform(ATTACH, { input })) toast("Taken for their answer.");
  };
  const dismiss = async () => {
    const input = { inboundEmailId: mail.id, reason: "Sorted by hand: nobody's answer." };
    if (await perform(DISMISS, { input })) toast("It is nobody's answer.");
  };
  return (
    <div className={styles.answer}>
      <ContactField id={`contact-${mail.id}`} known={mail.contact} onChoose={setContactId} />
      <Button kind="primary" disabled={!contactId} onClick={attach}>
        It is their answer
      </Button>
      <Button onClick={dismiss}>Nobody's answer</Button>
    </div>
  );
}
