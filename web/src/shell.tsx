/**
 * Shell: what stays while pages change.
 *
 * It asks first who is here and up to which event everything is known; pages come after
 * that, so that no event can fall between what they show and what they are told of.
 */

import { Suspense, useEffect, useEffectEvent, useRef } from "react";
import { useLocation } from "wouter";
import { graphql } from "./graphql";
import { goLive } from "./live";
import { Navigation } from "./navigation";
import { PAGES, pageAt } from "./pages";
import { useOpened } from "./push/opened";
import { renew } from "./push/renew";
import { signedIn } from "./session";
import { SessionEnded } from "./sessionEnded";
import styles from "./shell.module.css";
import { Announcer } from "./ui/announce";
import { Boundary } from "./ui/boundary";
import { Empty } from "./ui/empty";
import { Failure } from "./ui/failure";
import { KeyHelp, useShortcuts } from "./ui/keys";
import { Skeleton } from "./ui/skeleton";
import { Toasts, undoLast } from "./ui/toast";
import { useLive } from "./useLive";
import { ViewerContext } from "./viewer";

const SHELL = graphql(`
  query Shell {
    viewer { name role workspace { id name timezone } }
    system { cursor emailSending }
  }
`);

/** Asked anew with every new connection too: it may be to a server with another setting. */
const TOPICS = ["workspace"];

export function Shell() {
  const { data, error, retry } = useLive(SHELL, {}, TOPICS);
  const begin = useEffectEvent(() => {
    if (!data) return;
    signedIn(data.viewer);
    goLive(data.system.cursor);
    void renew();
  });
  const known = data !== undefined;
  useEffect(() => {
    if (known) begin();
  }, [known]);
  if (!data) {
    return (
      <main className={styles.alone}>
        {error ? <Failure error={error} retry={retry} /> : <Skeleton of="the dashboard" />}
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
