/** Rates: shares with both their parts and their interval; of too few, the parts alone. */

import { Moment } from "../../ui/moment";
import { useViewer } from "../../viewer";
import type { Rate, Sums } from "./insight";
import styles from "./insight.module.css";
import { metricName } from "./metrics";
import { Count } from "./number";
import { percent } from "./numbers";

const NAMES: readonly (readonly [keyof Sums["rates"], string])[] = [
  ["delivered", "Delivered"],
  ["bounce", "Bounce"],
  ["reply", "Reply"],
  ["positive", "Positive reply"],
];

export function Rates({ rates }: { rates: Sums["rates"] }) {
  return (
    <section className={styles.part} aria-labelledby="rates">
      <h2 id="rates">Rates</h2>
      <ul className={styles.cards}>
        {NAMES.map(([key, name]) => (
          <li key={key} className={styles.card}>
            <h3>{name} rate</h3>
            <Share rate={rates[key]} name={name} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Share({ rate, name }: { rate: Rate; name: string }) {
  const { numerator, denominator, judgedUntil: until, young, why, definition } = rate;
  return (
    <>
      <p className={styles.big}>{rateText(rate) ?? <span className="quiet">–</span>}</p>
      {isSound(rate) ? <Interval rate={rate} /> : null}
      <p>
        <Count
          value={numerator}
          of={`${metricName(rate.numeratorMetric).toLowerCase()}, old enough for the ${name.toLowerCase()} rate`}
          rows={rate.numeratorMetric}
          narrower={{ until }}
        />{" "}
        of{" "}
        <Count
          value={denominator}
          of={`${metricName(rate.denominatorMetric).toLowerCase()}, old enough for the ${name.toLowerCase()} rate`}
          rows={rate.denominatorMetric}
          narrower={{ until }}
        />{" "}
        {ofConversations(rate) ? "conversations" : "mails"}
      </p>
      {why ? <p className="quiet small">{why}</p> : null}
      {young > 0 ? <Young rate={rate} name={name} /> : null}
      <p className="quiet small">{definition}</p>
    </>
  );
}

/** What is left out as too young, and until when the rate looks. */
function Young({ rate, name }: { rate: Rate; name: string }) {
  const { young, judgedUntil, denominator, denominatorMetric } = rate;
  const { timezone } = useViewer().workspace;
  return (
    <p className="quiet small">
      <Count
        value={young}
        of={`too young for the ${name.toLowerCase()} rate`}
        rows={denominatorMetric}
        narrower={{ since: judgedUntil }}
      />{" "}
      too young and left out
      {denominator > 0 ? (
        <>
          : it looks at what {ofConversations(rate) ? "began" : "left"} before{" "}
          <Moment at={judgedUntil} zone={timezone} />
        </>
      ) : null}
      .
    </p>
  );
}

function ofConversations(rate: Rate): boolean {
  return rate.denominatorMetric === "BEGUN";
}

type Sound = Rate & { value: number; low: number; high: number };

function isSound(rate: Rate): rate is Sound {
  return rate.value !== null && rate.low !== null && rate.high !== null && !rate.tooFew;
}

/** A rate as it may be shown, or undefined where only its parts may. */
export function rateText(rate: Rate): string | undefined {
  return isSound(rate) ? percent(rate.value) : undefined;
}

/** Where the true share may lie, on the whole from none to all. */
function Interval({ rate: { value, low, high } }: { rate: Sound }) {
  return (
    <>
      <svg className={styles.interval} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
        <rect y={3} width={100} height={2} className={styles.track} />
        <rect x={low * 100} y={1} width={(high - low) * 100} height={6} className={styles.reach} />
        <rect x={value * 100 - 0.5} width={1} height={8} className={styles.point} />
      </svg>
      <p className="small">
        95% sure between {percent(low)} and {percent(high)}
      </p>
    </>
  );
}
