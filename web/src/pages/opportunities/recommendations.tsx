/** Recommendations: what the planning agent found, why, on what grounds, and what it would do. */

import { useState } from "react";
import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { placeOf } from "../../places";
import { Signed } from "../../signed";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { Statement } from "../../ui/statement";
import { stateOf } from "../../ui/states";
import { Time } from "../../ui/time";
import { type Page, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import { accept } from "./answers";
import { DismissDialog } from "./dismiss";
import styles from "./recommendations.module.css";
import { dealAddress } from "./stages";

const OPEN = graphql(`
  query Recommended($after: String) {
    recommendations(status: [OPEN], first: 25, after: $after) {
      nodes {
        id title why evidence agentKind instruction priority
        contact { id }
        opportunity { id title }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const TOPICS = ["recommendation", "opportunity"];

export type Recommended = ResultOf<typeof OPEN>["recommendations"]["nodes"][number];

function read({ recommendations: { nodes, pageInfo } }: ResultOf<typeof OPEN>): Page<Recommended> {
  return { items: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

export function Recommendations() {
  const list = usePages(OPEN, (after) => ({ after }), read, TOPICS);
  return (
    <section className={styles.all} aria-label="Recommended">
      <h2>Recommended</h2>
      <Loaded data={list.items} error={list.error} retry={list.retry} of="the recommendations">
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing is recommended">
              <p>
                When an opportunity grows cold, an answer waits or a next step is missing, the
                planning agent says so here.
              </p>
            </Empty>
          ) : (
            items.map((each) => <Advice key={each.id} advice={each} />)
          )
        }
      </Loaded>
      {list.more ? <Button onClick={list.more}>Show more</Button> : null}
    </section>
  );
}

export function Advice({ advice }: { advice: Recommended }) {
  const { title, why, opportunity, agentKind, instruction, priority } = advice;
  return (
    <article className={styles.card} aria-label={title}>
      <header>
        <h3>{title}</h3>
        {priority === "HIGH" || priority === "URGENT" ? (
          <Badge tone={stateOf(priority).tone}>{stateOf(priority).label}</Badge>
        ) : null}
      </header>
      <p>
        <Statement text={why} />
      </p>
      <Evidence advice={advice} />
      <p className="small">
        <span className="quiet">
          <Signed by={agentKind.toLowerCase()} /> would:
        </span>{" "}
        {instruction}
      </p>
      {opportunity ? (
        <p className="small">
          <span className="quiet">Opportunity:</span>{" "}
          <Link href={dealAddress(opportunity.id)}>{opportunity.title}</Link>
        </p>
      ) : null}
      <Answers advice={advice} />
    </article>
  );
}

interface Ground {
  type: string;
  id: string;
  detail: string;
  at: string | null;
}

function Evidence({ advice }: { advice: Recommended }) {
  // The schema promises these fields of each row.
  const grounds = advice.evidence as readonly Ground[];
  return (
    <ul className={styles.grounds} aria-label="What it rests on">
      {grounds.map(({ type, id, detail, at }) => {
        // Mails and replies are shown with whom they are about.
        const place =
          placeOf(type, id) ?? (advice.contact && placeOf("Contact", advice.contact.id));
        const said = <Statement text={detail} />;
        return (
          <li key={id} className="small">
            {place ? <Link href={place}>{said}</Link> : said}
            {at ? (
              <span className="quiet">
                , <Time at={at} />
              </span>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function Answers({ advice }: { advice: Recommended }) {
  const [dismissing, setDismissing] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!useMayWork()) return null;
  return (
    <div className={styles.answers}>
      <Button
        kind="primary"
        disabled={busy}
        onClick={async () => {
          setBusy(true);
          await accept(advice);
          setBusy(false);
        }}
      >
        Accept
      </Button>
      <Button onClick={() => setDismissing(true)}>Dismiss</Button>
      {dismissing ? <DismissDialog advice={advice} onClose={() => setDismissing(false)} /> : null}
    </div>
  );
}
