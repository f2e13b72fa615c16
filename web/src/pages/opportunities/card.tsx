/** Card: one deal on the board: what it is worth, with whom, what comes next. */

import { useRef } from "react";
import { Link } from "wouter";
import { Time } from "../../ui/time";
import { useMayWork } from "../../viewer";
import styles from "./card.module.css";
import type { Deal } from "./column";
import { useFollowed } from "./following";
import { StageSelect } from "./move";
import { dealAddress, type Stage } from "./stages";

const amount = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** A deal's value; the workspace's currency has no name here. */
export function worth(value: number): string {
  return amount.format(value);
}

let inHand: Deal | undefined;

/** The deal that is being dragged, if one is. */
export function dragged(): Deal | undefined {
  return inHand;
}

interface Props {
  deal: Deal;
  open: boolean;
  onMove: (to: Stage) => void;
}

export function Card({ deal, open, onMove }: Props) {
  const mayWork = useMayWork();
  const card = useRef<HTMLElement>(null);
  useFollowed(card, deal.id);
  const { title, value, contact, nextStep, stage, stageChangedAt } = deal;
  return (
    <article
      ref={card}
      className={styles.card}
      data-open={open || undefined}
      draggable={mayWork}
      onDragStart={() => {
        inHand = deal;
      }}
      onDragEnd={() => {
        inHand = undefined;
      }}
    >
      <h3>
        <Link href={dealAddress(deal.id, stage)} replace aria-current={open || undefined}>
          {title}
        </Link>
      </h3>
      <p className={styles.line}>
        <span>
          {contact ? contact.name : <span className="quiet">Nobody yet</span>}
          {contact?.company ? <span className="quiet">, {contact.company}</span> : null}
        </span>
        {value === null ? null : <strong className="number">{worth(value)}</strong>}
      </p>
      {nextStep ? <p className="small">Next: {nextStep}</p> : null}
      <p className={styles.line}>
        <span className="quiet small">
          <span className="unseen">Moved </span>
          <Time at={stageChangedAt} />
        </span>
        {mayWork ? <StageSelect of={title} stage={stage} onMove={onMove} /> : null}
      </p>
    </article>
  );
}
