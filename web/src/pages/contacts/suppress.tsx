/** SuppressDialog: leave somebody alone from now on, whatever was approved. */

import { useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Dialog } from "../../ui/dialog";
import { toast } from "../../ui/toast";
import type { Person } from "./contact";
import { WhyForm } from "./why";

const SUPPRESS = graphql(`
  mutation Suppress($input: SuppressContactInput!) {
    payload: suppressContact(input: $input) { contact { id } userErrors { code message } }
  }
`);

export function SuppressDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [refused, setRefused] = useState<string>();
  const suppress = async (reason: string) => {
    const outcome = await attempt(SUPPRESS, { input: { contactId: person.id, reason } });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    toast(`${person.name} is left alone from now on.`);
    onClose();
  };
  return (
    <Dialog title={`Leave ${person.name} alone`} onClose={onClose}>
      <WhyForm label="Why" does="Leave alone" danger refused={refused} onSend={suppress}>
        <p>
          No mail goes to {person.email} any more, and what waits or is planned for it is cancelled.
          It can be lifted; what was cancelled stays so.
        </p>
      </WhyForm>
    </Dialog>
  );
}
