/** DismissDialog: put a recommendation away, and say why. */

import { useState } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Form } from "../../ui/form";
import { dismiss } from "./answers";
import type { Recommended } from "./recommendations";

interface Props {
  advice: Recommended;
  onClose: () => void;
}

export function DismissDialog({ advice, onClose }: Props) {
  const [reason, setReason] = useState("");
  return (
    <Dialog title={`Dismiss “${advice.title}”`} onClose={onClose}>
      <Form
        onSend={async () => {
          if (await dismiss(advice, reason.trim())) onClose();
        }}
        buttons={
          <Button kind="primary" type="submit">
            Dismiss
          </Button>
        }
      >
        <Field
          id="reason"
          label="Why (optional)"
          hint="Kept with it. The same finding does not come back, unless you take this back."
        >
          {(marks) => (
            <input
              {...marks}
              maxLength={500}
              autoFocus
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
