/** Sending: whether mail may leave, what comes back of it, and the switch that stops all of it. */

import { useSearchParams } from "wouter";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import type { Tone } from "../../ui/states";
import { Time } from "../../ui/time";
import { useIsOwner, useMayWork } from "../../viewer";
import { HeldDialog } from "./held";
import { SwitchDialog } from "./switch";
import type { Seen } from "./system";
import styles from "./system.module.css";

interface Props {
  mode: Seen["system"]["emailSending"];
  workspace: Seen["viewer"]["workspace"];
}

/** What the deployment does with an approved mail. */
const MODES: Readonly<Record<Props["mode"], readonly [Tone, string, string]>> = {
  BLOCKED: [
    "wait",
    "Held",
    "Approved mails are held until real sending is allowed and they are released.",
  ],
  SANDBOX: ["busy", "Sandbox", "Mails are written into files; nobody receives them."],
  ENABLED: ["good", "Real mail", "Approved mails are sent to their readers."],
};
const BREAKER: Readonly<Record<string, readonly [Tone, string]>> = {
  QUIET: ["good", "Quiet"],
  WARNING: ["wait", "Close to its limit"],
  STOPPED: ["bad", "Has stopped all mail"],
};

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 2 });

export function Sending({ mode, workspace }: Props) {
  const [search, setSearch] = useSearchParams();
  const isOwner = useIsOwner();
  const mayWork = useMayWork();
  const stopped = workspace.sendingStopped;
  const [tone, label, meaning] = MODES[mode];
  const show = (what: string | null) => setSearch(what ? { do: what } : {}, { replace: true });
  const doing = search.get("do");
  return (
    <section aria-labelledby="sending">
      <h2 id="sending">Sending</h2>
      {stopped ? (
        <p className={styles.warning}>
          All mail of this workspace is stopped: {workspace.sendingStoppedReason}
        </p>
      ) : null}
      <dl className={styles.parts}>
        <div>
          <dt>Mail</dt>
          <dd>
            <Badge tone={stopped ? "bad" : tone}>{stopped ? "Stopped" : label}</Badge>
          </dd>
          <dd className="small quiet">
            {stopped ? "It waits at the gate; nothing is lost." : meaning}
          </dd>
        </div>
        <Breaker {...workspace.breaker} />
      </dl>
      <div className={styles.buttons}>
        {isOwner ? (
          <Button kind={stopped ? "primary" : "danger"} onClick={() => show("switch")}>
            {stopped ? "Let mail out again…" : "Stop all mail…"}
          </Button>
        ) : null}
        {mayWork ? <Button onClick={() => show("held")}>Held mail…</Button> : null}
      </div>
      {doing === "switch" && isOwner ? (
        <SwitchDialog stopped={stopped} onClose={() => show(null)} />
      ) : null}
      {doing === "held" && mayWork ? <HeldDialog onClose={() => show(null)} /> : null}
    </section>
  );
}

function Breaker(breaker: Props["workspace"]["breaker"]) {
  const [tone, label] = BREAKER[breaker.state] ?? ["quiet", breaker.state];
  return (
    <div>
      <dt>Breaker</dt>
      <dd>
        <Badge tone={tone}>{label}</Badge>
      </dd>
      <dd className="small quiet">
        {breaker.sent > 0 ? (
          <>
            Of {breaker.sent} sent since <Time at={breaker.since} />: {breaker.hardBounces} bounced
            ({percent.format(breaker.bounceRate)}), {breaker.complaints} complained (
            {percent.format(breaker.complaintRate)}).
          </>
        ) : (
          <>
            Nothing was really sent since <Time at={breaker.since} />.
          </>
        )}
      </dd>
    </div>
  );
}
