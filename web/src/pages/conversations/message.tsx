/** Spoken: one message in plain words: from whom to whom, of what cause, and how it fared. */

import { useState } from "react";
import { replay } from "../../deadLetters/acts";
import { DiscardDialog } from "../../deadLetters/discard";
import { type Member, nameOf, speakerOf } from "../../team";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Jump } from "../../ui/jump";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import { useMayWork } from "../../viewer";
import styles from "./message.module.css";
import type { Said } from "./story";
import type { Message } from "./thread";

export function Spoken({ said, team }: { said: Said; team: readonly Member[] }) {
  const { message, cause, follows } = said;
  const person = message.sender === "person" || message.recipient === "person";
  return (
    <li
      id={message.id}
      tabIndex={-1}
      className={styles.message}
      data-person={person || undefined}
      data-follows={follows || undefined}
    >
      <p className={styles.line}>
        <strong>{speakerOf(team, message)}</strong>{" "}
        <span className="quiet">to {nameOf(team, message.recipient)}</span>
        <span className="quiet small">
          <Time at={message.sentAt} />
        </span>
        <Standing message={message} />
      </p>
      {cause ? <Because cause={cause} follows={follows} team={team} /> : null}
      <p className={styles.words}>
        {message.sender === "person" ? message.text : <Statement text={message.text} />}
      </p>
      {message.status === "DEAD" ? <Dead message={message} team={team} /> : null}
      <AsSent message={message} />
    </li>
  );
}

/** What exactly was sent, for who wants to see it. */
function AsSent({ message }: { message: Message }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="small" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="quiet">{message.type}, as it was sent</summary>
      {open ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <pre tabIndex={0}>{JSON.stringify(message.body, null, 2)}</pre>
      ) : null}
    </details>
  );
}

interface BecauseProps {
  cause: Message;
  follows: boolean;
  team: readonly Member[];
}

function Because({ cause, follows, team }: BecauseProps) {
  if (follows) return <p className="unseen">Because of the message before.</p>;
  return (
    <p className="quiet small">
      Because of what {speakerOf(team, cause)} said: <Jump to={cause.id}>{cause.text}</Jump>
    </p>
  );
}

function Standing({ message: { status, attempts, error, availableAt } }: { message: Message }) {
  if (status === "DEAD") return <Badge tone="bad">Dead letter</Badge>;
  if (status === "DISCARDED") return <Badge tone="quiet">Discarded</Badge>;
  if (status !== "READY") return null;
  if (attempts === 0) return <Badge tone="busy">On its way</Badge>;
  return (
    <>
      <Badge tone="wait">{attempts === 1 ? "Failed once" : `Failed ${attempts} times`}</Badge>
      <span className="quiet small">
        Tried again <Time at={availableAt} />
        {error ? `: ${error}` : ""}
      </span>
    </>
  );
}

function Dead({ message, team }: { message: Message; team: readonly Member[] }) {
  const mayWork = useMayWork();
  const [asked, setAsked] = useState(false);
  return (
    <div className={styles.dead}>
      <p>It could not be handled{message.error ? `: ${message.error}` : "."}</p>
      {mayWork ? (
        <p className={styles.line}>
          <Button onClick={() => replay(message, team)}>Replay</Button>
          <Button kind="danger" onClick={() => setAsked(true)}>
            Discard
          </Button>
        </p>
      ) : null}
      {asked ? <DiscardDialog letter={message} onClose={() => setAsked(false)} /> : null}
    </div>
  );
}
