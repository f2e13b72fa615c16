/**
 * Keys: one table of shortcuts, which the handler acts by and the help shows.
 *
 * A shortcut is one key, or `g` and another.  None counts while somebody types, with a
 * modifier held, or under an open dialog.
 */

import { useEffectEvent, useLayoutEffect, useState } from "react";
import { Dialog } from "./dialog";
import styles from "./keys.module.css";

export interface Shortcut {
  keys: string;
  does: string;
  run: () => void;
}

/** How long `g` waits for its other key: whoever looks for it must not approve a mail instead. */
const PATIENCE = 5_000;
const table = new Map<string, Shortcut>();
let before: { key: string; at: number } | undefined;

/** Have these shortcuts count as long as the component is there. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const run = useEffectEvent((keys: string) => {
    shortcuts.find((each) => each.keys === keys)?.run();
  });
  const shown = shortcuts.map(({ keys, does }) => `${keys}\t${does}`).join("\n");
  // With the layout: what can be seen can be pressed.
  useLayoutEffect(() => {
    const mine = shown
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [keys = "", does = ""] = line.split("\t");
        return { keys, does, run: () => run(keys) };
      });
    for (const shortcut of mine) table.set(shortcut.keys, shortcut);
    return () => {
      for (const shortcut of mine) {
        if (table.get(shortcut.keys) === shortcut) table.delete(shortcut.keys);
      }
    };
  }, [shown]);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const led = before && event.timeStamp - before.at < PATIENCE ? `${before.key} ` : "";
  before = event.key === "g" ? { key: "g", at: event.timeStamp } : undefined;
  const shortcut = table.get(led + event.key);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

addEventListener("keydown", onKey);

/** The `?` dialog. */
export function KeyHelp() {
  const [open, setOpen] = useState(false);
  useShortcuts([{ keys: "?", does: "Show these shortcuts", run: () => setOpen(true) }]);
  if (!open) return null;
  return (
    <Dialog title="Keyboard" onClose={() => setOpen(false)}>
      <dl className={styles.keys}>
        {[...table.values()].map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
