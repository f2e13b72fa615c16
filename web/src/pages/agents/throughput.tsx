/** Throughput: how many messages an agent handled in each hour of the last day. */

import { graphql } from "../../graphql";
import { messages, ThroughputStrip } from "../../throughputStrip";
import { Loaded } from "../../ui/loaded";
import { useLive } from "../../useLive";
import styles from "./agent.module.css";
import type { TeamMember } from "./agents";

const THROUGHPUT = graphql(`
  query Throughput($id: ID!) {
    agent(id: $id) { id throughput(hours: 24) { since handled failed } }
  }
`);
const TOPICS = ["*"];

export function Throughput({ agent }: { agent: TeamMember }) {
  const answer = useLive(THROUGHPUT, { id: agent.id }, TOPICS);
  return (
    <section className={styles.block}>
      <h3>Messages by hour</h3>
      <Loaded {...answer} of="its throughput">
        {({ agent: found }) => {
          const hours = found?.throughput ?? [];
          return (
            <>
              <ThroughputStrip of={agent.name} hours={hours} />
              <p className="quiet small number">
                {messages(hours, "handled")} handled and {messages(hours, "failed")} failed in the
                last 24 hours
              </p>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
