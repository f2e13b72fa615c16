/** Column: the deals of one stage, the newest first; a card may be dropped here. */

import { useState } from "react";
import { graphql, type ResultOf } from "../../graphql";
import { Button } from "../../ui/button";
import { Loaded } from "../../ui/loaded";
import { type Page, usePages } from "../../useLive";
import styles from "./board.module.css";
import { Card, dragged } from "./card";
import { useMove } from "./move";
import { type Stage, stageName } from "./stages";

const COLUMN = graphql(`
  query Column($stage: [Stage!], $after: String) {
    opportunities(stage: $stage, first: 30, after: $after) {
      nodes {
        id title stage value nextStep stageChangedAt
        contact { id name company }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const TOPICS = ["opportunity", "contact"];

export type Deal = ResultOf<typeof COLUMN>["opportunities"]["nodes"][number];

function read({ opportunities: { nodes, pageInfo } }: ResultOf<typeof COLUMN>): Page<Deal> {
  return { items: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

interface Props {
  stage: Stage;
  open: string | null;
  count: number | undefined;
}

export function Column({ stage, open, count }: Props) {
  const deals = usePages(COLUMN, (after) => ({ stage: [stage], after }), read, TOPICS);
  const [over, setOver] = useState(false);
  const { move, asking } = useMove();
  const name = stageName(stage);
  return (
    <section
      className={`${styles.column} ${over ? styles.over : ""}`}
      aria-label={name}
      onDragOver={(event) => {
        const deal = dragged();
        if (!deal || deal.stage === stage) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const deal = dragged();
        if (deal) move(deal, stage);
      }}
    >
      <header>
        <h2>{name}</h2>
        <span className="quiet small number">{count}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div className={styles.cards} tabIndex={0}>
        <Loaded data={deals.items} error={deals.error} retry={deals.retry} of={`“${name}”`}>
          {(items) =>
            items.length === 0 ? (
              <p className={`${styles.nothing} quiet small`}>No opportunity is at this stage.</p>
            ) : (
              <ol>
                {items.map((deal) => (
                  <li key={deal.id}>
                    <Card deal={deal} open={deal.id === open} onMove={(to) => move(deal, to)} />
                  </li>
                ))}
              </ol>
            )
          }
        </Loaded>
        {deals.more ? <Button onClick={deals.more}>Show more</Button> : null}
      </div>
      {asking}
    </section>
  );
}
