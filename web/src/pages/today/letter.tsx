/**
 * Letter: the mail as it would leave.  Sentences that rest on facts carry their numbers; those
 * that nothing supports are marked, so that the eye goes there first.
 */

import { Jump } from "../../ui/jump";
import type { OpenDraft } from "./draft";
import { cited, idOf, pieces, type Sentence } from "./grounds";
import styles from "./letter.module.css";

export function Letter({ draft: { to, preview, sentences } }: { draft: OpenDraft }) {
  const facts = cited(sentences).map(({ id }) => id);
  return (
    <section className={styles.letter} aria-label="The mail, as it would leave">
      <dl>
        <dt>To</dt>
        <dd>{to}</dd>
        <dt>From</dt>
        <dd>{preview.from}</dd>
      </dl>
      <div className={styles.text}>
        {pieces(preview.text, sentences).map(({ text, sentence = -1 }, place) => {
          const of = sentences[sentence];
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the text
          if (!of) return <span key={place}>{text}</span>;
          const id = idOf.sentence(sentence);
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the text
          return <Marked key={place} id={id} text={text} of={of} facts={facts} />;
        })}
      </div>
    </section>
  );
}

interface MarkedProps {
  id: string;
  text: string;
  of: Sentence;
  /** The ids of all facts that the mail cites. */
  facts: readonly string[];
}

function Marked({ id, text, of, facts }: MarkedProps) {
  if (of.basis === "UNSUPPORTED") {
    return (
      <mark id={id} tabIndex={-1} className={styles.unsupported}>
        {text}
        <span className="unseen"> (nothing known supports this)</span>
      </mark>
    );
  }
  return (
    <>
      <span id={id} tabIndex={-1}>
        {text}
      </span>
      <sup className={styles.numbers}>
        {of.facts.map((fact) => {
          const number = facts.indexOf(fact.id);
          return (
            <Jump key={fact.id} to={idOf.fact(number)}>
              <span className="unseen">Fact </span>
              {number + 1}
            </Jump>
          );
        })}
      </sup>
    </>
  );
}
