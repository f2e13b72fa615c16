/** ContactField: find a contact by name, address or company. */

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "./graphql";
import { Field } from "./ui/field";

const FIND = graphql(`
  query FindContact($search: String!) {
    contacts(search: $search, first: 8) { nodes { id name email } }
  }
`);

const NOBODY = "This is no contact's address: choose one of the list.";

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
  /** Whether it must not be left blank. */
  required?: boolean;
  onChoose: (contactId: string | undefined) => void;
}

/**
 * The address written here chooses its contact; the browser's list helps to write it.
 * Words that are nobody's are not taken for none: a form with them is not sent off.
 */
export function ContactField(props: Props) {
  const { id, known, label = "Whose it is", error, required = false, onChoose } = props;
  const input = useRef<HTMLInputElement>(null);
  const [written, setWritten] = useState(known?.email ?? "");
  const [left, setLeft] = useState(false);
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
  const fault = written.trim() && !meant ? NOBODY : "";
  useEffect(() => input.current?.setCustomValidity(fault), [fault]);
  return (
    <Field id={id} label={label} error={error ?? ((left && fault) || undefined)}>
      {(marks) => (
        <>
          <input
            {...marks}
            ref={input}
            required={required}
            onBlur={() => setLeft(true)}
            onFocus={() => setLeft(false)}
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
