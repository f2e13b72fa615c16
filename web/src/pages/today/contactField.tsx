/** ContactField: find a contact by name, address or company. */

import { useEffect, useEffectEvent, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../../graphql";
import { Field } from "../../ui/field";

const FIND = graphql(`
  query FindContact($search: String!) {
    contacts(search: $search, first: 8) { nodes { id name email } }
  }
`);

interface Known {
  id: string;
  name: string;
  email: string;
}

interface Props {
  id: string;
  known: Known | null;
  label?: string;
  /** What was wrong with the choice. */
  error?: string | undefined;
  onChoose: (contactId: string | undefined) => void;
}

/** The address written here chooses its contact; the browser's list helps to write it. */
export function ContactField({ id, known, label = "Whose it is", error, onChoose }: Props) {
  const [written, setWritten] = useState(known?.email ?? "");
  const [{ data }] = useQuery({
    query: FIND,
    variables: { search: written },
    pause: written.trim().length < 2,
  });
  const found = data?.contacts.nodes ?? [];
  const meant = (known ? [known, ...found] : found).find(({ email }) => email === written)?.id;
  const choose = useEffectEvent(onChoose);
  // Whoever pastes an address is quicker than the list.
  useEffect(() => choose(meant), [meant]);
  return (
    <Field id={id} label={label} error={error}>
      {(marks) => (
        <>
          <input
            {...marks}
            list={`${id}-found`}
            autoComplete="off"
            value={written}
            onChange={({ target }) => setWritten(target.value)}
          />
          <datalist id={`${id}-found`}>
            {found.map((contact) => (
              <option key={contact.id} value={contact.email}>
                {contact.name}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
