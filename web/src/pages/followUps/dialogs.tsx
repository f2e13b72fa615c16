/** Dialogs: another time for a step, and the questions before what cannot be taken back. */

import { useState } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Form } from "../../ui/form";
import { Moment } from "../../ui/moment";
import { useViewer } from "../../viewer";
import { momentOf, wallTime } from "../../zone";
import { cancel, executeNow, reschedule } from "./commands";
import type { OpenStep } from "./step";

interface Props {
  step: OpenStep;
  onClose: () => void;
}

export function RescheduleDialog({ step, onClose }: Props) {
  const zone = useViewer().workspace.timezone;
  const [wall, setWall] = useState(() => wallTime(Date.parse(step.dueAt), zone));
  const moment = wall ? momentOf(wall, zone) : Number.NaN;
  const dueAt = Number.isNaN(moment) ? undefined : new Date(moment).toISOString();
  return (
    <Dialog title={`Reschedule follow-up ${step.step}`} onClose={onClose}>
      <Form
        onSend={async () => {
          if (dueAt && (await reschedule(step, dueAt))) onClose();
        }}
        buttons={
          <Button kind="primary" type="submit" disabled={!dueAt}>
            Reschedule
          </Button>
        }
      >
        <Field id="due" label={`When it is due, by the clock of ${zone}`}>
          {(marks) => (
            <input
              {...marks}
              type="datetime-local"
              required
              autoFocus
              value={wall}
              onChange={({ target }) => setWall(target.value)}
            />
          )}
        </Field>
        {dueAt && step.timezone !== zone ? (
          <p>
            For {step.contact.name} that is <Moment at={dueAt} zone={step.timezone} named />.
          </p>
        ) : null}
        <p className="quiet small">
          A day that you choose counts, also if it is none of business; the hours in which mails may
          leave hold all the same.
        </p>
      </Form>
    </Dialog>
  );
}

export function ExecuteDialog({ step, onClose }: Props) {
  return (
    <Dialog title={`Execute follow-up ${step.step} now`} onClose={onClose}>
      <Form
        onSend={async () => {
          if (await executeNow(step)) onClose();
        }}
        buttons={
          <Button kind="primary" type="submit" autoFocus>
            Execute now
          </Button>
        }
      >
        <p>
          It is due now instead of <Moment at={step.dueAt} zone={step.timezone} named />: its text
          is written for {step.contact.name}, and leaves as soon as it is approved and mails may
          leave. The approval of the first mail may have been leave for it already.
        </p>
      </Form>
    </Dialog>
  );
}

export function CancelDialog({ step, onClose }: Props) {
  const [reason, setReason] = useState("");
  return (
    <Dialog title={`Cancel follow-up ${step.step}`} onClose={onClose}>
      <Form
        onSend={async () => {
          if (await cancel(step, reason.trim())) onClose();
        }}
        buttons={
          <Button kind="danger" type="submit">
            Cancel it for good
          </Button>
        }
      >
        <p>This step ends, and those that would have come after it. That cannot be taken back.</p>
        <Field id="reason" label="Why (optional)">
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
