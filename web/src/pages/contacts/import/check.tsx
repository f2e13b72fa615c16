/** Check: what would come of the file, then what did. */

import { useState } from "react";
import { announce } from "../../../ui/announce";
import { Button } from "../../../ui/button";
import forms from "../forms.module.css";
import type { Found } from "./columns";
import styles from "./import.module.css";
import { Result } from "./result";
import { Run } from "./run";
import { type OnDuplicate, type Outcome, rehearse, type Sheet } from "./sending";

interface Props {
  sheet: Sheet;
  columns: Found["columns"];
}

export function Check({ sheet, columns }: Props) {
  const [onDuplicate, setOnDuplicate] = useState<OnDuplicate>("SKIP");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [told, setTold] = useState<Outcome>();
  const check = async () => {
    setBusy(true);
    const outcome = await rehearse(sheet, onDuplicate);
    setBusy(false);
    setRefused("refused" in outcome ? outcome.refused : undefined);
    if ("refused" in outcome) return;
    setTold(outcome.done);
    announce(`Checked: ${outcome.done.failed.length} lines cannot go in.`);
  };
  const titles = columns.map(({ title }) => title);
  if (told) {
    return (
      <Run sheet={sheet} onDuplicate={onDuplicate} told={told} titles={titles}>
        <Result title="What would come of it" outcome={told} sheet={sheet} titles={titles} ahead />
      </Run>
    );
  }
  return (
    <section className={styles.part}>
      <fieldset className={forms.choices}>
        <legend>People who are here already</legend>
        {DUPLICATES.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="duplicates"
              checked={value === onDuplicate}
              onChange={() => setOnDuplicate(value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      {refused ? (
        <p role="alert" className={forms.error}>
          {refused}
        </p>
      ) : null}
      <div className={forms.buttons}>
        <Button kind="primary" disabled={busy} onClick={check}>
          {busy ? "Checking the file…" : "Check the file"}
        </Button>
        <span className="quiet small">Nothing is kept yet.</span>
      </div>
    </section>
  );
}

const DUPLICATES: readonly (readonly [OnDuplicate, string])[] = [
  ["SKIP", "stay as they are"],
  ["UPDATE", "take over what the file says; what it leaves blank stays"],
];
