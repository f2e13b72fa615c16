/** Agents: the same numbers of each who sends mail, and how busy it was of late. */

import { Link, useSearchParams } from "wouter";
import { messages, ThroughputStrip } from "../../throughputStrip";
import { type Column, Table } from "../../ui/table";
import { Definitions } from "./definitions";
import type { Numbers, Rate } from "./insight";
import styles from "./insight.module.css";
import { MESSAGES, METRICS, metricDefinition } from "./metrics";
import { Count } from "./number";
import { length } from "./numbers";
import { changed } from "./opens";
import { rateText } from "./rates";

type Row = Numbers["agents"][number] & { id: string };

const COLUMNS: readonly Column<Row>[] = [
  { name: "Agent", cell: ({ agent }) => <span className={styles.name}>{agent.name}</span> },
  ...METRICS.map(({ metric, key, name }) => ({
    name,
    numeric: true,
    cell: ({ agent, sums }: Row) => (
      <Count
        value={sums.counts[key]}
        of={`${name.toLowerCase()} by ${agent.name}`}
        rows={metric}
        narrower={{ of: agent.id }}
      />
    ),
  })),
  {
    name: "Reply rate",
    numeric: true,
    cell: ({ agent, sums }) => <ReplyRate agentId={agent.id} rate={sums.rates.reply} />,
  },
  {
    name: "Time to approval",
    numeric: true,
    cell: ({ agent, sums: { approvalTime } }) => (
      <Count
        value={approvalTime.n}
        text={length(approvalTime.medianSeconds)}
        of={`is what half of the drafts of ${agent.name} waited at most`}
        rows="DRAFTS"
        narrower={{ of: agent.id }}
      />
    ),
  },
  { name: "Messages in 24 hours", cell: (row) => <Busy row={row} /> },
];

export function Agents({ agents, definitions, total }: Omit<Numbers, "days" | "otherMails">) {
  const rows = agents.map((each) => ({ ...each, id: each.agent.id }));
  return (
    <section className={styles.part} aria-labelledby="agents">
      <h2 id="agents">By agent</h2>
      <Table caption="Numbers by agent" columns={COLUMNS} rows={rows} />
      <Definitions
        of="by agent"
        definitions={[
          ...METRICS.map(
            ({ metric, name }) => [name, metricDefinition(definitions, metric)] as const,
          ),
          ["Reply rate", total.rates.reply.definition],
          ["Time to approval", total.approvalTime.definition],
          ["Messages in 24 hours", `Handled: ${MESSAGES.HANDLED} Failed: ${MESSAGES.FAILED}`],
        ]}
      />
      <p className="quiet small">
        Mails and drafts count as above, each for the agent whose work they are.
      </p>
    </section>
  );
}

/** A rate leads to its parts: the same page, of this agent alone. */
function ReplyRate({ agentId, rate }: { agentId: string; rate: Rate }) {
  const [params] = useSearchParams();
  return (
    <Link href={changed(params, { agent: agentId })} className={styles.count}>
      {rateText(rate) ?? "too few"}
    </Link>
  );
}

function Busy({ row: { agent } }: { row: Row }) {
  const hours = agent.throughput;
  const of = agent.kind.toLowerCase();
  const narrower = { of, since: hours[0]?.since, until: hours.at(-1)?.until };
  return (
    <div className={styles.busy}>
      <ThroughputStrip of={agent.name} hours={hours} />
      <span className="small">
        <Count
          value={messages(hours, "handled")}
          of={`handled by ${agent.name}`}
          rows="HANDLED"
          narrower={narrower}
        />{" "}
        handled,{" "}
        <Count
          value={messages(hours, "failed")}
          of={`failed by ${agent.name}`}
          rows="FAILED"
          narrower={narrower}
        />{" "}
        failed
      </span>
    </div>
  );
}
