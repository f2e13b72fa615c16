/** Grounds: what a draft's sentences rest on, and where they stand in its mail. */

import type { OpenDraft } from "./draft";

export type Sentence = OpenDraft["sentences"][number];
export type Fact = Sentence["facts"][number];

/** A piece of the mail's text; `sentence` says which one it is, if what it rests on is shown. */
export interface Piece {
  text: string;
  sentence?: number;
}

/** Return the facts that are cited, each once, in the order in which the mail comes to them. */
export function cited(sentences: readonly Sentence[]): Fact[] {
  const facts = new Map(sentences.flatMap((each) => each.facts).map((fact) => [fact.id, fact]));
  return [...facts.values()];
}

/** Whether a sentence is marked in the mail: what is asked for, or polite, needs no look. */
export function isMarked({ basis }: Sentence): boolean {
  return basis === "FACT" || basis === "UNSUPPORTED";
}

/**
 * Cut a mail's text where its marked sentences begin and end.
 *
 * Sentences have their white space made one; the text has it as it will be read.  One that is
 * not found, as the footer may say it otherwise, is not marked.
 */
export function pieces(text: string, sentences: readonly Sentence[]): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  let unmarked = 0;
  for (const [sentence, each] of sentences.entries()) {
    const place = find(each.text, text, from);
    if (!place) continue;
    from = place.end;
    if (!isMarked(each)) continue;
    found.push({ text: text.slice(unmarked, place.begin) });
    found.push({ text: text.slice(place.begin, place.end), sentence });
    unmarked = place.end;
  }
  return [...found, { text: text.slice(unmarked) }].filter((piece) => piece.text !== "");
}

function find(sentence: string, text: string, from: number) {
  const words = sentence.split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const wanted = new RegExp(words.map(literally).join("\\s+"), "g");
  wanted.lastIndex = from;
  const match = wanted.exec(text);
  return match ? { begin: match.index, end: match.index + match[0].length } : undefined;
}

function literally(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The ids of a sentence in the mail, and of a fact beside it. */
export const idOf = {
  sentence: (place: number) => `sentence-${place}`,
  fact: (place: number) => `fact-${place + 1}`,
};
