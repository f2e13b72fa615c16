/** Jump: a link to a place on the same page, which is brought into view and into focus. */

import type { ReactNode } from "react";

interface Props {
  /** The id of an element that can be focused. */
  to: string;
  className?: string | undefined;
  children: ReactNode;
}

export function Jump({ to, className, children }: Props) {
  return (
    <a
      href={`#${to}`}
      className={className}
      onClick={(event) => {
        event.preventDefault(); // what is open stands in the address, and stays there
        const there = document.getElementById(to);
        there?.scrollIntoView({ block: "center" });
        there?.focus({ preventScroll: true });
      }}
    >
      {children}
    </a>
  );
}
