/** Timeline: everything between us and a contact in one order, the newest first. */

import type { CombinedError } from "@urql/core";
import { Link, useSearchParams } from "wouter";
import { Signed } from "../../signed";
import { StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { Time, useNow } from "../../ui/time";
import { type Entry, type Kind, merge } from "./entries";
import { type Receipt, useSources } from "./sources";
import styles from "./timeline.module.css";

const SHOWS: readonly (readonly [string, string])[] = [
  ["all", "Everything"],
  ["mail", "Mail"],
  ["work", "Tasks and drafts"],
  ["deal", "Opportunities"],
  ["record", "Record"],
];
/** What these events tell, the rows themselves tell better. */
const TOLD = new RegExp(
  "^(task|draft|approval|follow_up|email|reply|inbound_email|escalation|message|call)\\." +
    "|^opportunity\\.(created|moved)$",
);
/** States of steps that were never taken: their day may lie ahead, and is not looked forward to. */
const OVER = /^(CANCELLED|SKIPPED|FAILED)$/;

export function Timeline({ contactId }: { contactId: string }) {
  const [params] = useSearchParams();
  const show = params.get("show") ?? "all";
  const sources = useSources(contactId);
  const ready = sources.every(({ items }) => items);
  const { entries, more } = merge(sources);
  const error = sources.find((source) => source.error)?.error as CombinedError | undefined;
  const retry = () => {
    for (const source of sources) source.retry();
  };
  return (
    <section className={styles.timeline} aria-label="What happened">
      <nav aria-label="What is shown" className={styles.shows}>
        {SHOWS.map(([name, label]) => (
          <Link
            key={name}
            href={name === "all" ? "?" : `?show=${name}`}
            replace
            aria-current={name === show ? "page" : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Loaded data={ready ? entries : undefined} error={error} retry={retry} of="the story">
        {(all) => <Story entries={all.filter((entry) => isShown(entry, show))} />}
      </Loaded>
      {ready && more ? <Button onClick={more}>Show earlier</Button> : null}
    </section>
  );
}

function isShown({ kind, state }: Entry, show: string): boolean {
  if (show !== "all") return kind === (show as Kind);
  return kind !== "record" || !TOLD.test(state ?? "");
}

function Story({ entries }: { entries: readonly Entry[] }) {
  const now = useNow();
  const isComing = ({ at, state }: Entry) => Date.parse(at) > now && !OVER.test(state ?? "");
  const coming = entries.filter(isComing).toReversed();
  const past = entries.filter((entry) => !isComing(entry));
  return (
    <>
      {coming.length > 0 ? (
        <>
          <h2>Coming up</h2>
          <Entries entries={coming} />
          <h2>So far</h2>
        </>
      ) : null}
      {past.length > 0 ? <Entries entries={past} /> : <p className="quiet">Nothing yet.</p>}
    </>
  );
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <ol className={styles.entries}>
      {entries.map((entry) => (
        <li key={entry.id} data-kind={entry.kind}>
          <span className={styles.at}>
            <Time at={entry.at} />
          </span>
          <div className={styles.body}>
            <Line entry={entry} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Line({ entry }: { entry: Entry }) {
  const { kind, what, by, title, ours, state, text, receipt, href } = entry;
  const line = (
    <>
      <span className="quiet small">
        {what}{" "}
        {by ? (
          <>
            by <Signed by={by} />
          </>
        ) : null}
      </span>
      <span className={styles.title}>
        {ours ? <Statement text={title} /> : title}{" "}
        {state && kind !== "record" ? <StateBadge state={state} /> : null}
      </span>
    </>
  );
  return (
    <>
      {text || receipt?.length ? (
        <details>
          <summary>{line}</summary>
          {text ? <p className={styles.words}>{text}</p> : null}
          {receipt?.length ? <Checks receipt={receipt} /> : null}
        </details>
      ) : (
        <p className={styles.line}>{line}</p>
      )}
      {href ? <Link href={href}>See to it</Link> : null}
    </>
  );
}

function Checks({ receipt }: { receipt: Receipt }) {
  const passed = receipt.filter((check) => check.passed).length;
  return (
    <details>
      <summary className="small">
        Receipt: {passed} of {receipt.length} checks passed before it left
      </summary>
      <ul className={styles.checks}>
        {receipt.map(({ rule, passed: good, detail }) => (
          <li key={rule} className={good ? styles.good : styles.bad}>
            <Icon name={good ? "good" : "bad"} />
            <span>
              <span className="unseen">{good ? "Passed: " : "Not passed: "}</span>
              <Statement text={detail} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
