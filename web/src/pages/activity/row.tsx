/** Row: one event: what happened, to whom, who did it and when; the rest of it on demand. */

import { memo, useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { graphql } from "../../graphql";
import { activityOf, placeOf, placeOfAgent } from "../../places";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import type { EventRow } from "./feed";
import styles from "./row.module.css";

const DETAILS = graphql(`
  query EventDetails($id: ID!) {
    node(id: $id) { ... on Event { id data } }
  }
`);

/** Remembered: of the many rows only those that came are drawn. */
export const Row = memo(function Row({ event, by }: { event: EventRow; by: string }) {
  const { id, type, at, actor, summary } = event;
  return (
    <li className={styles.row} data-row={id} tabIndex={-1}>
      <p className={styles.summary}>
        <Statement text={summary} />
      </p>
      <p className={styles.when}>
        <Time at={at} />
      </p>
      <p className={styles.about}>
        <Link href={`/activity?type=${encodeURIComponent(type)}`}>
          <code>{type}</code>
        </Link>
        <span>
          by <Link href={activityOf("actor", actor)}>{by}</Link>
        </span>
        <About event={event} />
      </p>
      <Details id={id} />
    </li>
  );
});

/** Links to what it happened to, as far as that has a page. */
function About({ event: { actor, task, contact, agent } }: { event: EventRow }) {
  const itself = agent?.kind.toLowerCase() === actor;
  const links = [
    contact && [placeOf("Contact", contact.id), contact.name],
    agent && !itself ? [placeOfAgent(agent.kind), agent.name] : null,
    task && [activityOf("taskId", task.id), "its task"],
  ];
  return links.map((link) =>
    link ? (
      <Link key={link[0]} href={link[0] ?? ""}>
        {link[1]}
      </Link>
    ) : null,
  );
}

function Details({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={styles.details}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        Details<span className="unseen"> of this event</span>
      </summary>
      {open ? <Data id={id} /> : null}
    </details>
  );
}

function Data({ id }: { id: string }) {
  const [{ data, error }, ask] = useQuery({ query: DETAILS, variables: { id } });
  const retry = () => ask({ requestPolicy: "network-only" });
  return (
    <Loaded data={data} error={error} retry={retry} of="the details">
      {({ node }) => (
        <pre>{JSON.stringify(node && "data" in node ? node.data : null, null, 2)}</pre>
      )}
    </Loaded>
  );
}
