/** ContactForm: the fields of a contact, to add somebody or to change what is known. */

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "../../ui/button";
import { useOnce } from "../../ui/once";
import { ZoneInput } from "../../ui/zone";
import { BASES, type Basis } from "./basis";
import styles from "./forms.module.css";

export interface Fields {
  name: string;
  email: string;
  company: string;
  title: string;
  timezone: string;
  country: string;
  lawfulBasis: Basis | "";
  source: string;
  notes: string;
}

export const BLANK: Fields = {
  name: "",
  email: "",
  company: "",
  title: "",
  timezone: "",
  country: "",
  lawfulBasis: "",
  source: "",
  notes: "",
};

interface Props {
  start: Fields;
  does: string;
  refused: string | undefined;
  onSave: (fields: Fields) => Promise<void>;
  children?: ReactNode;
}

export function ContactForm({ start, does, refused, onSave, children }: Props) {
  const [fields, setFields] = useState(start);
  const saveOnce = useOnce(onSave);
  const text = (name: keyof Fields, label: string, more: Record<string, unknown> = {}) => (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          value={fields[name]}
          onChange={({ target }) => setFields({ ...fields, [name]: target.value })}
          {...more}
        />
      )}
    </Field>
  );
  const save = (event: FormEvent) => {
    event.preventDefault();
    void saveOnce(fields);
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <div className={styles.pair}>
        {text("name", "Name", { required: true, maxLength: 200, autoFocus: true })}
        {text("email", "E-mail address", { required: true, type: "email" })}
        {text("company", "Company", { maxLength: 200 })}
        {text("title", "Role", { maxLength: 200 })}
        {text("country", "Country")}
        <Field label="Time zone">
          {(id) => (
            <ZoneInput
              id={id}
              value={fields.timezone}
              onChange={({ target }) => setFields({ ...fields, timezone: target.value })}
            />
          )}
        </Field>
        <Field label="Lawful basis">
          {(id) => (
            <select
              id={id}
              value={fields.lawfulBasis}
              onChange={({ target }) =>
                setFields({ ...fields, lawfulBasis: target.value as Fields["lawfulBasis"] })
              }
            >
              <option value="">Not recorded</option>
              {BASES.map(([basis, name]) => (
                <option key={basis} value={basis}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {text("source", "Where the address comes from")}
      </div>
      <Field label="Notes">
        {(id) => (
          <textarea
            id={id}
            value={fields.notes}
            onChange={({ target }) => setFields({ ...fields, notes: target.value })}
          />
        )}
      </Field>
      {refused ? (
        <p role="alert" className={styles.error}>
          {refused}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button kind="primary" type="submit">
          {does}
        </Button>
        {children}
      </div>
    </form>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
