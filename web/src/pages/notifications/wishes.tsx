/** Wishes: of what a browser tells, when it is quiet, and what it is called. */

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "../../ui/button";
import { ZoneInput, zoneHere } from "../../ui/zone";
import type { Subscription } from "./notifications";
import styles from "./notifications.module.css";

type PushKind = Subscription["kinds"][number];

export interface Wishes {
  kinds: PushKind[];
  quietHours: { start: string; end: string } | null;
  timezone: string;
  label: string;
}

export const KINDS: readonly (readonly [PushKind, string])[] = [
  ["APPROVALS", "Drafts that await approval"],
  ["REPLIES", "Replies"],
  ["ESCALATIONS", "Questions to a person"],
  ["FAILURES", "Failures"],
];
const NIGHT = { start: "22:00", end: "07:00" };

export const EVERYTHING: Wishes = {
  kinds: KINDS.map(([kind]) => kind),
  quietHours: null,
  timezone: zoneHere(),
  label: guessed(navigator.userAgent),
};

export function wishesOf({ kinds, quietHours: hours, timezone, label }: Subscription): Wishes {
  // Answers carry the names of their types, which no input may.
  const quietHours = hours && { start: hours.start, end: hours.end };
  return { kinds, quietHours, timezone, label: label ?? "" };
}

/** What somebody might call a browser that says this of itself. */
function guessed(agent: string): string {
  const names = ["Firefox", "Edg", "Chrome", "Safari"];
  const systems = ["Android", "iPhone", "iPad", "Windows", "Mac", "Linux"];
  const name = names.find((each) => agent.includes(each))?.replace("Edg", "Edge") ?? "Browser";
  const system = systems.find((each) => agent.includes(each));
  return system ? `${name} on ${system}` : name;
}

interface Props {
  start: Wishes;
  does: string;
  /** Returns why it was refused, if it was. */
  onSend: (wishes: Wishes) => Promise<string | undefined>;
  children?: ReactNode;
}

export function WishesForm({ start, does, onSend, children }: Props) {
  const [wishes, setWishes] = useState(start);
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);
  const label = useId();
  const change = (some: Partial<Wishes>) => setWishes({ ...wishes, ...some });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(await onSend(wishes));
    setBusy(false);
  };
  return (
    <form className={styles.form} onSubmit={send}>
      <Kinds chosen={wishes.kinds} onChoose={(kinds) => change({ kinds })} />
      <Quiet wishes={wishes} onChange={change} />
      <div className={styles.label}>
        <label htmlFor={label}>What you call this browser</label>
        <input
          id={label}
          maxLength={100}
          value={wishes.label}
          onChange={({ target }) => change({ label: target.value })}
        />
      </div>
      {refused ? (
        <p role="alert" className={styles.error}>
          {refused}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button kind="primary" type="submit" disabled={busy || wishes.kinds.length === 0}>
          {does}
        </Button>
        {children}
      </div>
    </form>
  );
}

interface KindsProps {
  chosen: readonly PushKind[];
  onChoose: (kinds: PushKind[]) => void;
}

function Kinds({ chosen, onChoose }: KindsProps) {
  return (
    <fieldset className={styles.choices}>
      <legend>Tell me of</legend>
      {KINDS.map(([kind, name]) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={chosen.includes(kind)}
            onChange={({ target }) =>
              onChoose(target.checked ? [...chosen, kind] : chosen.filter((each) => each !== kind))
            }
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

interface QuietProps {
  wishes: Wishes;
  onChange: (some: Partial<Wishes>) => void;
}

function Quiet({ wishes: { quietHours, timezone }, onChange }: QuietProps) {
  const id = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>Quiet hours</legend>
      <label>
        <input
          type="checkbox"
          checked={quietHours !== null}
          onChange={({ target }) => onChange({ quietHours: target.checked ? NIGHT : null })}
        />
        Be quiet every day; what came meanwhile is told afterwards
      </label>
      {quietHours ? (
        <div className={styles.hours}>
          {(["start", "end"] as const).map((end) => (
            <div key={end}>
              <label htmlFor={`${id}${end}`}>{end === "start" ? "From" : "To"}</label>
              <input
                id={`${id}${end}`}
                type="time"
                required
                value={quietHours[end]}
                onChange={({ target }) =>
                  onChange({ quietHours: { ...quietHours, [end]: target.value } })
                }
              />
            </div>
          ))}
          <div>
            <label htmlFor={`${id}zone`}>Time zone</label>
            <ZoneInput
              id={`${id}zone`}
              value={timezone}
              onChange={({ target }) => onChange({ timezone: target.value })}
            />
          </div>
        </div>
      ) : null}
    </fieldset>
  );
}
