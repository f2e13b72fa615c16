/** SwitchDialog: stop all mail of the workspace, or let it out again; with a reason for all to read. */

import { type FormEvent, useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { toast } from "../../ui/toast";
import styles from "./system.module.css";

const STOP = graphql(`
  mutation StopSending($input: ReasonInput!) {
    payload: stopSending(input: $input) {
      workspace { id sendingStopped } userErrors { code message path }
    }
  }
`);
const RESUME = graphql(`
  mutation ResumeSending($input: ReasonInput!) {
    payload: resumeSending(input: $input) {
      workspace { id sendingStopped } userErrors { code message path }
    }
  }
`);

export function SwitchDialog({ stopped, onClose }: { stopped: boolean; onClose: () => void }) {
  // What was asked stays what is answered, whatever others do meanwhile.
  const [wasStopped] = useState(stopped);
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string>();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const input = { reason };
    const outcome = await (wasStopped ? attempt(RESUME, { input }) : attempt(STOP, { input }));
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    toast(wasStopped ? "Mail leaves again." : "All mail is stopped.");
    onClose();
  };
  return (
    <Dialog title={wasStopped ? "Let mail out again?" : "Stop all mail?"} onClose={onClose}>
      <form className={styles.form} noValidate onSubmit={send}>
        <p>
          {wasStopped
            ? "What waits comes to the gate at once; what passes it leaves, and cannot be called back."
            : "No mail of this workspace passes the gate until an owner lets it. Nothing is lost and no schedule changes; a mail that is just being sent cannot be called back."}
        </p>
        <Field
          id="reason"
          label="Why?"
          hint="Everybody in the workspace can read it."
          error={refused}
        >
          {(marks) => (
            <input {...marks} value={reason} onChange={({ target }) => setReason(target.value)} />
          )}
        </Field>
        <div className={styles.buttons}>
          <Button kind={wasStopped ? "primary" : "danger"} type="submit">
            {wasStopped ? "Let mail out" : "Stop all mail"}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
