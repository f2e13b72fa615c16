/**
 * Shell: what stays while pages change.
 *
 * It asks first who is here and up to which event everything is known; pages come after
 * that, so that no event can fall between what they show and what they are told of.
 */

import { Suspense, useEffect, useRef } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { graphql } from "./graphql";
import { goLive } from "./live";
import { Navigation } from "./navigation";
import { PAGES, pageAt } from "./pages";
import { useOpened } from "./push/opened";
import { renew } from "./push/renew";
import { SessionEnded } from "./sessionEnded";
import styles from "./shell.module.css";
import { Announcer } from "./ui/announce";
import { Boundary } from "./ui/boundary";
import { Empty } from "./ui/empty";
import { Failure } from "./ui/failure";
import { KeyHelp, useShortcuts } from "./ui/keys";
import { Skeleton } from "./ui/skeleton";
import { Toasts, undoLast } from "./ui/toast";
import { ViewerContext } from "./viewer";

const SHELL = graphql(`
  query Shell {
    viewer { name role workspace { id name timezone } }
    system { cursor emailSending }
  }
`);

export function Shell() {
  const [{ data, error }, ask] = useQuery({ query: SHELL, requestPolicy: "cache-first" });
  const cursor = data?.system.cursor;
  useEffect(() => {
    if (!cursor) return;
    goLive(cursor);
    void renew();
  }, [cursor]);
  if (!data) {
    return (
      <main className={styles.alone}>
        {error ? (
          <Failure error={error} retry={() => ask({ requestPolicy: "network-only" })} />
        ) : (
          <Skeleton of="the dashboard" />
        )}
        <SessionEnded />
      </main>
    );
  }
  return (
    <ViewerContext value={data.viewer}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <div className={styles.shell}>
        <Navigation sending={data.system.emailSending} />
        <Main />
      </div>
      <KeyHelp />
      <Toasts />
      <Announcer />
      <SessionEnded />
    </ViewerContext>
  );
}

function Main() {
  const [address, go] = useLocation();
  const entry = pageAt(address);
  const shown = useRef(entry);
  useOpened(go);
  const element = useRef<HTMLElement>(null);
  useShortcuts([
    ...PAGES.map(({ path, name, key }) => ({
      keys: `g ${key}`,
      does: `Go to ${name}`,
      run: () => go(path),
    })),
    { keys: "u", does: "Undo what you did last", run: undoLast },
  ]);
  useEffect(() => {
    document.title = entry ? `${entry.name} · Rapport` : "Rapport";
    // Whoever does not see the page change is taken to its beginning.
    if (shown.current !== entry) element.current?.focus({ preventScroll: true });
    shown.current = entry;
  }, [entry]);
  return (
    <main ref={element} id="main" className={styles.main} tabIndex={-1}>
      <Boundary key={entry?.path}>
        <Suspense fallback={<Skeleton of="the page" />}>
          {entry ? (
            <entry.page />
          ) : (
            <Empty title="There is no such page">
              <p>The address may be from another release.</p>
            </Empty>
          )}
        </Suspense>
      </Boundary>
    </main>
  );
}
