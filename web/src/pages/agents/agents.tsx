/**
 * Agents: the team, and the member that is open: its state, work, failures and settings.
 *
 * Which member is open is the address's last part; on a narrow screen one thing is shown at
 * a time.
 */

import { useLocation, useSearchParams } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { placeOfAgent } from "../../places";
import { Empty } from "../../ui/empty";
import { useShortcuts } from "../../ui/keys";
import { Loaded } from "../../ui/loaded";
import { Page } from "../../ui/page";
import { useWide } from "../../ui/wide";
import { useEvery } from "../../useEvery";
import { useLive } from "../../useLive";
import { AgentPane } from "./agent";
import styles from "./agents.module.css";
import { Roster } from "./roster";

const TEAM = graphql(`
  query Team {
    agents {
      id kind name status settings lastActiveAt
      mailbox { ready dead oldestReadyAt }
      metrics {
        tasksOpen tasksCompleted tasksFailed awaitingApproval emailsSent medianTurnMs
      }
    }
  }
`);
/** Each turn and call may move a number here. */
const TOPICS = ["*"];
/** What waits in a mailbox may change without an event. */
const LOOK_EVERY = 15_000;

export type TeamMember = ResultOf<typeof TEAM>["agents"][number];

export default function Agents() {
  const team = useLive(TEAM, {}, TOPICS);
  useEvery(LOOK_EVERY, team.retry);
  return (
    <Page title="Agents">
      <Loaded {...team} of="the team">
        {({ agents }) => <Team agents={agents} />}
      </Loaded>
    </Page>
  );
}

function Team({ agents }: { agents: TeamMember[] }) {
  const [address, go] = useLocation();
  const wide = useWide();
  const asked = address !== "/agents";
  const open = asked
    ? agents.find(({ kind }) => placeOfAgent(kind) === address)
    : wide
      ? agents[0]
      : undefined;
  const step = (by: number) => {
    const at = agents.findIndex(({ id }) => id === open?.id);
    const next = agents[at < 0 ? 0 : Math.min(Math.max(at + by, 0), agents.length - 1)];
    if (next) go(placeOfAgent(next.kind), { replace: true });
  };
  const [search] = useSearchParams();
  // A form that is open would go with its agent.
  useShortcuts(
    search.has("do")
      ? []
      : [
          { keys: "j", does: "Next agent", run: () => step(1) },
          { keys: "k", does: "Previous agent", run: () => step(-1) },
        ],
  );
  return (
    <div className={styles.desk}>
      {wide || !asked ? <Roster agents={agents} open={open?.id} /> : null}
      {open ? <AgentPane key={open.id} agent={open} /> : null}
      {asked && !open ? <Empty title="There is no such agent here" /> : null}
    </div>
  );
}
