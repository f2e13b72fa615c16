/**
 * Interject: say something to an agent about a task.
 *
 * Only a few things are understood, by rules; they are told here, each with words that work.
 */

import { useId, useRef, useState } from "react";
import { graphql } from "../../graphql";
import { attempt } from "../../perform";
import { nameOf, useTeam } from "../../team";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Form } from "../../ui/form";
import { useShortcuts } from "../../ui/keys";
import { toast } from "../../ui/toast";
import { JOIN } from "./news";
import type { Subject } from "./thread";
import styles from "./thread.module.css";

const SEND = graphql(`
  mutation Send($input: SendMessageInput!) {
    payload: sendMessage(input: $input) { message { id recipient } userErrors { code message } }
  }
`);

/** What can be meant, with an example each. */
const INTENTS = [
  ["Use a warmer tone.", "The draft that waits is written anew with that, also an approved one."],
  ["Pause this for now.", "The next follow-up is held, or an approval taken back."],
  ["Stop writing to them.", "Nothing more goes to this contact, whatever was approved."],
  ["Stop writing to this company.", "The same for everybody of the contact's company."],
  ["How do things stand?", "The agent answers; nothing is changed."],
] as const;

/** What was written and not sent, by task: it is there again when its conversation is. */
const unsent = new Map<string, string>();

export function Interject({ task }: { task: Subject }) {
  const team = useTeam();
  const [agentId, setAgentId] = useState(task.agent.id);
  const [text, setText] = useState(unsent.get(task.id) ?? "");
  const [refused, setRefused] = useState<string>();
  const box = useRef<HTMLTextAreaElement>(null);
  const ids = useId();
  useShortcuts([{ keys: "i", does: "Join the conversation", run: () => box.current?.focus() }]);
  const write = (words: string) => {
    unsent.set(task.id, words);
    setText(words);
  };
  const send = async () => {
    const outcome = await attempt(SEND, { input: { agentId, taskId: task.id, text } });
    if ("refused" in outcome) {
      setRefused(outcome.refused);
      return;
    }
    setRefused(undefined);
    // What was written meanwhile is another message.
    if (unsent.get(task.id) === text) write("");
    const to = outcome.done.message?.recipient;
    toast(`Said to ${to ? nameOf(team, to) : "the agent"}; the answer appears here.`);
  };
  return (
    <section id={JOIN} className={styles.join} aria-label="Join the conversation">
      <Form
        refused={refused}
        onSend={send}
        buttons={
          <Button kind="primary" type="submit" disabled={!text.trim()}>
            Send
          </Button>
        }
      >
        <Field id={`${ids}to`} label="Say to">
          {(marks) => (
            <select {...marks} value={agentId} onChange={({ target }) => setAgentId(target.value)}>
              {(team.length > 0 ? team : [task.agent]).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field id={`${ids}text`} label="What">
          {(marks) => (
            <textarea
              {...marks}
              ref={box}
              required
              maxLength={5000}
              value={text}
              onChange={({ target }) => write(target.value)}
            />
          )}
        </Field>
      </Form>
      <details className="small">
        <summary>What an agent understands</summary>
        <ul className={styles.means}>
          {INTENTS.map(([example, does]) => (
            <li key={example}>
              <Button
                onClick={() => {
                  write(example);
                  box.current?.focus();
                }}
              >
                {example}
              </Button>
              <span>{does}</span>
            </li>
          ))}
        </ul>
        <p className="quiet">Anything else: the agent says so, and does nothing.</p>
      </details>
    </section>
  );
}
