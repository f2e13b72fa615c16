/** EditForm: another version by hand.  Unsaved words outlive a look at another draft. */

import { useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Form } from "../../ui/form";
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
  const save = async () => {
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
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a quicker way to its last button
    <div
      onKeyDown={({ key }) => {
        if (key === "Escape" && !isUnsaved(draft.id)) close(); // never throws words away
      }}
    >
      <Form
        refused={refused}
        onSend={save}
        buttons={
          <>
            <Button kind="primary" type="submit">
              Save as new version
            </Button>
            <Button onClick={close}>Discard changes</Button>
          </>
        }
      >
        <Field id="subject" label="Subject">
          {(marks) => (
            <input
              {...marks}
              required
              value={words.subject}
              onChange={({ target }) => write({ subject: target.value })}
            />
          )}
        </Field>
        <Field id="body" label="Text, without the footer">
          {(marks) => (
            <textarea
              {...marks}
              required
              // biome-ignore lint/a11y/noAutofocus: the user asked to write here
              autoFocus
              className={styles.body}
              value={words.body}
              onChange={({ target }) => write({ body: target.value })}
            />
          )}
        </Field>
      </Form>
    </div>
  );
}
