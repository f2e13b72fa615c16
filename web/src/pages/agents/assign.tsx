/** AssignDialog: hand an agent a task; a refusal is told at its field. */

import { type FormEvent, useState } from "react";
import { ContactField } from "../../contactField";
import { graphql } from "../../graphql";
import { newKey } from "../../newKey";
import { attempt, type Refusal } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { stateOf } from "../../ui/states";
import { toast } from "../../ui/toast";
import { cancel } from "./acts";
import type { TeamMember } from "./agents";
import styles from "./assign.module.css";

const ASSIGN = graphql(`
  mutation AssignTask($input: AssignTaskInput!) {
    payload: assignTask(input: $input) {
      task { id contact { id name } }
      warnings
      userErrors { code message path }
    }
  }
`);
const PRIORITIES = ["URGENT", "HIGH", "NORMAL", "LOW"] as const;
const IF_ENROLLED = [
  ["REFUSE", "Refuse this one"],
  ["QUEUE_AFTER", "Begin when the other is over"],
  ["REPLACE", "Cancel the other"],
] as const;
const RESEARCH = [
  ["as set", "As the settings say", null],
  ["yes", "Yes", true],
  ["no", "No", false],
] as const;

export function AssignDialog({ agent, onClose }: { agent: TeamMember; onClose: () => void }) {
  const writes = agent.kind === "OUTREACH";
  // One dialog is one task, however often it is sent off.
  const [idempotencyKey] = useState(newKey);
  const [contactId, setContactId] = useState<string>();
  const [instruction, setInstruction] = useState("");
  const [priority, setPriority] = useState<(typeof PRIORITIES)[number]>("NORMAL");
  const [ifEnrolled, setIfEnrolled] = useState<(typeof IF_ENROLLED)[number][0]>("REFUSE");
  const [research, setResearch] = useState<(typeof RESEARCH)[number][0]>("as set");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const fault = refusal?.path?.at(1);
  const errorOf = (name: string) => (fault === name ? refusal?.refused : undefined);

  const assign = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const wanted = RESEARCH.find(([each]) => each === research)?.[2] ?? null;
    const input = {
      agentId: agent.id,
      contactId: contactId ?? null,
      instruction,
      priority,
      idempotencyKey,
      ...(writes ? { ifEnrolled, research: wanted } : {}),
    };
    const outcome = await attempt(ASSIGN, { input });
    setBusy(false);
    if ("refused" in outcome) {
      setRefusal(outcome);
      return;
    }
    const { task, warnings } = outcome.done;
    const said = `${agent.name} has a task about ${task?.contact?.name ?? "a contact"}.`;
    // A task that was cancelled for this one would not come back.
    const undo = task && ifEnrolled !== "REPLACE" ? () => void cancel(task.id) : undefined;
    toast([said, ...warnings].join(" "), undo);
    onClose();
  };

  return (
    <Dialog title={`A task for ${agent.name}`} onClose={onClose}>
      <form className={styles.form} noValidate onSubmit={assign}>
        <ContactField
          id="task-contact"
          label="Contact: name, company or address"
          known={null}
          error={errorOf("contactId")}
          onChoose={setContactId}
        />
        <Field id="task-instruction" label="What is to be done?" error={errorOf("instruction")}>
          {(marks) => (
            <textarea
              {...marks}
              value={instruction}
              onChange={({ target }) => setInstruction(target.value)}
            />
          )}
        </Field>
        <div className={styles.pair}>
          <Choice
            id="task-priority"
            label="Priority"
            value={priority}
            of={PRIORITIES.map((each) => [each, stateOf(each).label] as const)}
            onChange={setPriority}
          />
          {writes ? (
            <Choice
              id="task-research"
              label="Look facts up first?"
              value={research}
              of={RESEARCH.map(([each, words]) => [each, words] as const)}
              onChange={setResearch}
            />
          ) : null}
        </div>
        {writes ? (
          <Choice
            id="task-enrolled"
            label="If another task writes to the contact already"
            value={ifEnrolled}
            of={IF_ENROLLED}
            onChange={setIfEnrolled}
          />
        ) : null}
        {refusal && fault !== "contactId" && fault !== "instruction" ? (
          <p role="alert" className={styles.error}>
            {refusal.refused}
          </p>
        ) : null}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" disabled={busy}>
            Assign
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ChoiceProps<Value extends string> {
  id: string;
  label: string;
  value: Value;
  of: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ id, label, value, of, onChange }: ChoiceProps<Value>) {
  return (
    <Field id={id} label={label}>
      {(marks) => (
        <select {...marks} value={value} onChange={({ target }) => onChange(target.value as Value)}>
          {of.map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
