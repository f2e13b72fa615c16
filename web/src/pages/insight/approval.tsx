/** Approval: how long drafts waited for a person's decision. */

import type { Sums } from "./insight";
import styles from "./insight.module.css";
import { Count } from "./number";
import { length } from "./numbers";

export function Approval({ time }: { time: Sums["approvalTime"] }) {
  const { n, medianSeconds, p90Seconds, definition } = time;
  return (
    <section className={styles.part} aria-labelledby="approval">
      <h2 id="approval">Time to approval</h2>
      <dl className={styles.times}>
        <div>
          <dt>Half waited at most</dt>
          <dd>
            <Waited seconds={medianSeconds} n={n} of="is what half of the drafts waited at most" />
          </dd>
        </div>
        <div>
          <dt>Nine of ten at most</dt>
          <dd>
            <Waited seconds={p90Seconds} n={n} of="is what nine of ten drafts waited at most" />
          </dd>
        </div>
        <div>
          <dt>Decided on</dt>
          <dd>
            <Count value={n} of="drafts decided on" rows="DRAFTS" />
          </dd>
        </div>
      </dl>
      <p className="quiet small">{definition}</p>
    </section>
  );
}

interface WaitedProps {
  seconds: number | null;
  n: number;
  of: string;
}

function Waited({ seconds, n, of }: WaitedProps) {
  return <Count value={n} text={length(seconds)} of={of} rows="DRAFTS" />;
}
