/** SettingField: the input for one setting, by what kind of thing it is. */

import { Field, marksOf, Notes } from "../../ui/field";
import { RULES, type Setting } from "./catalogue";
import styles from "./settings.module.css";
import { SpanInput, WaitsField } from "./waits";

export interface SettingProps {
  setting: Setting;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}

export function SettingField(props: SettingProps) {
  switch (props.setting.control.as) {
    case "switch":
      return <Switch {...props} />;
    case "rules":
      return <Rules {...props} />;
    case "waits":
      return <WaitsField {...props} />;
    default:
      return <Single {...props} />;
  }
}

/** What has one input.  Left empty it is null, which is the default. */
function Single({ setting, value, error, onChange }: SettingProps) {
  const { key, label, hint, control } = setting;
  const text = value === null || value === undefined ? "" : String(value);
  return (
    <Field id={`setting-${key}`} label={label} hint={hint} error={error}>
      {(marks) => {
        switch (control.as) {
          case "text":
            return (
              <textarea
                {...marks}
                className={styles.text}
                value={text}
                onChange={({ target }) => onChange(target.value || null)}
              />
            );
          case "number":
            return (
              <span className={styles.beside}>
                <input
                  {...marks}
                  type="number"
                  value={text}
                  onChange={({ target }) => onChange(target.value ? Number(target.value) : null)}
                />
                {control.unit ? <span className="quiet">{control.unit}</span> : null}
              </span>
            );
          case "choice":
            return (
              <select {...marks} value={text} onChange={({ target }) => onChange(target.value)}>
                {control.of.map(([each, words]) => (
                  <option key={each} value={each}>
                    {words}
                  </option>
                ))}
              </select>
            );
          case "span":
            return <SpanInput marks={marks} of={label} value={text} onChange={onChange} />;
          default:
            return (
              <input
                {...marks}
                type={control.as === "time" ? "time" : "text"}
                value={text}
                onChange={({ target }) => onChange(target.value || null)}
              />
            );
        }
      }}
    </Field>
  );
}

function Switch({ setting: { key, label, hint }, value, error, onChange }: SettingProps) {
  const id = `setting-${key}`;
  return (
    <div>
      <div className={styles.check}>
        <input
          {...marksOf(id, hint, error)}
          type="checkbox"
          checked={value === true}
          onChange={({ target }) => onChange(target.checked)}
        />
        <label htmlFor={id}>{label}</label>
      </div>
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

function Rules({ setting: { key, label, hint }, value, error, onChange }: SettingProps) {
  const id = `setting-${key}`;
  const chosen = new Set(Array.isArray(value) ? value : []);
  return (
    <fieldset
      className={styles.set}
      aria-describedby={marksOf(id, hint, error)["aria-describedby"]}
    >
      <legend>{label}</legend>
      {RULES.map(([rule, words]) => (
        <label key={rule}>
          <input
            type="checkbox"
            checked={chosen.has(rule)}
            onChange={({ target }) => {
              const now = RULES.filter(([each]) =>
                each === rule ? target.checked : chosen.has(each),
              );
              onChange(now.map(([each]) => each));
            }}
          />
          {words}
        </label>
      ))}
      <Notes id={id} hint={hint} error={error} />
    </fieldset>
  );
}
