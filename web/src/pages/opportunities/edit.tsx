/** DealDialog: add a deal, or change what is known of one. */

import { useState } from "react";
import { ContactField } from "../../contactField";
import { graphql } from "../../graphql";
import { newKey } from "../../newKey";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Form, Pair } from "../../ui/form";
import { toast } from "../../ui/toast";
import { StageSelect } from "./move";
import type { Stage } from "./stages";

const CREATE = graphql(`
  mutation CreateOpportunity($input: CreateOpportunityInput!) {
    payload: createOpportunity(input: $input) {
      opportunity { id title }
      userErrors { code message }
    }
  }
`);
const UPDATE = graphql(`
  mutation UpdateOpportunity($input: UpdateOpportunityInput!) {
    payload: updateOpportunity(input: $input) {
      opportunity { id title }
      userErrors { code message }
    }
  }
`);

interface Known {
  id: string;
  title: string;
  value: number | null;
  nextStep: string | null;
  notes: string | null;
  contact: { id: string; name: string; email: string } | null;
}

interface Props {
  /** The deal to change; without one another is added. */
  deal?: Known;
  /** Where a new one begins. */
  stage?: Stage | undefined;
  onClose: () => void;
  onSaved: (id: string) => void;
}

/** Only what was changed here, so that another's change of another field stands. */
function changes<Words extends object>(before: Known | undefined, after: Words): Partial<Words> {
  const was = (name: string) => before?.[name as keyof Known] ?? "";
  const changed = Object.entries(after).filter(([name, now]) => now !== was(name));
  return Object.fromEntries(changed) as Partial<Words>;
}

export function DealDialog({ deal, stage: first = "NEW", onClose, onSaved }: Props) {
  const [before] = useState(deal);
  // One form is one deal, however often it is sent off.
  const [idempotencyKey] = useState(newKey);
  const [title, setTitle] = useState(deal?.title ?? "");
  const [contactId, setContactId] = useState(deal?.contact?.id);
  const [value, setValue] = useState(deal?.value?.toString() ?? "");
  const [nextStep, setNextStep] = useState(deal?.nextStep ?? "");
  const [notes, setNotes] = useState(deal?.notes ?? "");
  const [stage, setStage] = useState<Stage>(first);
  const [refused, setRefused] = useState<string>();
  const save = async () => {
    const sum = value === "" ? null : Number(value);
    const given = {
      ...changes(before, { title, nextStep, notes }),
      ...(sum === null || sum === before?.value ? {} : { value: sum }),
      ...(contactId && contactId !== before?.contact?.id ? { contactId } : {}),
    };
    const outcome = deal
      ? await attempt(UPDATE, { input: { opportunityId: deal.id, ...given } })
      : await attempt(CREATE, { input: { stage, ...given, title, idempotencyKey } });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    onClose();
    toast(deal ? `“${title}” is changed.` : `“${title}” is on the board.`);
    if (outcome.done.opportunity) onSaved(outcome.done.opportunity.id);
  };
  return (
    <Dialog title={deal ? "Change the opportunity" : "New opportunity"} onClose={onClose}>
      <Form
        refused={refused}
        onSend={save}
        buttons={
          <Button kind="primary" type="submit">
            {deal ? "Save" : "Add to the board"}
          </Button>
        }
      >
        <Field id="title" label="What it is about">
          {(marks) => (
            <input
              {...marks}
              required
              maxLength={200}
              autoFocus
              value={title}
              onChange={({ target }) => setTitle(target.value)}
            />
          )}
        </Field>
        <ContactField
          id="contact"
          label="With whom (name, address or company)"
          known={deal?.contact ?? null}
          required={Boolean(deal?.contact)}
          onChoose={setContactId}
        />
        <Pair>
          <Field id="value" label="Value">
            {(marks) => (
              <input
                {...marks}
                type="number"
                min="0"
                step="any"
                required={deal?.value != null}
                value={value}
                onChange={({ target }) => setValue(target.value)}
              />
            )}
          </Field>
          {deal ? null : (
            <Field id="stage" label="Stage">
              {() => <StageSelect id="stage" of={title} stage={stage} onMove={setStage} />}
            </Field>
          )}
        </Pair>
        <Field
          id="next-step"
          label="Next step"
          hint="An agent that the opportunity is handed to takes it for its order."
        >
          {(marks) => (
            <input
              {...marks}
              maxLength={1000}
              value={nextStep}
              onChange={({ target }) => setNextStep(target.value)}
            />
          )}
        </Field>
        <Field id="notes" label="Notes">
          {(marks) => (
            <textarea
              {...marks}
              maxLength={10000}
              value={notes}
              onChange={({ target }) => setNotes(target.value)}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
