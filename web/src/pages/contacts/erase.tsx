/** EraseDialog: forget who somebody is, for good; the address is written once more to confirm. */

import { useId, useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Dialog } from "../../ui/dialog";
import { toast } from "../../ui/toast";
import type { Person } from "./contact";
import { WhyForm } from "./why";

const ERASE = graphql(`
  mutation Erase($input: EraseContactInput!) {
    payload: eraseContact(input: $input) { contact { id } userErrors { code message } }
  }
`);

export function EraseDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [confirmEmail, setConfirmEmail] = useState("");
  const [refused, setRefused] = useState<string>();
  const field = useId();
  const erase = async (reason: string) => {
    const outcome = await attempt(ERASE, { input: { contactId: person.id, confirmEmail, reason } });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    toast("The person was erased.");
    onClose();
  };
  return (
    <Dialog title={`Erase ${person.name}`} onClose={onClose}>
      <WhyForm
        label="Why, without name or address: the reason stays on record"
        does="Erase for good"
        danger
        refused={refused}
        onSend={erase}
      >
        <p>
          Name, address, words of mails and replies: everything that says who this is goes, and
          nobody can bring it back. What stays is that there was a contact and what was done. They
          are never written to again.
        </p>
        <div>
          <label htmlFor={field}>Write {person.email} to confirm</label>
          <input
            id={field}
            required
            autoComplete="off"
            value={confirmEmail}
            onChange={({ target }) => setConfirmEmail(target.value)}
          />
        </div>
      </WhyForm>
    </Dialog>
  );
}
