/** Knowledge: what the writer of a draft was told: the person, the wish, the deal, the feedback. */

import { StateBadge } from "../../ui/badge";
import styles from "./beside.module.css";
import type { OpenDraft } from "./draft";

export function Knowledge({ draft }: { draft: OpenDraft }) {
  const { contact, opportunity, instruction, drafts, agent } = draft.task;
  const feedback = drafts.filter(
    ({ status, reason, version }) => status === "REJECTED" && reason && version < draft.version,
  );
  return (
    <>
      {contact ? (
        <section className={styles.block}>
          <h3>Contact</h3>
          <p>
            <strong>{contact.name}</strong> <StateBadge state={contact.status} />
          </p>
          <Facts
            of={[
              ["Address", contact.email],
              ["Role", contact.title],
              ["Company", contact.company],
              ["Place", [contact.country, contact.timezone].filter(Boolean).join(", ")],
              ["Notes", contact.notes],
            ]}
          />
        </section>
      ) : null}
      <section className={styles.block}>
        <h3>What the writer knew</h3>
        <p className={styles.words}>{instruction}</p>
        {feedback.map(({ id, version, reason, decidedBy }) => (
          <p key={id}>
            <span className="quiet">
              {decidedBy} on version {version}:
            </span>{" "}
            {reason}
          </p>
        ))}
        <Facts
          of={[
            ["Agent", agent.name],
            ["Deal", opportunity?.title],
            ["Next step", opportunity?.nextStep],
            ["Deal notes", opportunity?.notes],
          ]}
        />
      </section>
    </>
  );
}

function Facts({ of }: { of: readonly (readonly [string, string | null | undefined])[] }) {
  const known = of.filter(([, value]) => value);
  if (known.length === 0) return null;
  return (
    <dl className={styles.facts}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
