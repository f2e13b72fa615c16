/** Throughput: how many messages an agent handled in each hour of the last day. */

import { graphql } from "../../graphql";
import { BarStrip } from "../../ui/barStrip";
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

const hour = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});

export function Throughput({ agent }: { agent: TeamMember }) {
  const answer = useLive(THROUGHPUT, { id: agent.id }, TOPICS);
  return (
    <section className={styles.block}>
      <h3>Messages by hour</h3>
      <Loaded {...answer} of="its throughput">
        {({ agent: found }) => {
          const hours = found?.throughput ?? [];
          const sum = (key: "handled" | "failed") => hours.reduce((all, of) => all + of[key], 0);
          return (
            <>
              <BarStrip
                label={`Messages of ${agent.name} by hour`}
                bars={hours.map(({ since, handled, failed }) => ({
                  name: hour.format(new Date(since)),
                  value: handled + failed,
                  bad: failed,
                }))}
              />
              <p className="quiet small number">
                {sum("handled")} handled and {sum("failed")} failed in the last 24 hours
              </p>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
