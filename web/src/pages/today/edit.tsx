/** EditForm: another version by hand.  Unsaved words outlive a look at another draft. */

import { type FormEvent, useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { toast } from "../../ui/toast";
import styles from "./decide.module.css";
import type { OpenDraft } from "./draft";
import { useOpenDraft } from "./open";

const EDIT = graphql(`
  mutation Edit($input: EditDraftInput!) {
    payload: editDraft(input: $input) { draft { id } userErrors { code message } }
  }
`);

interface Words {
  subject: string;
  body: string;
}

const unsaved = new Map<string, Words>();

addEventListener("beforeunload", (event) => {
  if (unsaved.size > 0) event.preventDefault();
});

export function isUnsaved(id: string): boolean {
  return unsaved.has(id);
}

export function EditForm({ draft, onDone }: { draft: OpenDraft; onDone: () => void }) {
  const [words, setWords] = useState<Words>(
    () => unsaved.get(draft.id) ?? { subject: draft.subject, body: draft.body },
  );
  const [refused, setRefused] = useState<string>();
  const show = useOpenDraft();
  const write = (change: Partial<Words>) => {
    const next = { ...words, ...change };
    unsaved.set(draft.id, next);
    setWords(next);
  };
  const close = () => {
    unsaved.delete(draft.id);
    onDone();
  };
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    const input = { draftId: draft.id, fingerprint: draft.fingerprint, ...words };
    const outcome = await attempt(EDIT, { input });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    close();
    toast("Saved as a new version; it waits for approval.");
    if (outcome.done.draft) show(outcome.done.draft.id);
  };
  return (
    <form
      className={styles.form}
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
      }}
    >
      <div>
        <label htmlFor="subject">Subject</label>
        <input
          id="subject"
          required
          value={words.subject}
          onChange={({ target }) => write({ subject: target.value })}
        />
      </div>
      <div>
        <label htmlFor="body">Text, without the footer</label>
        <textarea
          id="body"
          required
          // biome-ignore lint/a11y/noAutofocus: the user asked to write here
          autoFocus
          className={styles.body}
          value={words.body}
          onChange={({ target }) => write({ body: target.value })}
        />
      </div>
      {refused ? (
        <p role="alert" className={styles.error}>
          {refused}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button kind="primary" type="submit">
          Save as new version
        </Button>
        <Button onClick={close}>Discard changes</Button>
      </div>
    </form>
  );
}
