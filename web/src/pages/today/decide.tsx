/**
 * Decide: approve, edit or reject a draft, each bound to what was read.
 *
 * What was approved or rejected meanwhile by somebody else is told, not failed: the server
 * lets one decision win, and says which.
 */

import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { Signed } from "../../signed";
import { Button } from "../../ui/button";
import { useShortcuts } from "../../ui/keys";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useMayWork } from "../../viewer";
import { approve, isOvertaken } from "./acts";
import styles from "./decide.module.css";
import type { OpenDraft } from "./draft";
import { EditForm, isUnsaved } from "./edit";
import { draftAddress } from "./open";
import { RejectDialog } from "./reject";

interface Props {
  draft: OpenDraft;
  onDecided: () => void;
  children: ReactNode;
}

export function Decide({ draft, onDecided, children }: Props) {
  const mayWork = useMayWork();
  const [doing, setDoing] = useState<"edit" | "reject" | undefined>(() =>
    isUnsaved(draft.id) ? "edit" : undefined,
  );
  const waits = draft.status === "PENDING";
  return (
    <div className={styles.decide}>
      {waits ? null : <Decided draft={draft} />}
      {doing === "edit" ? (
        <EditForm draft={draft} onDone={() => setDoing(undefined)} />
      ) : (
        <>
          {waits && mayWork ? (
            <Bar
              draft={draft}
              onDecided={onDecided}
              onEdit={() => setDoing("edit")}
              onReject={() => setDoing("reject")}
            />
          ) : null}
          {children}
        </>
      )}
      {doing === "reject" ? (
        <RejectDialog draft={draft} onDecided={onDecided} onClose={() => setDoing(undefined)} />
      ) : null}
    </div>
  );
}

interface BarProps {
  draft: OpenDraft;
  onDecided: () => void;
  onEdit: () => void;
  onReject: () => void;
}

function Bar({ draft, onDecided, onEdit, onReject }: BarProps) {
  const [busy, setBusy] = useState(false);
  const overtaken = isOvertaken(draft);
  const elsewhere = draft.stale.some(({ code }) => code === "ADDRESS_CHANGED");
  const letOut = async () => {
    if (busy || elsewhere) return;
    setBusy(true);
    if (await approve(draft)) onDecided();
    setBusy(false);
  };
  useShortcuts([
    { keys: "a", does: "Approve the open draft", run: letOut },
    { keys: "e", does: "Edit the open draft", run: onEdit },
    { keys: "r", does: "Reject the open draft", run: onReject },
  ]);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Decide">
      <Button kind="primary" hint="a" disabled={busy || elsewhere} onClick={letOut}>
        {overtaken ? "Approve although stale" : "Approve"}
      </Button>
      <Button hint="e" onClick={onEdit}>
        Edit
      </Button>
      <Button hint="r" onClick={onReject}>
        Reject
      </Button>
      {draft.followUpSettings?.waits?.length ? (
        <p className="quiet small">
          Its approval is leave for {followUps(draft.followUpSettings.waits.length)} too, where the
          agent's settings ask for no other.
        </p>
      ) : null}
    </div>
  );
}

/** The version that took a draft's place, if it is there to be decided. */
function newer({ id, followUp, task }: OpenDraft): { id: string; version: number } | undefined {
  const newest = followUp ? followUp.draft : task.drafts.at(-1);
  return newest && newest.id !== id && newest.status === "PENDING" ? newest : undefined;
}

function followUps(count: number): string {
  return count === 1 ? "one follow-up" : `${count} follow-ups`;
}

function Decided({ draft }: { draft: OpenDraft }) {
  const other = newer(draft);
  const next = draft.task.followUps.find(({ status }) => status === "SCHEDULED");
  const mail = draft.followUp ? draft.followUp.sentEmail : draft.task.sentEmail;
  return (
    <p className={styles.decided} data-decided={draft.status}>
      {WORDS[draft.status]}
      {draft.decidedBy ? (
        <>
          {" "}
          by <Signed by={draft.decidedBy} />
        </>
      ) : null}
      {draft.decidedAt ? (
        <>
          {" "}
          <Time at={draft.decidedAt} />
        </>
      ) : null}
      {draft.reason ? (
        <>
          : <Statement text={draft.reason} />
        </>
      ) : (
        "."
      )}
      {mail?.sentAt && draft.status === "APPROVED" ? (
        <>
          {" "}
          Sent <Time at={mail.sentAt} />.
        </>
      ) : null}
      {other ? (
        <>
          {" "}
          <Link href={draftAddress(other.id)} replace>
            Open version {other.version}
          </Link>
        </>
      ) : null}
      {next ? (
        <>
          {" "}
          Follow-up {next.step} is due <Time at={next.dueAt} />, unless they answer.
        </>
      ) : null}
    </p>
  );
}

const WORDS = {
  APPROVED: "Approved",
  REJECTED: "Rejected",
  SUPERSEDED: "Superseded",
  PENDING: "Waiting",
} as const;
