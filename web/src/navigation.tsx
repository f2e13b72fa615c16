/** Navigation: where to go, who is here, and how the house is doing. */

import { useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import styles from "./navigation.module.css";
import { PAGES, pageAt } from "./pages";
import { signOut } from "./session";
import { Button } from "./ui/button";
import { Connection } from "./ui/connection";
import { ThemeSwitch } from "./ui/theme";
import { complain } from "./ui/toast";
import { useWide } from "./ui/wide";
import { useViewer } from "./viewer";

const SENDING: Readonly<Record<string, string>> = {
  BLOCKED: "Mail is held",
  SANDBOX: "Sandbox mail",
  ENABLED: "Real mail",
};

export function Navigation({ sending }: { sending: string }) {
  const [address] = useLocation();
  const here = pageAt(address);
  const viewer = useViewer();
  const wide = useWide();
  const pages = useRef<HTMLElement>(null);
  // On a narrow screen they are wider than it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is open
  useEffect(() => {
    const open = pages.current?.querySelector("[aria-current]");
    open?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  return (
    <header className={styles.side}>
      <div className={styles.brand}>
        <strong>Rapport</strong>
        <span className="quiet small">{viewer.workspace.name}</span>
      </div>
      <nav aria-label="Pages" ref={pages}>
        <ul>
          {PAGES.filter(({ aside }) => !aside).map((page) => (
            <li key={page.path}>
              <Link href={page.path} aria-current={page === here ? "page" : undefined}>
                {page.name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <details className={styles.more} open={wide}>
        <summary>Status and account</summary>
        <Connection />
        <p className="small quiet">{SENDING[sending] ?? sending}</p>
        <ThemeSwitch />
        <ul>
          {PAGES.filter(({ aside }) => aside).map((page) => (
            <li key={page.path}>
              <Link
                href={page.path}
                className={styles.own}
                aria-current={page === here ? "page" : undefined}
              >
                {page.name}
              </Link>
            </li>
          ))}
        </ul>
        <div className={styles.who}>
          <span>
            {viewer.name} <span className="quiet small">{viewer.role.toLowerCase()}</span>
          </span>
          <Button kind="bare" onClick={() => signOut().catch((error) => complain(error.message))}>
            Sign out
          </Button>
        </div>
      </details>
    </header>
  );
}
