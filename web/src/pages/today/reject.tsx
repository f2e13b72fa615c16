/** RejectDialog: send a draft back with feedback, or for good. */

import { useState } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Form } from "../../ui/form";
import { useOnce } from "../../ui/once";
import { reject } from "./acts";
import type { OpenDraft } from "./draft";

interface Props {
  draft: OpenDraft;
  onDecided: () => void;
  onClose: () => void;
}

export function RejectDialog({ draft, onDecided, onClose }: Props) {
  const [feedback, setFeedback] = useState("");
  const send = useOnce(async (words: string) => {
    if (!(await reject(draft, words))) return;
    onClose();
    onDecided();
  });
  const wanted = feedback.trim();
  return (
    <Dialog title="Reject this draft" onClose={onClose}>
      <Form
        onSend={() => send(wanted)}
        buttons={
          <>
            <Button kind="primary" type="submit" disabled={!wanted}>
              Ask for another version
            </Button>
            <Button kind="danger" onClick={() => send("")}>
              Reject for good
            </Button>
          </>
        }
      >
        <Field id="feedback" label="What should be different?">
          {(marks) => (
            <textarea
              {...marks}
              required
              maxLength={5000}
              autoFocus
              value={feedback}
              onChange={({ target }) => setFeedback(target.value)}
            />
          )}
        </Field>
        <p className="quiet small">
          {draft.followUp
            ? "For good: this follow-up is cancelled, and those after it."
            : "For good: the task ends, and nothing is sent."}
        </p>
      </Form>
    </Dialog>
  );
}
