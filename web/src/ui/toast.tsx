/**
 * Toast: what came of the user's own act, with a way back as long as there is one.
 *
 * Never for what happens by itself.  `u` takes back the newest act that can be taken back.
 */

import { useState, useSyncExternalStore } from "react";
import { announce } from "./announce";
import { Button } from "./button";
import { Icon } from "./icon";
import { Statement } from "./statement";
import styles from "./toast.module.css";

const STAYS = 8_000;
const MOST = 3;

export interface Toast {
  id: number;
  text: string;
  bad: boolean;
  undo: (() => void) | undefined;
}

let toasts: readonly Toast[] = [];
let last = 0;
const watchers = new Set<() => void>();

/** Say what was done; `undo` takes it back.  Returns its id. */
export function toast(text: string, undo?: () => void): number {
  return add({ text, undo, bad: false });
}

/** Say what could not be done. */
export function complain(text: string): number {
  return add({ text, undo: undefined, bad: true });
}

/** Say something else in its place; without `undo` there is no way back any more. */
export function retoast(id: number, text: string): void {
  if (!toasts.some((each) => each.id === id)) return;
  replace(toasts.map((each) => (each.id === id ? { ...each, text, undo: undefined } : each)));
  announce(text);
}

/** Take back the newest act that can be. */
export function undoLast(): void {
  const newest = toasts.findLast(({ undo }) => undo);
  if (newest) takeBack(newest);
}

function takeBack(taken: Toast): void {
  dismiss(taken.id);
  taken.undo?.();
}

function add(made: Omit<Toast, "id">): number {
  const id = ++last;
  replace([...toasts, { ...made, id }].slice(-MOST));
  announce(made.text);
  setTimeout(() => dismiss(id), made.undo || made.bad ? 2 * STAYS : STAYS);
  return id;
}

function dismiss(id: number): void {
  replace(toasts.filter((each) => each.id !== id));
}

function replace(now: readonly Toast[]): void {
  toasts = now;
  for (const tell of watchers) tell();
}

function subscribe(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** What was refused last since the caller is there: no toast is heard or pressed under a dialog. */
export function useRefusal(): string | undefined {
  const [before] = useState(() => last);
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return shown.findLast(({ id, bad }) => bad && id > before)?.text;
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section className={styles.toasts} aria-label="What you did">
      {shown.map((each) => (
        <div key={each.id} className={each.bad ? styles.bad : styles.toast}>
          <p>
            <Statement text={each.text} />
          </p>
          {each.undo ? (
            <Button kind="bare" hint="u" onClick={() => takeBack(each)}>
              Undo
            </Button>
          ) : null}
          <Button kind="bare" aria-label="Dismiss" onClick={() => dismiss(each.id)}>
            <Icon name="close" />
          </Button>
        </div>
      ))}
    </section>
  );
}
