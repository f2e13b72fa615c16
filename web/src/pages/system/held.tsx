/**
 * HeldDialog: the mails that were approved while real sending was off, and their release.
 *
 * Only what was looked at is released: if their number changed meanwhile, the server refuses.
 */

import { useEffect, useState } from "react";
import { graphql, type ResultOf } from "../../graphql";
import { attempt } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useOnce } from "../../ui/once";
import { Skeleton } from "../../ui/skeleton";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import styles from "./system.module.css";

const PREVIEW = graphql(`
  mutation PreviewHeld {
    payload: previewHeldEmails { count firstAt lastAt userErrors { code message } }
  }
`);
const RELEASE = graphql(`
  mutation ReleaseHeld($input: ReleaseHeldEmailsInput!) {
    payload: releaseHeldEmails(input: $input) { count firstAt lastAt userErrors { code message } }
  }
`);

type Held = ResultOf<typeof PREVIEW>["payload"];

export function HeldDialog({ onClose }: { onClose: () => void }) {
  const [held, setHeld] = useState<Held>();
  const [refused, setRefused] = useState<string>();
  const look = async () => {
    const outcome = await attempt(PREVIEW, {});
    if ("refused" in outcome) setRefused(outcome.refused);
    else setHeld(outcome.done);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at once, when it opens
  useEffect(() => void look(), []);
  const release = useOnce(async (expectedCount: number) => {
    const outcome = await attempt(RELEASE, { input: { expectedCount } });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      await look();
      return;
    }
    toast(`${mails(outcome.done.count)} released.`);
    onClose();
  });
  return (
    <Dialog title="Held mail" onClose={onClose}>
      <div className={styles.form}>
        {refused ? (
          <p role="alert" className={styles.error}>
            <Statement text={refused} />
          </p>
        ) : null}
        {held ? (
          <Preview held={held} onRelease={release} />
        ) : refused ? null : (
          <Skeleton of="held mail" />
        )}
      </div>
    </Dialog>
  );
}

function mails(count: number): string {
  return count === 1 ? "1 mail" : `${count} mails`;
}

interface PreviewProps {
  held: Held;
  onRelease: (count: number) => void;
}

function Preview({ held: { count, firstAt, lastAt }, onRelease }: PreviewProps) {
  if (count === 0) return <p>No mail is held: nothing waits for leave to be sent.</p>;
  return (
    <>
      <p>
        {mails(count)} {count === 1 ? "was" : "were"} approved and held. Released, they come to the
        gate again one after the other, at the workspace's pace.
      </p>
      {firstAt && lastAt ? (
        <>
          <p>
            The first has its turn <Time at={firstAt} />, the last <Time at={lastAt} />.
          </p>
          <div className={styles.buttons}>
            <Button kind="primary" onClick={() => onRelease(count)}>
              Release {mails(count)}
            </Button>
          </div>
        </>
      ) : (
        <p>None may leave now, so none can be released: sending is stopped, or not allowed.</p>
      )}
    </>
  );
}
