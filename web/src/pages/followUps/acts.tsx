/** Acts: what may be done with the open step, as far as its state allows. */

import { type ReactNode, useState } from "react";
import { Button } from "../../ui/button";
import { useShortcuts } from "../../ui/keys";
import { pause, resume } from "./commands";
import { CancelDialog, ExecuteDialog, RescheduleDialog } from "./dialogs";
import type { OpenStep } from "./step";
import styles from "./step.module.css";

type Act = "reschedule" | "execute" | "pause" | "resume" | "cancel";

/** What each state allows, in the order of the buttons. */
const ALLOWED: Readonly<Partial<Record<OpenStep["status"], readonly Act[]>>> = {
  SCHEDULED: ["reschedule", "pause", "execute", "cancel"],
  PAUSED: ["resume", "reschedule", "execute", "cancel"],
  DRAFTING: ["cancel"],
  AWAITING_APPROVAL: ["cancel"],
  SENDING: ["cancel"],
  BLOCKED: ["resume", "cancel"],
  FAILED: ["resume", "cancel"],
};
const KEYS: Readonly<Record<Act, string>> = {
  reschedule: "r",
  execute: "e",
  pause: "p",
  resume: "p",
  cancel: "c",
};

export function Acts({ step }: { step: OpenStep }) {
  const [doing, setDoing] = useState<Act>();
  const allowed = ALLOWED[step.status] ?? [];
  const close = () => setDoing(undefined);
  const run = (act: Act) => {
    if (act === "pause") void pause(step);
    else if (act === "resume") void resume(step);
    else setDoing(act);
  };
  const label = (act: Act) => (act === "resume" ? resumed(step) : LABELS[act]);
  useShortcuts(
    allowed.map((act) => ({
      keys: KEYS[act],
      does: `${label(act)}: the open follow-up`,
      run: () => run(act),
    })),
  );
  if (allowed.length === 0) return null;
  return (
    <div className={styles.acts} role="toolbar" aria-label="What to do with it">
      {allowed.map((act) => (
        <Button
          // What takes a button's place has its focus.
          key={KEYS[act]}
          kind={act === "cancel" ? "danger" : "plain"}
          hint={KEYS[act]}
          onClick={() => run(act)}
        >
          {label(act)}
        </Button>
      ))}
      {dialog(doing, step, close)}
    </div>
  );
}

const LABELS: Readonly<Record<Act, string>> = {
  reschedule: "Reschedule",
  execute: "Execute now",
  pause: "Pause",
  resume: "Resume",
  cancel: "Cancel",
};

function resumed({ status }: OpenStep): string {
  return status === "PAUSED" ? "Resume" : "Try again";
}

function dialog(act: Act | undefined, step: OpenStep, close: () => void): ReactNode {
  if (act === "reschedule") return <RescheduleDialog step={step} onClose={close} />;
  if (act === "execute") return <ExecuteDialog step={step} onClose={close} />;
  return act === "cancel" ? <CancelDialog step={step} onClose={close} /> : null;
}
