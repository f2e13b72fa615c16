/** Bar: what can be done with an agent; pausing and setting it is an owner's business. */

import { type RefObject, useEffect, useRef } from "react";
import { Button } from "../../ui/button";
import { useShortcuts } from "../../ui/keys";
import { useIsOwner, useMayWork } from "../../viewer";
import { pause, resume } from "./acts";
import styles from "./agent.module.css";
import type { TeamMember } from "./agents";

interface Props {
  agent: TeamMember;
  /** Whether a form is open, which the keys must leave alone. */
  busy: boolean;
  onDo: (what: "assign" | "settings") => void;
}

const TAKES_TASKS: ReadonlySet<TeamMember["kind"]> = new Set(["OUTREACH", "RESEARCH"]);

/** Whether the viewer may give this agent a task, and it takes any. */
export function useMayAssign({ kind }: TeamMember): boolean {
  return useMayWork() && TAKES_TASKS.has(kind);
}

export function Bar({ agent, busy, onDo }: Props) {
  const mayAssign = useMayAssign(agent);
  const isOwner = useIsOwner();
  const stands = agent.status === "PAUSED" || agent.status === "FAILED";
  const turn = () => void (stands ? resume(agent) : pause(agent));
  const keys = [
    { keys: "n", does: "Assign the open agent a task", run: () => onDo("assign"), may: mayAssign },
    { keys: "p", does: "Pause or resume the open agent", run: turn, may: isOwner },
    {
      keys: "e",
      does: "Edit the open agent's settings",
      run: () => onDo("settings"),
      may: isOwner,
    },
  ];
  useShortcuts(busy ? [] : keys.filter(({ may }) => may));
  const edit = useReturningFocus(busy);
  if (!mayAssign && !isOwner) return null;
  return (
    <div className={styles.bar} role="toolbar" aria-label="What can be done">
      {mayAssign ? (
        <Button kind="primary" hint="n" onClick={() => onDo("assign")}>
          Assign a task
        </Button>
      ) : null}
      {isOwner ? (
        <>
          <Button hint="p" onClick={turn}>
            {stands ? "Resume" : "Pause"}
          </Button>
          <Button ref={edit} hint="e" onClick={() => onDo("settings")}>
            Edit settings
          </Button>
        </>
      ) : null}
    </div>
  );
}

/** Return a ref to what has the focus again once a form is closed, unless something else has. */
function useReturningFocus(busy: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(busy);
  useEffect(() => {
    if (before.current && !busy && document.activeElement === document.body) {
      button.current?.focus();
    }
    before.current = busy;
  }, [busy]);
  return button;
}
