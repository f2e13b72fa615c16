/** Filters: narrow the stream down.  On a narrow screen they are folded until one is set. */

import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { placeOf } from "../../places";
import { type Member, nameOf, signatureOf, useTeam } from "../../team";
import { Button } from "../../ui/button";
import { useShortcuts } from "../../ui/keys";
import { useWide } from "../../ui/wide";
import { useViewer } from "../../viewer";
import { momentOf, wallTime } from "../../zone";
import type { Filter } from "./feed";
import styles from "./filters.module.css";
import { addressOf } from "./wanted";

/** Most of what is recorded; any other may be written too. */
const TYPES = [
  "agent.failed agent.paused agent.resumed agent.updated approval.requested contact.created",
  "contact.suppressed contact.unsubscribed draft.approved draft.rejected email.blocked",
  "email.bounced email.delivered email.sent escalation.opened escalation.resolved",
  "follow_up.scheduled message.buried opportunity.moved reply.recorded sending.resumed",
  "sending.stopped task.assigned task.cancelled task.completed task.failed task.started",
].flatMap((line) => line.split(" "));

/** Where the focus was when another filter was asked for, which is another form. */
let left: string | undefined;

export function Filters({ filter }: { filter: Filter }) {
  const [, go] = useLocation();
  const search = useRef<HTMLInputElement>(null);
  const team = useTeam();
  const viewer = useViewer();
  const zone = viewer.workspace.timezone;
  const isSet = Object.keys(filter).length > 0;
  useShortcuts([{ keys: "/", does: "Search", run: () => search.current?.focus() }]);
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    left = document.activeElement?.id;
    const form = new FormData(event.currentTarget);
    const actor = String(form.get("actor") ?? "").trim();
    form.set("actor", signatureOf(team, actor));
    go(addressOf(written(filter, form, zone)));
  };
  useEffect(() => {
    if (left) document.getElementById(left)?.focus();
    left = undefined;
  }, []);
  return (
    <Folded open={isSet}>
      <form className={styles.filters} aria-label="Filter" onSubmit={apply}>
        <Entry name="search" label="Text">
          <input id="filter-search" name="search" ref={search} defaultValue={filter.search ?? ""} />
        </Entry>
        <Entry name="type" label="Type">
          <input
            id="filter-type"
            name="type"
            list="filter-types"
            defaultValue={(filter.type ?? []).join(" ")}
          />
          <datalist id="filter-types">
            {TYPES.map((type) => (
              <option key={type} value={type} />
            ))}
          </datalist>
        </Entry>
        <Entry name="actor" label="Done by">
          {/* Another key once names are known: what was chosen is shown by its name then. */}
          <input
            key={filter.actor ? nameOf(team, filter.actor) : ""}
            id="filter-actor"
            name="actor"
            list="filter-actors"
            defaultValue={filter.actor ? nameOf(team, filter.actor) : ""}
          />
          <datalist id="filter-actors">
            {team.map(({ id, name }) => (
              <option key={id} value={name} />
            ))}
            <option value={viewer.name} />
          </datalist>
        </Entry>
        <Entry name="agentId" label="About the agent">
          <AgentChoice team={team} chosen={filter.agentId ?? ""} />
        </Entry>
        <Entry name="since" label={`From, ${zone}`}>
          <input
            id="filter-since"
            name="since"
            type="datetime-local"
            defaultValue={local(filter.since, zone)}
          />
        </Entry>
        <Entry name="until" label={`Until, ${zone}`}>
          <input
            id="filter-until"
            name="until"
            type="datetime-local"
            defaultValue={local(filter.until, zone)}
          />
        </Entry>
        <div className={styles.buttons}>
          <Button id="filter-send" type="submit">
            Filter
          </Button>
          {isSet ? <Link href="/activity">Show all</Link> : null}
        </div>
      </form>
      {filter.taskId ? (
        <p className="small">
          Only what happened to one task.{" "}
          <Link href={placeOf("Task", filter.taskId)}>Read its conversation</Link>
        </p>
      ) : null}
      {filter.contactId ? (
        <p className="small">
          Only what happened to one contact.{" "}
          <Link href={placeOf("Contact", filter.contactId)}>Read their story</Link>
        </p>
      ) : null}
    </Folded>
  );
}

function Folded({ open, children }: { open: boolean; children: ReactNode }) {
  const wide = useWide();
  if (wide) return children;
  return (
    <details open={open}>
      <summary>Filter</summary>
      {children}
    </details>
  );
}

function Entry({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={`filter-${name}`}>{label}</label>
      {children}
    </div>
  );
}

function AgentChoice({ team, chosen }: { team: readonly Member[]; chosen: string }) {
  return (
    // Another key once its choices are there: what was chosen cannot be shown before.
    <select key={team.length} id="filter-agentId" name="agentId" defaultValue={chosen}>
      <option value="">any</option>
      {team.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Return the filter as the form has it; what the form has no field for stays. */
function written({ taskId, contactId }: Filter, form: FormData, zone: string): Filter {
  const text = (name: string) => String(form.get(name) ?? "").trim() || null;
  const moment = (name: string) => {
    const at = text(name);
    return at && new Date(momentOf(at, zone)).toISOString();
  };
  return {
    ...(taskId ? { taskId } : {}),
    ...(contactId ? { contactId } : {}),
    type: text("type")?.split(/[\s,]+/) ?? null,
    actor: text("actor"),
    agentId: text("agentId"),
    search: text("search"),
    since: moment("since"),
    until: moment("until"),
  };
}

/** Return a moment as its field wants it: by the clock of a zone. */
function local(moment: string | null | undefined, zone: string): string {
  const at = Date.parse(moment ?? "");
  return Number.isNaN(at) ? "" : wallTime(at, zone);
}
