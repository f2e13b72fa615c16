/** ReplyDialog: note what somebody answered elsewhere; it ends their open follow-ups. */

import { type FormEvent, useId, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useOnce } from "../../ui/once";
import { toast } from "../../ui/toast";
import type { Person } from "./contact";
import styles from "./forms.module.css";

const MAILS = graphql(`
  query MailsTo($contactId: ID!) {
    sentEmails(filter: { contactId: $contactId }, first: 20) {
      nodes { id subject sentAt }
    }
  }
`);
const RECORD = graphql(`
  mutation RecordReply($input: RecordReplyInput!) {
    payload: recordReply(input: $input) { contact { id } userErrors { code message } }
  }
`);
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

export function ReplyDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [{ data }] = useQuery({ query: MAILS, variables: { contactId: person.id } });
  const [text, setText] = useState("");
  const [mail, setMail] = useState("");
  const [refused, setRefused] = useState<string>();
  const id = useId();
  const sent = data?.sentEmails.nodes.filter(({ sentAt }) => sentAt) ?? [];
  const record = useOnce(async () => {
    const input = { contactId: person.id, text, sentEmailId: mail || null };
    const outcome = await attempt(RECORD, { input });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    toast(`The reply is recorded; open follow-ups to ${person.name} ended.`);
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void record();
  };
  return (
    <Dialog title={`Record a reply of ${person.name}`} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <div>
          <label htmlFor={`${id}text`}>What they said</label>
          <textarea
            id={`${id}text`}
            required
            maxLength={50_000}
            autoFocus
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
        {sent.length > 0 ? (
          <div>
            <label htmlFor={`${id}mail`}>What they answered</label>
            <select id={`${id}mail`} value={mail} onChange={({ target }) => setMail(target.value)}>
              <option value="">No mail in particular</option>
              {sent.map(({ id: key, subject, sentAt }) => (
                <option key={key} value={key}>
                  {subject}
                  {sentAt ? `, ${day.format(new Date(sentAt))}` : ""}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        {refused ? (
          <p role="alert" className={styles.error}>
            {refused}
          </p>
        ) : null}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit">
            Record it
          </Button>
        </div>
        <p className="quiet small">
          Mail that arrives by itself is recorded by itself; this is for what came another way.
        </p>
      </form>
    </Dialog>
  );
}
