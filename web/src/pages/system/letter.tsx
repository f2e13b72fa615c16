/** LetterRow: one dead letter: what it said, to whom, and why it was given up. */

import { useRef } from "react";
import { Link } from "wouter";
import { replay } from "../../deadLetters/acts";
import { placeOf } from "../../places";
import { type Member, nameOf } from "../../team";
import { Button } from "../../ui/button";
import { useHeir } from "../../ui/heir";
import { Time } from "../../ui/time";
import type { Letter } from "./deadLetters";
import styles from "./letter.module.css";
import system from "./system.module.css";

interface Props {
  letter: Letter;
  team: readonly Member[];
  /** Asks whether it is to be discarded; undefined for those who may not. */
  onDiscard: (() => void) | undefined;
}

export function LetterRow({ letter, team, onDiscard }: Props) {
  const { id, type, text, sender, recipient, attempts, error, sentAt, task } = letter;
  const contact = task?.contact;
  const row = useRef<HTMLLIElement>(null);
  useHeir(row, neighbour);
  return (
    <li ref={row} className={styles.letter} data-row={id} tabIndex={-1}>
      <p>{text}</p>
      <p className="quiet small">
        <code>{type}</code> from {nameOf(team, sender)} to {nameOf(team, recipient)},{" "}
        <Time at={sentAt} />; tried {attempts} {attempts === 1 ? "time" : "times"}
      </p>
      {error ? <pre className={styles.error}>{error}</pre> : null}
      <div className={system.buttons}>
        {onDiscard ? (
          <>
            <Button onClick={() => replay(letter, team)}>Replay</Button>
            <Button kind="danger" onClick={onDiscard}>
              Discard
            </Button>
          </>
        ) : null}
        {contact ? <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link> : null}
        {task ? <Link href={placeOf("Task", task.id)}>Its task</Link> : null}
      </div>
    </li>
  );
}

/** The letter after one or, of the last, before it; without any, the heading. */
function neighbour(letter: HTMLElement): HTMLElement | null | undefined {
  const other = letter.nextElementSibling ?? letter.previousElementSibling;
  return (other as HTMLElement | null) ?? letter.closest("section")?.querySelector("h2");
}
