/**
 * Notes: what is being written on questions, by question.
 *
 * They are there again when the page is, and outlast a question that somebody else settles.
 */

import { useRef, useState } from "react";
import type { Question } from "./question";

export interface Noted {
  question: Question;
  note: string;
  /** Whether it is on its way with an answer of one's own. */
  sending: boolean;
}

const kept = new Map<string, Noted>();

export function useNotes() {
  const [notes, setNotes] = useState<ReadonlyMap<string, Noted>>(() => new Map(kept));
  /** The question on which somebody is just writing; stays when its field leaves the page. */
  const writing = useRef<string>(undefined);
  const write = (question: Question, note: string, sending = false) => {
    if (note.trim() || sending) kept.set(question.id, { question, note, sending });
    else kept.delete(question.id);
    setNotes(new Map(kept));
  };
  return { notes, write, writing };
}

/** Return the notes on questions that are open no more, and that nobody here has answered. */
export function overtaken(
  notes: ReadonlyMap<string, Noted>,
  open: readonly Question[],
): readonly Noted[] {
  const ids = new Set(open.map(({ id }) => id));
  return [...notes.values()].filter(({ question, sending }) => !sending && !ids.has(question.id));
}
