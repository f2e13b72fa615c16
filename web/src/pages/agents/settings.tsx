/** Settings: how an agent is set now, in words. */

import styles from "./agent.module.css";
import type { TeamMember } from "./agents";
import { CATALOGUE, RULES, type Setting } from "./catalogue";
import list from "./settings.module.css";
import { spanInWords } from "./spans";

export type Values = Readonly<Record<string, unknown>>;

export function valuesOf(agent: TeamMember): Values {
  return agent.settings as Values;
}

export function Settings({ agent }: { agent: TeamMember }) {
  const values = valuesOf(agent);
  return (
    <section className={styles.block} aria-labelledby="settings">
      <h3 id="settings">Settings</h3>
      <dl className={list.settings}>
        {CATALOGUE[agent.kind].map((setting) => (
          <div key={setting.key}>
            <dt>{setting.label}</dt>
            <dd>{inWords(setting, values[setting.key])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Return a value as a person says it. */
function inWords({ control, unset }: Setting, value: unknown): string {
  const empty = value === null || value === undefined || (Array.isArray(value) && !value.length);
  if (empty) return unset ?? "–";
  switch (control.as) {
    case "switch":
      return value ? "yes" : "no";
    case "number":
      return control.unit ? `${value} ${control.unit}` : String(value);
    case "choice":
      return labelOf(control.of, value);
    case "rules":
      return (value as string[]).map((rule) => labelOf(RULES, rule)).join("; ");
    case "span":
      return spanInWords(value as string);
    case "waits":
      return (value as string[]).map(spanInWords).join(", then ");
    default:
      return String(value);
  }
}

function labelOf(among: readonly (readonly [string, string])[], value: unknown): string {
  return among.find(([each]) => each === value)?.[1] ?? String(value);
}
