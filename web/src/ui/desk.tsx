/**
 * Desk: a list, and what is open of it beside it; on a narrow screen one at a time.
 *
 * `j` and `k` open the next row and the one before.
 */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import styles from "./desk.module.css";
import { Icon } from "./icon";
import { useShortcuts } from "./keys";
import { useWide } from "./wide";

/**
 * Return what is open: what the address asks for or, where there is room, the first row.
 *
 * That stays open when another row becomes the first, or when it leaves the list: nobody is to
 * act on something else than they look at, or to lose what they write.
 */
export function useOpen(asked: string | undefined, first: string | undefined): string | undefined {
  const wide = useWide();
  const [kept, keep] = useState<string>();
  const byItself = asked === undefined && wide ? (kept ?? first) : undefined;
  if (byItself !== kept) keep(byItself);
  return asked ?? byItself;
}

interface Props {
  /** What the list is of. */
  label: string;
  /** What one row is called, for the help. */
  one: string;
  /** Every row's address, in order. */
  addresses: readonly string[];
  /** The address of what is open, if anything is. */
  open: string | undefined;
  /** The address of the list alone. */
  back: string;
  list: ReactNode;
  children: ReactNode;
}

export function Desk({ label, one, addresses, open, back, list, children }: Props) {
  const wide = useWide();
  const [, go] = useLocation();
  const frame = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is open
  useEffect(() => {
    frame.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const step = (by: number) => {
    const at = open === undefined ? -1 : addresses.indexOf(open);
    const next = addresses[at < 0 ? 0 : Math.min(Math.max(at + by, 0), addresses.length - 1)];
    if (next) go(next, { replace: true });
  };
  useShortcuts([
    { keys: "j", does: `Next ${one}`, run: () => step(1) },
    { keys: "k", does: `Previous ${one}`, run: () => step(-1) },
  ]);
  return (
    <div className={styles.desk}>
      {wide || open === undefined ? (
        <section className={styles.list} aria-label={label} ref={frame}>
          {list}
        </section>
      ) : null}
      {wide || open !== undefined ? (
        <div className={styles.pane}>
          <Link href={back} className={styles.back}>
            <Icon name="back" /> {label}
          </Link>
          {children}
        </div>
      ) : null}
    </div>
  );
}
