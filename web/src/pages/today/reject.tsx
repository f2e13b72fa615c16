/** RejectDialog: send a draft back with feedback, or for good. */

import { useState } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { reject } from "./acts";
import styles from "./decide.module.css";
import type { OpenDraft } from "./draft";

interface Props {
  draft: OpenDraft;
  onDecided: () => void;
  onClose: () => void;
}

export function RejectDialog({ draft, onDecided, onClose }: Props) {
  const [feedback, setFeedback] = useState("");
  const send = async (words: string) => {
    if (!(await reject(draft, words))) return;
    onClose();
    onDecided();
  };
  const wanted = feedback.trim();
  return (
    <Dialog title="Reject this draft" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted) void send(wanted);
        }}
      >
        <div>
          <label htmlFor="feedback">What should be different?</label>
          <textarea
            id="feedback"
            maxLength={5000}
            autoFocus
            value={feedback}
            onChange={({ target }) => setFeedback(target.value)}
          />
        </div>
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" disabled={!wanted}>
            Ask for another version
          </Button>
          <Button kind="danger" onClick={() => send("")}>
            Reject for good
          </Button>
        </div>
        <p className="quiet small">
          {draft.followUp
            ? "For good: this follow-up is cancelled, and those after it."
            : "For good: the task ends, and nothing is sent."}
        </p>
      </form>
    </Dialog>
  );
}
