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
  onChoose: (contactId: string | undefined) => void;
  label?: string;
  /** What was wrong with the choice. */
  error?: string | undefined;
}

/** The address written here chooses its contact; the browser's list helps to write it. */
export function ContactField({ id, known, onChoose, label = "Whose it is", error }: Props) {
  const [written, setWritten] = useState(known?.email ?? "");
  const [{ data }] = useQuery({
    query: FIND,
    variables: { search: written },
    pause: written.trim().length < 2,
  });
  const found = data?.contacts.nodes ?? [];
  // Whoever pastes an address is quicker than the list.
  const match = found.find(({ email }) => email === written)?.id;
  const choose = useEffectEvent(onChoose);
  useEffect(() => {
    if (match) choose(match);
  }, [match]);
  return (
    <Field id={id} label={label} error={error}>
      {(marks) => (
        <>
          <input
            {...marks}
            list={`${id}-found`}
            autoComplete="off"
            value={written}
            onChange={({ target }) => {
              const all = known ? [known, ...found] : found;
              setWritten(target.value);
              onChoose(all.find(({ email }) => email === target.value)?.id);
            }}
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
