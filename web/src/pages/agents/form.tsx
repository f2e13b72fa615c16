/** SettingsForm: change an agent's name and settings; a refusal is told at its field. */

import { type FormEvent, useEffect, useRef, useState } from "react";
import { graphql, type VariablesOf } from "../../graphql";
import { attempt, type Refusal } from "../../perform";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { toast } from "../../ui/toast";
import type { TeamMember } from "./agents";
import { CATALOGUE, INPUTS } from "./catalogue";
import { SettingField } from "./field";
import { type Values, valuesOf } from "./settings";
import list from "./settings.module.css";

const UPDATE = graphql(`
  mutation UpdateAgent($input: UpdateAgentInput!) {
    payload: updateAgent(input: $input) {
      agent { id name settings }
      userErrors { code message path }
    }
  }
`);

/** Only what differs from the settings the form began with: others may set the rest meanwhile. */
function changes(before: Values, after: Values): Values {
  const differs = ([key, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(before[key]);
  return Object.fromEntries(Object.entries(after).filter(differs));
}

export function SettingsForm({ agent, onDone }: { agent: TeamMember; onDone: () => void }) {
  const [begun] = useState({ name: agent.name, values: valuesOf(agent) });
  const [name, setName] = useState(begun.name);
  const [values, setValues] = useState(begun.values);
  const [refusal, setRefusal] = useState<Refusal>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [refusal]);
  const fault = refusal?.path?.at(1) === "name" ? "name" : refusal?.path?.at(2);
  const known = fault === "name" || CATALOGUE[agent.kind].some(({ key }) => key === fault);
  const errorOf = (key: string) => (fault === key ? refusal?.refused : undefined);
  const changed = changes(begun.values, values);
  const isChanged = name !== begun.name || Object.keys(changed).length > 0;
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    const input = {
      agentId: agent.id,
      ...(name === begun.name ? {} : { name }),
      ...(Object.keys(changed).length > 0 ? { [INPUTS[agent.kind]]: changed } : {}),
    } as VariablesOf<typeof UPDATE>["input"];
    const outcome = await attempt(UPDATE, { input });
    if ("refused" in outcome) {
      setRefusal(outcome);
      return;
    }
    toast(`${name} is set.`);
    onDone();
  };
  return (
    <form
      ref={form}
      className={list.form}
      aria-label={`Settings of ${agent.name}`}
      noValidate
      onSubmit={save}
      onKeyDown={(event) => {
        // What was written is given up by a word, not by a key.
        if (event.key === "Escape" && !isChanged) onDone();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
      }}
    >
      <h3>Settings</h3>
      <Field id="agent-name" label="Name" error={errorOf("name")}>
        {(marks) => (
          <input
            {...marks}
            // biome-ignore lint/a11y/noAutofocus: the user asked to write here
            autoFocus
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      {CATALOGUE[agent.kind].map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          value={values[setting.key]}
          error={errorOf(setting.key)}
          onChange={(value) => setValues((all) => ({ ...all, [setting.key]: value }))}
        />
      ))}
      {refusal && !known ? (
        <p role="alert" className={list.error}>
          {refusal.refused}
        </p>
      ) : null}
      <div className={list.buttons}>
        <Button kind="primary" type="submit">
          Save
        </Button>
        <Button onClick={onDone}>Discard changes</Button>
      </div>
    </form>
  );
}
