/** AgentPane: one agent: what can be done with it, how it is doing, and how it is set. */

import { Link, useSearchParams } from "wouter";
import { StateBadge } from "../../ui/badge";
import { Icon } from "../../ui/icon";
import { Time } from "../../ui/time";
import { useIsOwner } from "../../viewer";
import styles from "./agent.module.css";
import type { TeamMember } from "./agents";
import { AssignDialog } from "./assign";
import { Bar, useMayAssign } from "./bar";
import { Figures } from "./figures";
import { SettingsForm } from "./form";
import { Settings } from "./settings";
import { Work } from "./work";

/** What the address can have open here; each is shown only to those who may. */
type Doing = "assign" | "settings" | null;

export function AgentPane({ agent }: { agent: TeamMember }) {
  const [search, setSearch] = useSearchParams();
  const isOwner = useIsOwner();
  const mayAssign = useMayAssign(agent);
  const doing = search.get("do") as Doing;
  const show = (what: Doing) => setSearch(what ? { do: what } : {}, { replace: true });
  return (
    <article className={styles.pane} aria-label={agent.name}>
      <Link href="/agents" className={styles.back}>
        <Icon name="back" /> The team
      </Link>
      <header className={styles.title}>
        <h2>{agent.name}</h2>
        <StateBadge state={agent.status} />
        <span className="quiet small">
          {WORK[agent.kind]}
          {agent.lastActiveAt ? (
            <>
              {" "}
              Last at work <Time at={agent.lastActiveAt} />.
            </>
          ) : null}
        </span>
      </header>
      <Bar agent={agent} busy={doing !== null} onDo={show} />
      <Figures agent={agent} />
      <div className={styles.columns}>
        <Work agent={agent} />
        {doing === "settings" && isOwner ? (
          <SettingsForm agent={agent} onDone={() => show(null)} />
        ) : (
          <Settings agent={agent} />
        )}
      </div>
      {doing === "assign" && mayAssign ? (
        <AssignDialog agent={agent} onClose={() => show(null)} />
      ) : null}
    </article>
  );
}

const WORK: Readonly<Record<TeamMember["kind"], string>> = {
  OUTREACH: "Writes first mails.",
  FOLLOW_UP: "Writes again when nobody answers.",
  PLANNING: "Looks for opportunities that deserve attention.",
  RESEARCH: "Finds out facts, each with its source.",
};
