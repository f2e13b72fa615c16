/** DelegateDialog: hand a deal to an agent; afterwards it says to which one, and why. */

import { useState } from "react";
import { Link } from "wouter";
import { client } from "../../client";
import { graphql } from "../../graphql";
import { newKey } from "../../newKey";
import { attempt } from "../../perform";
import { placeOf } from "../../places";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Form } from "../../ui/form";
import { Statement } from "../../ui/statement";
import { useLive } from "../../useLive";
import type { OpenDeal } from "./deal";
import styles from "./deal.module.css";
import { stageName } from "./stages";
import { whyOf } from "./work";

const AGENTS = graphql(`
  query Delegates {
    agents { id name kind }
  }
`);
const DELEGATE = graphql(`
  mutation Delegate($input: DelegateOpportunityInput!) {
    payload: delegateOpportunity(input: $input) {
      task { id instruction agent { id name } }
      warnings
      userErrors { code message }
    }
  }
`);
const WHY = graphql(`
  query WhyDelegated($taskId: ID!) {
    events(filter: { type: ["opportunity.delegated"], taskId: $taskId }, last: 1) {
      nodes { id data }
    }
  }
`);

interface Handed {
  taskId: string;
  agent: string;
  instruction: string;
  why: string | undefined;
  warnings: readonly string[];
}

interface Props {
  deal: OpenDeal;
  onClose: () => void;
}

export function DelegateDialog({ deal, onClose }: Props) {
  const [handed, setHanded] = useState<Handed>();
  return (
    <Dialog title={`Delegate “${deal.title}”`} onClose={onClose}>
      {handed ? (
        <Outcome handed={handed} onClose={onClose} />
      ) : (
        <Choose deal={deal} onHanded={setHanded} />
      )}
    </Dialog>
  );
}

function Choose({ deal, onHanded }: { deal: OpenDeal; onHanded: (handed: Handed) => void }) {
  const { data } = useLive(AGENTS, {}, ["agent"]);
  // One dialog is one task, however often it is sent off.
  const [idempotencyKey] = useState(newKey);
  const [agentId, setAgentId] = useState("");
  const [instruction, setInstruction] = useState("");
  const [refused, setRefused] = useState<string>();
  const delegate = async () => {
    const input = {
      opportunityId: deal.id,
      idempotencyKey,
      ...(agentId ? { agentId } : {}),
      ...(instruction.trim() ? { instruction } : {}),
    };
    const outcome = await attempt(DELEGATE, { input });
    if ("refused" in outcome) setRefused(outcome.refused);
    else if (outcome.done.task) onHanded(await toldWhy(outcome.done.task, outcome.done.warnings));
  };
  const takers = data?.agents.filter(({ kind }) => kind === "OUTREACH" || kind === "RESEARCH");
  return (
    <Form
      refused={refused}
      onSend={delegate}
      buttons={
        <Button kind="primary" type="submit">
          Delegate
        </Button>
      }
    >
      <Field
        id="agent"
        label="To which agent"
        hint={`Automatic: the stage, ${stageName(deal.stage)}, decides, and you are told why.`}
      >
        {(marks) => (
          <select {...marks} value={agentId} onChange={({ target }) => setAgentId(target.value)}>
            <option value="">Automatic</option>
            {takers?.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        id="instruction"
        label="Instruction (optional)"
        hint={
          deal.nextStep
            ? `Without one, the next step is the order: ${deal.nextStep}`
            : "Without one, the stage says what is to be done."
        }
      >
        {(marks) => (
          <textarea
            {...marks}
            maxLength={10000}
            value={instruction}
            onChange={({ target }) => setInstruction(target.value)}
          />
        )}
      </Field>
    </Form>
  );
}

async function toldWhy(
  task: { id: string; instruction: string; agent: { name: string } },
  warnings: readonly string[],
): Promise<Handed> {
  const answer = await client
    .query(WHY, { taskId: task.id }, { requestPolicy: "network-only" })
    .toPromise();
  const [event] = answer.data?.events.nodes ?? [];
  const { id: taskId, instruction, agent } = task;
  return { taskId, agent: agent.name, instruction, why: whyOf(event?.data), warnings };
}

function Outcome({ handed, onClose }: { handed: Handed; onClose: () => void }) {
  const { taskId, agent, instruction, why, warnings } = handed;
  return (
    <div className={styles.pane} role="status">
      <p>
        <strong>{agent}</strong> has it now. {why ? <Statement text={why} /> : null}
      </p>
      <p className="quiet">The order: {instruction}</p>
      {warnings.map((warning) => (
        <p key={warning}>
          <Statement text={warning} />
        </p>
      ))}
      <div className={styles.acts}>
        <Link href={placeOf("Task", taskId)}>Follow the conversation</Link>
        <Button autoFocus onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
