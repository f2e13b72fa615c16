/** Board: the stages side by side, each a column of deals that scrolls by itself. */

import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { useShortcuts } from "../../ui/keys";
import styles from "./board.module.css";
import { Column } from "./column";
import type { Stage } from "./stages";

interface Props {
  stages: readonly Stage[];
  open: string | null;
  count: (stage: Stage) => number | undefined;
}

export function Board({ stages, open, count }: Props) {
  const board = useRef<HTMLDivElement>(null);
  const [, go] = useLocation();
  const links = () => [...(board.current?.querySelectorAll("a") ?? [])];
  /** The columns load for themselves: which card comes next is known by the page alone. */
  const step = (by: number) => {
    const all = links();
    const at = all.findIndex((link) => link.ariaCurrent);
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) go(next.pathname + next.search, { replace: true });
  };
  useShortcuts([
    { keys: "j", does: "Next opportunity", run: () => step(1) },
    { keys: "k", does: "Previous opportunity", run: () => step(-1) },
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another card is open
  useEffect(() => {
    board.current
      ?.querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [open]);
  return (
    <div className={styles.board} ref={board} data-board>
      {stages.map((stage) => (
        <Column key={stage} stage={stage} open={open} count={count(stage)} />
      ))}
    </div>
  );
}
