/** DealPane: one deal, whole: what is known, who is at work for it, how it came this far. */

import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { placeOf } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Icon } from "../../ui/icon";
import { useShortcuts } from "../../ui/keys";
import { Loaded } from "../../ui/loaded";
import { useLive } from "../../useLive";
import { useMayWork } from "../../viewer";
import { worth } from "./card";
import styles from "./deal.module.css";
import { DelegateDialog } from "./delegate";
import { DealDialog } from "./edit";
import { StageSelect, useMove } from "./move";
import { Moves } from "./moves";
import { Advice } from "./recommendations";
import { ends } from "./stages";
import { Work } from "./work";

const DEAL = graphql(`
  query Deal($id: ID!) {
    node(id: $id) {
      ... on Opportunity {
        id title stage value nextStep notes
        contact { id name email company status }
        tasks { id status instruction createdAt agent { id name } }
        stageChanges { id before after by reason at }
        recommendations {
          id title why evidence agentKind instruction priority status
          decidedBy decidedAt reason
          contact { id }
          opportunity { id title }
          task { id }
        }
      }
    }
  }
`);
const TOPICS = ["opportunity", "recommendation", "task", "contact", "email", "draft", "agent"];

export type OpenDeal = Extract<
  NonNullable<ResultOf<typeof DEAL>["node"]>,
  { stageChanges: unknown }
>;

export function DealPane({ id, back }: { id: string; back: string }) {
  const answer = useLive(DEAL, { id }, TOPICS);
  return (
    <article className={styles.pane} aria-label="The open opportunity">
      <Link href={back} className={styles.back}>
        <Icon name="back" /> Back to the board
      </Link>
      <Loaded {...answer} of="the opportunity">
        {({ node }) =>
          node && "stageChanges" in node ? (
            <Whole deal={node} />
          ) : (
            <Empty title="There is no such opportunity">
              <p>It may have been of another workspace.</p>
            </Empty>
          )
        }
      </Loaded>
    </article>
  );
}

function Whole({ deal }: { deal: OpenDeal }) {
  const mayWork = useMayWork();
  const { contact, value, nextStep, notes } = deal;
  const open = deal.recommendations.filter(({ status }) => status === "OPEN");
  return (
    <>
      <h2>{deal.title}</h2>
      {mayWork ? <Acts deal={deal} /> : <StateBadge state={deal.stage} />}
      <dl className={styles.facts}>
        <Fact name="With">
          {contact ? (
            <>
              <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link>
              {contact.company ? `, ${contact.company}` : ""} <StateBadge state={contact.status} />
            </>
          ) : (
            <span className="quiet">Nobody yet: give it a contact, then it can be delegated.</span>
          )}
        </Fact>
        {value === null ? null : <Fact name="Value">{worth(value)}</Fact>}
        {nextStep ? <Fact name="Next step">{nextStep}</Fact> : null}
        {notes ? <Fact name="Notes">{notes}</Fact> : null}
      </dl>
      {open.map((each) => (
        <Advice key={each.id} advice={each} />
      ))}
      <Work deal={deal} />
      <Moves deal={deal} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Acts({ deal }: { deal: OpenDeal }) {
  const [doing, setDoing] = useState<"edit" | "delegate">();
  const { move, asking } = useMove();
  const delegable = deal.contact !== null && !ends(deal.stage);
  const close = () => setDoing(undefined);
  useShortcuts([
    { keys: "e", does: "Change the open opportunity", run: () => setDoing("edit") },
    {
      keys: "d",
      does: "Delegate the open opportunity",
      run: () => setDoing(delegable ? "delegate" : undefined),
    },
    {
      keys: "m",
      does: "Move the open opportunity",
      run: () => document.getElementById("stage-of-open")?.focus(),
    },
  ]);
  return (
    <div className={styles.acts} role="toolbar" aria-label="What to do with it">
      <label htmlFor="stage-of-open" className="unseen">
        Stage
      </label>
      <StageSelect
        id="stage-of-open"
        of={deal.title}
        stage={deal.stage}
        onMove={(to) => move(deal, to)}
      />
      <Button kind="primary" hint="d" disabled={!delegable} onClick={() => setDoing("delegate")}>
        Delegate to agent
      </Button>
      <Button hint="e" onClick={() => setDoing("edit")}>
        Edit
      </Button>
      {doing === "edit" ? <DealDialog deal={deal} onClose={close} onSaved={close} /> : null}
      {doing === "delegate" ? <DelegateDialog deal={deal} onClose={close} /> : null}
      {asking}
    </div>
  );
}
