/** Grounding: what the mail's sentences rest on; those that rest on nothing come first. */

import { FactSource } from "../../factSource";
import { Jump } from "../../ui/jump";
import { Time } from "../../ui/time";
import beside from "./beside.module.css";
import type { OpenDraft } from "./draft";
import styles from "./grounding.module.css";
import { cited, type Fact, idOf, isMarked, type Sentence } from "./grounds";

/** What sentences rest on that need no look, in words that stand behind their number. */
const REST = {
  ORDER: "from what was asked",
  PERSON: "in a person's words",
  COURTESY: "of courtesy",
};

export function Grounding({ draft: { sentences, task } }: { draft: OpenDraft }) {
  const facts = cited(sentences);
  const known = task.contact?.facts.filter(({ id }) => facts.every((fact) => fact.id !== id)) ?? [];
  return (
    <section className={beside.block} aria-label="What it rests on">
      <h3>What it rests on</h3>
      {sentences.length === 0 ? (
        <p className="quiet">Not known: it was written before that was kept.</p>
      ) : null}
      <Unsupported sentences={sentences} />
      {facts.length > 0 ? (
        <ol className={styles.facts}>
          {facts.map((fact, place) => (
            <li key={fact.id} id={idOf.fact(place)} tabIndex={-1} value={place + 1}>
              <Known fact={fact} />
              <Cited fact={fact} sentences={sentences} />
            </li>
          ))}
        </ol>
      ) : null}
      <p className="quiet">{rest(sentences)}</p>
      {known.length > 0 ? (
        <details>
          <summary>{known.length === 1 ? "1 other fact" : `${known.length} other facts`}</summary>
          <ul className={beside.list}>
            {known.map((fact) => (
              <li key={fact.id}>
                <Known fact={fact} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Unsupported({ sentences }: { sentences: readonly Sentence[] }) {
  const marked = sentences.flatMap((sentence, place) =>
    sentence.basis === "UNSUPPORTED" ? [{ place, text: sentence.text }] : [],
  );
  if (marked.length === 0) return null;
  return (
    <div className={beside.warning}>
      <p>
        <strong>
          {marked.length === 1 ? "Nothing known supports this" : "Nothing known supports these"}
        </strong>
        : read {marked.length === 1 ? "it" : "them"} first.
      </p>
      <ul className={styles.unsupported}>
        {marked.map(({ place, text }) => (
          <li key={place}>
            <Jump to={idOf.sentence(place)}>{text}</Jump>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Known({ fact }: { fact: Omit<Fact, "withdrawnAt" | "withdrawnBy"> }) {
  return (
    <>
      <p>{fact.statement}</p>
      {fact.quote === fact.statement ? null : <blockquote>“{fact.quote}”</blockquote>}
      <p className="quiet small">
        <FactSource fact={fact} />, found <Time at={fact.foundAt} />
      </p>
    </>
  );
}

function Cited({ fact, sentences }: { fact: Fact; sentences: readonly Sentence[] }) {
  const place = sentences.findIndex(({ facts }) => facts.some(({ id }) => id === fact.id));
  return (
    <>
      {fact.withdrawnAt ? (
        <p className={styles.withdrawn}>
          Withdrawn since, by {fact.withdrawnBy}, <Time at={fact.withdrawnAt} />.
        </p>
      ) : null}
      <p className={styles.back}>
        <Jump to={idOf.sentence(place)}>
          Where it is said<span className="unseen">: {sentences[place]?.text}</span>
        </Jump>
      </p>
    </>
  );
}

/** "Its other sentences: 2 from what was asked, 1 of courtesy." */
function rest(sentences: readonly Sentence[]): string {
  const counts = Object.entries(REST).flatMap(([basis, words]) => {
    const count = sentences.filter((sentence) => sentence.basis === basis).length;
    return count > 0 ? [`${count} ${words}`] : [];
  });
  if (counts.length === 0) return "";
  return `Its ${sentences.some(isMarked) ? "other " : ""}sentences: ${counts.join(", ")}.`;
}
