/** Machinery: its parts, each with its state in words, and what it means if that is not good. */

import type { ReactNode } from "react";
import { Badge } from "../../ui/badge";
import type { Tone } from "../../ui/states";
import { Time } from "../../ui/time";
import type { Seen } from "./system";
import styles from "./system.module.css";

/** From here on a message waits longer than work alone explains. */
const LONG = 60;

export function Machinery({ system }: { system: Seen["system"] }) {
  const { workersAlive, clockAlive, oldestReadyMessageSeconds: oldest } = system;
  return (
    <section aria-labelledby="machinery">
      <h2 id="machinery">Machinery</h2>
      <dl className={styles.parts}>
        <Part
          of="Workers"
          tone={workersAlive > 0 ? "good" : "bad"}
          state={workersAlive > 0 ? `${workersAlive} at work` : "None at work"}
          note={workersAlive > 0 ? null : "No mail leaves and nothing is written until one starts."}
        />
        <Part
          of="Clock"
          tone={clockAlive ? "good" : "bad"}
          state={clockAlive ? "Ticks" : "Stands still"}
          note={clockAlive ? null : "What is due later is not begun until it ticks."}
        />
        <Part of="Queue" {...queueOf(system)} />
        <Part
          of="Oldest message"
          tone={oldest > LONG ? "wait" : "good"}
          state={oldest > 0 ? `Waits for ${lasting(oldest)}` : "None waits"}
          note={oldest > LONG ? "An agent is paused, failed or slow." : null}
        />
        <Part
          of="Outbox"
          tone="quiet"
          state={
            system.outboxPending === 1 ? "1 call pending" : `${system.outboxPending} calls pending`
          }
        />
        <Part of="Database" tone="good" state={system.database} />
        <Part of="Writer" tone="quiet" state={system.writer} />
        <Part
          of="Last webhook"
          tone="quiet"
          state={system.lastWebhookAt ? "Received" : "None yet"}
          note={system.lastWebhookAt ? <Time at={system.lastWebhookAt} /> : null}
        />
      </dl>
    </section>
  );
}

/** Workers say which queue they take from; without one nobody knows. */
function queueOf({ workersAlive, queue }: Seen["system"]): Omit<PartProps, "of"> {
  if (workersAlive === 0) return { tone: "quiet", state: "No worker to tell" };
  if (queue === "RQ") return { tone: "good", state: "Redis queue" };
  return {
    tone: "wait",
    state: "Local",
    note: "Redis cannot be reached: workers look for their work by themselves.",
  };
}

/** "12 seconds", "5 minutes", "3 hours". */
function lasting(seconds: number): string {
  const [count, unit] =
    seconds < 100
      ? [seconds, "second"]
      : seconds < 6_000
        ? [seconds / 60, "minute"]
        : [seconds / 3_600, "hour"];
  const whole = Math.max(1, Math.round(count));
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

interface PartProps {
  of: string;
  tone: Tone;
  state: string;
  note?: ReactNode;
}

function Part({ of, tone, state, note }: PartProps) {
  return (
    <div>
      <dt>{of}</dt>
      <dd>
        <Badge tone={tone}>{state}</Badge>
      </dd>
      {note ? <dd className="small quiet">{note}</dd> : null}
    </div>
  );
}
