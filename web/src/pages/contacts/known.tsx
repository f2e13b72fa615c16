/** Known: the fields of a contact, and the form that changes them. */

import { useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useShortcuts } from "../../ui/keys";
import { toast } from "../../ui/toast";
import { useMayWork } from "../../viewer";
import { basisName } from "./basis";
import type { Person } from "./contact";
import styles from "./contact.module.css";
import { ContactForm, type Fields } from "./form";

const UPDATE = graphql(`
  mutation UpdateContact($input: UpdateContactInput!) {
    payload: updateContact(input: $input) { contact { id } userErrors { code message } }
  }
`);

export function Known({ person }: { person: Person }) {
  const mayWork = useMayWork() && !person.erasedAt;
  const [editing, setEditing] = useState(false);
  return (
    <section className={styles.block}>
      <header>
        <h2>Contact</h2>
        {mayWork ? <Edit open={() => setEditing(true)} /> : null}
      </header>
      <dl className={styles.facts}>
        {FIELDS.map(([name, show]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={styles.words}>{show(person) || <span className="quiet">–</span>}</dd>
          </div>
        ))}
      </dl>
      {editing ? <EditDialog person={person} onClose={() => setEditing(false)} /> : null}
    </section>
  );
}

const FIELDS: readonly (readonly [string, (person: Person) => string | null])[] = [
  ["Address", ({ email }) => email],
  ["Role", ({ title }) => title],
  ["Company", ({ company }) => company],
  ["Country", ({ country }) => country],
  ["Time zone", ({ timezone }) => timezone],
  ["Lawful basis", ({ lawfulBasis }) => basisName(lawfulBasis)],
  ["Source", ({ source }) => source],
  ["Notes", ({ notes }) => notes],
];

function Edit({ open }: { open: () => void }) {
  useShortcuts([{ keys: "e", does: "Edit the contact", run: open }]);
  return (
    <Button hint="e" onClick={open}>
      Edit
    </Button>
  );
}

function EditDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [refused, setRefused] = useState<string>();
  const [start] = useState<Fields>(() => fieldsOf(person));
  const save = async (fields: Fields) => {
    const input = { contactId: person.id, ...changes(start, fields) };
    const outcome = await attempt(UPDATE, { input });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    toast(`${fields.name} was changed.`);
    onClose();
  };
  return (
    <Dialog title={`Edit ${person.name}`} onClose={onClose}>
      <ContactForm start={start} does="Save" refused={refused} onSave={save} />
    </Dialog>
  );
}

function fieldsOf(person: Person): Fields {
  const { name, email, company, title, timezone, country, lawfulBasis, source, notes } = person;
  return {
    name,
    email,
    company: company ?? "",
    title: title ?? "",
    timezone: timezone ?? "",
    country: country ?? "",
    lawfulBasis: lawfulBasis ?? "",
    source: source ?? "",
    notes: notes ?? "",
  };
}

/** Only what was changed here, so that another's change of another field stands. */
function changes(before: Fields, after: Fields): Partial<Record<keyof Fields, null>> {
  const names = Object.keys(before) as (keyof Fields)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, after[name] || null]));
}
