/** Waits: lengths of time as a number and its unit; one, or one for each follow-up. */

import { Button } from "../../ui/button";
import { type Marks, marksOf, Notes } from "../../ui/field";
import { Icon } from "../../ui/icon";
import type { SettingProps } from "./field";
import styles from "./settings.module.css";
import { isoOf, spanOf, UNITS, type Unit } from "./spans";

interface SpanProps {
  marks: Marks;
  /** What is measured, for those who hear the two fields. */
  of: string;
  value: string;
  onChange: (value: string) => void;
}

/** Nothing written is no time at all, which the API refuses in its own words. */
export function SpanInput({ marks, of, value, onChange }: SpanProps) {
  const { amount, unit } = spanOf(value);
  return (
    <span className={styles.beside}>
      <input
        {...marks}
        aria-label={of}
        type="number"
        min={0}
        value={amount || ""}
        onChange={({ target }) => onChange(isoOf({ amount: Number(target.value), unit }))}
      />
      <select
        aria-label={`Unit of: ${of}`}
        value={unit}
        onChange={({ target }) => onChange(isoOf({ amount, unit: target.value as Unit }))}
      >
        {UNITS.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </span>
  );
}

const ONE_MORE = "P7D";

export function WaitsField({ setting, value, error, onChange }: SettingProps) {
  const { key, label, hint } = setting;
  const id = `setting-${key}`;
  const waits = Array.isArray(value) ? (value as string[]) : [];
  return (
    <fieldset className={styles.set}>
      <legend>{label}</legend>
      {waits.map((wait, place) => {
        const step = `Wait before follow-up ${place + 1}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <div key={place} className={styles.beside}>
            <span className="quiet number" aria-hidden="true">
              {place + 1}.
            </span>
            <SpanInput
              marks={{ ...marksOf(id, hint, error), id: `${id}-${place}` }}
              of={step}
              value={wait}
              onChange={(now) => onChange(waits.with(place, now))}
            />
            <Button
              kind="bare"
              aria-label={`Remove follow-up ${place + 1}`}
              onClick={() => onChange(waits.toSpliced(place, 1))}
            >
              <Icon name="close" />
            </Button>
          </div>
        );
      })}
      <div>
        <Button onClick={() => onChange([...waits, waits.at(-1) ?? ONE_MORE])}>
          Add a follow-up
        </Button>
      </div>
      <Notes id={id} hint={hint} error={error} />
    </fieldset>
  );
}
