/**
 * Opportunities: the pipeline as a board, and beside it what is recommended, or the open deal.
 *
 * On a narrow screen one column, the recommendations or the deal is shown at a time.  Deal
 * and column are in the address.
 */

import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { graphql } from "../../graphql";
import { Button } from "../../ui/button";
import { Choices } from "../../ui/choices";
import { useShortcuts } from "../../ui/keys";
import { Page } from "../../ui/page";
import { useWide } from "../../ui/wide";
import { useLive } from "../../useLive";
import { useMayWork } from "../../viewer";
import { Board } from "./board";
import { DealPane } from "./deal";
import { DealDialog } from "./edit";
import styles from "./opportunities.module.css";
import { Recommendations } from "./recommendations";
import { columnAddress, dealAddress, STAGES, stageName } from "./stages";

const COUNTS = graphql(`
  query Pipeline {
    NEW: opportunities(first: 1, stage: [NEW]) { totalCount }
    CONTACTED: opportunities(first: 1, stage: [CONTACTED]) { totalCount }
    REPLIED: opportunities(first: 1, stage: [REPLIED]) { totalCount }
    MEETING: opportunities(first: 1, stage: [MEETING]) { totalCount }
    WON: opportunities(first: 1, stage: [WON]) { totalCount }
    LOST: opportunities(first: 1, stage: [LOST]) { totalCount }
    recommendations(first: 1, status: [OPEN]) { totalCount }
  }
`);
const TOPICS = ["opportunity", "recommendation", "contact"];
const ADVICE = "advice";

export default function Opportunities() {
  const [search] = useSearchParams();
  const { data } = useLive(COUNTS, {}, TOPICS);
  const wide = useWide();
  const deal = search.get("deal");
  const column = search.get("stage") ?? STAGES[0];
  const choices = (
    <Choices
      label="Stages"
      open={column}
      address={columnAddress}
      choices={[
        { name: ADVICE, label: "Recommended", count: data?.recommendations.totalCount },
        ...STAGES.map((stage) => ({
          name: stage,
          label: stageName(stage),
          count: data?.[stage].totalCount,
        })),
      ]}
    />
  );
  const shown = STAGES.filter((stage) => wide || stage === column);
  const beside = deal ? (
    <DealPane key={deal} id={deal} back={columnAddress(column)} />
  ) : (
    <Recommendations />
  );
  return (
    <Page
      title="Opportunities"
      beside={
        <>
          {wide || deal ? null : choices}
          <Add column={column} />
        </>
      }
    >
      <div className={styles.body}>
        {wide || (!deal && column !== ADVICE) ? (
          <Board stages={shown} open={deal} count={(stage) => data?.[stage].totalCount} />
        ) : null}
        {wide || deal || column === ADVICE ? <div className={styles.beside}>{beside}</div> : null}
      </div>
    </Page>
  );
}

function Add({ column }: { column: string }) {
  const [adding, setAdding] = useState(false);
  const [, go] = useLocation();
  const mayWork = useMayWork();
  useShortcuts(mayWork ? [{ keys: "n", does: "New opportunity", run: () => setAdding(true) }] : []);
  if (!mayWork) return null;
  return (
    <>
      <Button kind="primary" hint="n" onClick={() => setAdding(true)}>
        New opportunity
      </Button>
      {adding ? (
        <DealDialog
          stage={STAGES.find((stage) => stage === column)}
          onClose={() => setAdding(false)}
          onSaved={(id) => go(dealAddress(id))}
        />
      ) : null}
    </>
  );
}
