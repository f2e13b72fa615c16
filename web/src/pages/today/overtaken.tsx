/** Overtaken: a question that somebody else settled over the note that was written on it. */

import { useEffect, useRef } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { graphql } from "../../graphql";
import { placeOf } from "../../places";
import { Signed } from "../../signed";
import { announce } from "../../ui/announce";
import { Button } from "../../ui/button";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import styles from "./cards.module.css";
import type { Question } from "./question";

const SETTLED = graphql(`
  query Settled($id: ID!) {
    node(id: $id) { ... on Escalation { resolution resolvedBy resolvedAt } }
  }
`);

interface Props {
  question: Question;
  note: string;
  /** Whether somebody was just writing it: their next keys are to be no commands. */
  takesFocus: boolean;
  onDone: () => void;
}

export function Overtaken({ question, note, takesFocus, onDone }: Props) {
  const { id, reason, contact } = question;
  const field = useRef<HTMLTextAreaElement>(null);
  const [{ data }] = useQuery({
    query: SETTLED,
    variables: { id },
    requestPolicy: "network-only",
  });
  const settled = data?.node && "resolvedAt" in data.node ? data.node : undefined;
  const { resolvedBy, resolvedAt, resolution } = settled ?? {};
  const isSettled = Boolean(resolvedAt);
  useEffect(() => {
    if (!isSettled) return;
    announce("The question was settled meanwhile; your note is kept.");
    if (takesFocus) field.current?.focus();
  }, [isSettled, takesFocus]);
  // It may only be further down the list than was read.
  if (!resolvedAt) return null;
  return (
    <li>
      <article className={styles.card} data-overtaken>
        <h2>
          {contact ? <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link> : null}
          {contact ? ": settled meanwhile" : "Settled meanwhile"}
        </h2>
        <p>
          <Statement text={reason} />
        </p>
        <p>
          <Signed by={resolvedBy ?? "system"} /> settled it <Time at={resolvedAt} />:{" "}
          <Statement text={resolution ?? ""} />
        </p>
        <div>
          <label htmlFor={`lost-${id}`}>Your note, which was not recorded</label>
          <textarea id={`lost-${id}`} ref={field} readOnly rows={2} value={note} />
        </div>
        <p>
          <Button onClick={onDone}>Put away</Button>
        </p>
      </article>
    </li>
  );
}
