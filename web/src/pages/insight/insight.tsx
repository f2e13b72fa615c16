/**
 * Insight: what came of the mail, in numbers that each open their rows.
 *
 * Range, agent and what is open are in the address.  Rates come with what they are of and
 * how sure one can be; of too few only the counts are shown.
 */

import { Link, useSearchParams } from "wouter";
import { graphql, type ResultOf, type VariablesOf } from "../../graphql";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { useNow } from "../../ui/time";
import { useLive } from "../../useLive";
import { useViewer } from "../../viewer";
import { Agents } from "./agents";
import { Approval } from "./approval";
import { Cards } from "./cards";
import { Days } from "./days";
import styles from "./insight.module.css";
import { changed } from "./opens";
import { Picker } from "./picker";
import { moments, rangeOf } from "./range";
import { Rates } from "./rates";
import { OpenRows } from "./rows";

const INSIGHT = graphql(`
  query Insight($from: DateTime!, $to: DateTime!, $agentId: ID, $sandbox: Boolean!) {
    insight(from: $from, to: $to, agentId: $agentId, sandbox: $sandbox) {
      otherMails
      days { day total { ...Counts } }
      agents {
        agent { id name kind throughput(hours: 24) { since until handled failed } }
        sums { ...Sums }
      }
      total { ...Sums }
      definitions { metric definition }
    }
  }
  fragment Counts on InsightCounts @_unmask { sent delivered bounced reached replied positive }
  fragment Sums on InsightSums @_unmask {
    counts { ...Counts }
    approvalTime { n medianSeconds p90Seconds definition }
    rates {
      delivered { ...Rate }
      bounce { ...Rate }
      reply { ...Rate }
      positive { ...Rate }
    }
  }
  fragment Rate on InsightRate @_unmask {
    value low high numerator numeratorMetric denominator denominatorMetric
    judgedUntil young tooFew why definition
  }
`);
const TOPICS = ["email", "reply", "draft", "approval"];

export type Numbers = ResultOf<typeof INSIGHT>["insight"];
export type Sums = Numbers["total"];
export type Rate = Sums["rates"]["reply"];

export default function Insight() {
  const [params] = useSearchParams();
  const zone = useViewer().workspace.timezone;
  const range = rangeOf(params, zone, useNow());
  const span = moments(range, zone);
  const sandbox = params.has("sandbox");
  const agentId = params.get("agent");
  const asked = { ...span, agentId, sandbox };
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Insight</h1>
        <Picker range={range} zone={zone} />
      </header>
      <Answer key={JSON.stringify(asked)} asked={asked} />
    </div>
  );
}

/** Other numbers have another key: those of one range are never shown as another's. */
function Answer({ asked }: { asked: VariablesOf<typeof INSIGHT> }) {
  const answer = useLive(INSIGHT, asked, TOPICS);
  return (
    <>
      <Loaded {...answer} of="the numbers">
        {({ insight }) => (
          <Whole insight={insight} sandbox={asked.sandbox} alone={Boolean(asked.agentId)} />
        )}
      </Loaded>
      <OpenRows span={asked} insight={answer.data?.insight} />
    </>
  );
}

interface Props {
  insight: Numbers;
  sandbox: boolean;
  /** Whether the numbers are of one agent already. */
  alone: boolean;
}

function Whole({ insight, sandbox, alone }: Props) {
  const { total, days, definitions, agents, otherMails } = insight;
  const nothing = total.counts.sent === 0 && total.approvalTime.n === 0;
  return (
    <>
      {otherMails > 0 ? <Others count={otherMails} sandbox={sandbox} /> : null}
      {nothing ? (
        <Empty title="Nothing left in this span">
          <p>
            Each mail counts on the day it leaves, with all that comes of it later. Choose other
            days above.
          </p>
        </Empty>
      ) : (
        <>
          <Cards counts={total.counts} days={days} definitions={definitions} />
          <Rates rates={total.rates} />
          <Approval time={total.approvalTime} />
          {alone ? null : <Agents agents={agents} definitions={definitions} total={total} />}
          <Days days={days} definitions={definitions} />
        </>
      )}
    </>
  );
}

/** Real mail and the sandbox's are never counted together. */
function Others({ count, sandbox }: { count: number; sandbox: boolean }) {
  const [params] = useSearchParams();
  const kind = sandbox ? "real" : "sandbox";
  return (
    <p className={styles.notice}>
      {count.toLocaleString("en")} {kind} {count === 1 ? "mail" : "mails"} of this span{" "}
      {count === 1 ? "is" : "are"} not counted here.{" "}
      <Link href={changed(params, { sandbox: sandbox ? null : "1" })}>
        Count {kind} mail instead
      </Link>
    </p>
  );
}
