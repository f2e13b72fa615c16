/** Overtaken: a question that somebody else settled over the note that was written on it. */

import { useQuery } from "urql";
import { Link } from "wouter";
import { graphql } from "../../graphql";
import { placeOf } from "../../places";
import { Signed } from "../../signed";
import { Button } from "../../ui/button";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import styles from "./cards.module.css";
import type { Question } from "./questions";

const SETTLED = graphql(`
  query Settled($id: ID!) {
    node(id: $id) { ... on Escalation { resolution resolvedBy resolvedAt } }
  }
`);

interface Props {
  question: Question;
  note: string;
  onDone: () => void;
}

export function Overtaken({ question, note, onDone }: Props) {
  const { id, reason, contact } = question;
  const [{ data }] = useQuery({ query: SETTLED, variables: { id } });
  const settled = data?.node && "resolvedBy" in data.node ? data.node : undefined;
  return (
    <article className={styles.card} data-overtaken>
      <h2>
        {contact ? <Link href={placeOf("Contact", contact.id)}>{contact.name}</Link> : null}
        {contact ? ": settled meanwhile" : "Settled meanwhile"}
      </h2>
      <p>
        <Statement text={reason} />
      </p>
      {settled?.resolvedBy && settled.resolvedAt ? (
        <p>
          <Signed by={settled.resolvedBy} /> settled it <Time at={settled.resolvedAt} />:{" "}
          <Statement text={settled.resolution ?? ""} />
        </p>
      ) : null}
      <p className="quiet small">Your note was not recorded:</p>
      <p className={styles.words}>{note}</p>
      <p>
        <Button onClick={onDone}>Put away</Button>
      </p>
    </article>
  );
}
