/** Facts: what was found out about somebody, each with where it stood, word for word. */

import { useState } from "react";
import { FactSource } from "../../factSource";
import { graphql } from "../../graphql";
import { perform } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { useMayWork } from "../../viewer";
import type { Person } from "./contact";
import styles from "./contact.module.css";
import forms from "./forms.module.css";

const WITHDRAW = graphql(`
  mutation WithdrawFact($input: WithdrawFactInput!) {
    payload: withdrawFact(input: $input) { fact { id } userErrors { code message } }
  }
`);

type Fact = Person["facts"][number];

export function Facts({ facts }: { facts: readonly Fact[] }) {
  const [leaving, setLeaving] = useState<Fact>();
  const mayWork = useMayWork();
  return (
    <section className={styles.block} aria-labelledby="facts">
      <header>
        <h2 id="facts">Facts</h2>
      </header>
      {facts.length === 0 ? (
        <p className="quiet">
          None yet. The research agent finds them in what is listed here, each with its source.
        </p>
      ) : (
        <ul className={styles.list}>
          {facts.map((fact) => (
            <li key={fact.id} className={styles.item}>
              <p>{fact.statement}</p>
              {fact.quote === fact.statement ? null : (
                <blockquote className={styles.quote}>“{fact.quote}”</blockquote>
              )}
              <p className="quiet small">
                <FactSource fact={fact} />, found by {fact.foundBy} <Time at={fact.foundAt} />
              </p>
              {mayWork ? (
                <Button kind="bare" onClick={() => setLeaving(fact)}>
                  Take away<span className="unseen"> {fact.statement}</span>
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {leaving ? <WithdrawDialog fact={leaving} onClose={() => setLeaving(undefined)} /> : null}
    </section>
  );
}

function WithdrawDialog({ fact, onClose }: { fact: Fact; onClose: () => void }) {
  const withdraw = async () => {
    if (await perform(WITHDRAW, { input: { factId: fact.id } })) toast("The fact was taken away.");
    onClose();
  };
  return (
    <Dialog title="Take this fact away?" onClose={onClose}>
      <div className={forms.form}>
        <p>{fact.statement}</p>
        <p>
          It is not found again and no later mail rests on it. What was written with it keeps saying
          so. This cannot be taken back.
        </p>
        <div className={forms.buttons}>
          <Button kind="danger" onClick={withdraw}>
            Take it away
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
