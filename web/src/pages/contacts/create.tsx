/** CreateDialog: add somebody; an address that is there already is said, not added twice. */

import { useState } from "react";
import { useLocation } from "wouter";
import { graphql } from "../../graphql";
import { newKey } from "../../newKey";
import { attempt } from "../../perform";
import { placeOf } from "../../places";
import { Dialog } from "../../ui/dialog";
import { toast } from "../../ui/toast";
import { BLANK, ContactForm, type Fields } from "./form";

const CREATE = graphql(`
  mutation CreateContact($input: CreateContactInput!) {
    payload: createContact(input: $input) { contact { id name } userErrors { code message } }
  }
`);

export function CreateDialog({ onClose }: { onClose: () => void }) {
  const [refused, setRefused] = useState<string>();
  // A second press, or a lost answer, must not add the same person twice.
  const [idempotencyKey] = useState(newKey);
  const [, go] = useLocation();
  const save = async ({ lawfulBasis, ...words }: Fields) => {
    const input = { ...words, lawfulBasis: lawfulBasis || null, idempotencyKey };
    const outcome = await attempt(CREATE, { input });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    const { contact } = outcome.done;
    if (!contact) return;
    toast(`${contact.name} was added.`);
    // The way back leads to the list, not to the form.
    go(placeOf("Contact", contact.id), { replace: true });
  };
  return (
    <Dialog title="Add a contact" onClose={onClose}>
      <ContactForm start={BLANK} does="Add" refused={refused} onSave={save} />
    </Dialog>
  );
}
