/** Run: the import itself, piece by piece; what stopped it is said, and it can go on. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { announce } from "../../../ui/announce";
import { Button } from "../../../ui/button";
import { complain } from "../../../ui/toast";
import { LIST } from "../addresses";
import forms from "../forms.module.css";
import page from "../page.module.css";
import type { CsvRecord } from "./csv";
import styles from "./import.module.css";
import { Result } from "./result";
import {
  NOTHING,
  type OnDuplicate,
  type Outcome,
  pieces,
  type Sheet,
  sendPiece,
  sum,
} from "./sending";

interface Props {
  sheet: Sheet;
  onDuplicate: OnDuplicate;
  /** What the check said. */
  told: Outcome;
  titles: readonly string[];
  children: ReactNode;
}

interface Progress {
  /** How many pieces are through. */
  through: number;
  sofar: Outcome;
  running: boolean;
  refused?: string;
}

export function Run({ sheet, onDuplicate, told, titles, children }: Props) {
  const [todo] = useState(() => pieces(sheet, told.failed));
  const [at, setAt] = useState<Progress>();
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);
  useWarning(at?.running ?? false);
  const run = async () => {
    let now: Progress = { ...(at ?? { through: 0, sofar: NOTHING }), running: true };
    delete now.refused;
    setAt(now);
    while (now.running && !left.current) {
      const piece = todo[now.through];
      if (!piece) break;
      now = after(now, await sendPiece(sheet, piece, onDuplicate));
      setAt(now);
    }
    now = { ...now, running: false };
    setAt(now);
    if (left.current && now.through < todo.length) complain(halfway(todo, now.through));
    if (now.through === todo.length) announce(`Imported: ${now.sofar.created} were added.`);
  };
  const lines = todo.flat().length;
  if (at && at.through === todo.length) {
    const whole = sum(at.sofar, { ...NOTHING, failed: told.failed });
    return (
      <>
        <Result title="What came of it" outcome={whole} sheet={sheet} titles={titles} />
        <Link href={LIST} className={`${page.link} ${styles.start}`}>
          See all contacts
        </Link>
      </>
    );
  }
  return (
    <>
      {children}
      {at ? <Bar done={todo.slice(0, at.through).flat().length} of={lines} /> : null}
      {at?.refused ? (
        <p role="alert" className={forms.error}>
          {at.refused} What went in before stays; going on adds nobody twice.
        </p>
      ) : null}
      <div className={forms.buttons}>
        <Button kind="primary" disabled={lines === 0 || (at?.running ?? false)} onClick={run}>
          {at?.refused ? "Go on" : `Import ${lines.toLocaleString("en")} rows`}
        </Button>
        {told.failed.length > 0 ? (
          <span className="quiet small">The rows that cannot go in are left out.</span>
        ) : null}
      </div>
    </>
  );
}

/** What is said to whoever left in the middle. */
function halfway(todo: readonly CsvRecord[][], through: number): string {
  const [done, of] = [todo.slice(0, through), todo].map((some) => some.flat().length);
  return `The import stopped as you left it: ${done?.toLocaleString("en")} of ${of?.toLocaleString("en")} rows are through. Choose the file again to go on; nobody is added twice.`;
}

function after(now: Progress, outcome: { done: Outcome } | { refused: string }): Progress {
  if ("refused" in outcome) return { ...now, running: false, refused: outcome.refused };
  return { ...now, through: now.through + 1, sofar: sum(now.sofar, outcome.done) };
}

function Bar({ done, of }: { done: number; of: number }) {
  return (
    <div className={styles.part}>
      <label htmlFor="progress">
        {done.toLocaleString("en")} of {of.toLocaleString("en")} rows are through
      </label>
      <progress id="progress" className={styles.bar} value={done} max={of} />
    </div>
  );
}

/** Have the browser ask before the page is left in the middle of it. */
function useWarning(running: boolean): void {
  useEffect(() => {
    if (!running) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [running]);
}
