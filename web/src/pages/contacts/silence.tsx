/** Silence: what keeps mail from a contact, whose wish that was, and how it is lifted. */

import { useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { useMayWork } from "../../viewer";
import type { Person } from "./contact";
import styles from "./silence.module.css";
import { WhyForm } from "./why";

const LIFT = graphql(`
  mutation Lift($input: RemoveSuppressionInput!) {
    payload: removeSuppression(input: $input) { contact { id } userErrors { code message } }
  }
`);

type Entry = NonNullable<Person["suppression"]>;

export function Silence({ person }: { person: Person }) {
  const [lifting, setLifting] = useState(false);
  const mayWork = useMayWork();
  const { suppression: entry } = person;
  if (!entry) return null;
  return (
    <section className={styles.silence} aria-label="No mail">
      <Icon name="bad" />
      <div>
        <p>
          <strong>
            {isDomain(entry) ? `No mail goes to ${entry.email}` : "No mail goes here"}:
          </strong>{" "}
          {entry.reason} <span className="quiet small">({origin(entry.source)}, </span>
          <span className="quiet small">
            <Time at={entry.createdAt} />)
          </span>
        </p>
        <p className="small">{wayOut(entry)}</p>
      </div>
      {mayWork ? <Button onClick={() => setLifting(true)}>Lift</Button> : null}
      {lifting ? <LiftDialog entry={entry} onClose={() => setLifting(false)} /> : null}
    </section>
  );
}

function LiftDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const [refused, setRefused] = useState<string>();
  const lift = async (reason: string) => {
    const outcome = await attempt(LIFT, { input: { suppressionId: entry.id, reason } });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    toast(`${entry.email} may be written to again.`);
    onClose();
  };
  return (
    <Dialog title={`Write to ${entry.email} again`} onClose={onClose}>
      <WhyForm label="Why they may be written to again" does="Lift" refused={refused} onSend={lift}>
        <p>{wayOut(entry)} What was cancelled when it began stays cancelled.</p>
      </WhyForm>
    </Dialog>
  );
}

function isDomain({ email }: Entry): boolean {
  return email.startsWith("@");
}

/** Whose act an entry was; the server's word for it stands behind a colon. */
function origin(source: string): string {
  const [kind = "", who] = source.split(":");
  if (kind === "person") return `by ${who}`;
  if (kind === "import") return `by a list that ${who} imported`;
  return ORIGINS[source] ?? ORIGINS[kind] ?? source;
}

const ORIGINS: Readonly<Record<string, string>> = {
  unsubscribe: "by their own unsubscribing",
  bounce: "because mail came back",
  "resend:bounced": "because mail came back",
  complaint: "because they reported spam",
  "resend:complained": "because they reported spam",
  reply: "because of what they answered",
};

function wayOut(entry: Entry): string {
  const { source } = entry;
  if (/complain/.test(source)) return "They reported our mail as spam: that is not taken back.";
  if (isDomain(entry))
    return "It holds for everybody at this domain, and is lifted for all of them.";
  if (/^(person|import):/.test(source)) {
    return "We decided this ourselves and may lift it, with a reason, unless they unsubscribed too.";
  }
  if (/bounce/.test(source)) return "Lift it once the address works again, or change the address.";
  if (source.startsWith("reply")) return "It was read out of a reply: lift it if that was misread.";
  return "It is their own wish: only they can take it back. Record the reply in which they do, then lift it.";
}
