/**
 * Move: to another stage, by a select and its button, or by hand.
 *
 * A move can be taken back.  One to WON or LOST also ends what was still to be sent for the
 * deal, which cannot: so it is asked first.
 */

import { type ReactNode, useRef, useState } from "react";
import { graphql } from "../../graphql";
import { perform } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Form } from "../../ui/form";
import { toast } from "../../ui/toast";
import { follow } from "./following";
import styles from "./move.module.css";
import { ends, STAGES, type Stage, stageName } from "./stages";

const MOVE = graphql(`
  mutation MoveOpportunity($input: UpdateOpportunityInput!) {
    payload: updateOpportunity(input: $input) {
      opportunity { id stage }
      userErrors { code message }
    }
  }
`);

interface Movable {
  id: string;
  title: string;
  stage: Stage;
}

async function carry({ id, title, stage }: Movable, to: Stage): Promise<void> {
  if (!(await perform(MOVE, { input: { opportunityId: id, stage: to } }))) return;
  follow(id);
  const back = () => void carry({ id, title, stage: to }, stage);
  toast(`“${title}” is at ${stageName(to)}.`, ends(to) ? undefined : back);
}

/** Return what moves a deal, and the question that it may put first. */
export function useMove(): { move: (deal: Movable, to: Stage) => void; asking: ReactNode } {
  const [asked, setAsked] = useState<{ deal: Movable; to: Stage }>();
  const close = () => setAsked(undefined);
  const move = (deal: Movable, to: Stage) => {
    if (ends(to) && !ends(deal.stage)) setAsked({ deal, to });
    else if (to !== deal.stage) void carry(deal, to);
  };
  const asking = asked ? (
    <Dialog title={`${stageName(asked.to)}: “${asked.deal.title}”`} onClose={close}>
      <Form
        onSend={() => {
          close();
          void carry(asked.deal, asked.to);
        }}
        buttons={
          <>
            <Button kind="primary" type="submit">
              Move to {stageName(asked.to)}
            </Button>
            <Button onClick={close}>Leave it at {stageName(asked.deal.stage)}</Button>
          </>
        }
      >
        <p>
          Every draft, mail and follow-up that is still to be sent for this opportunity ends with
          that, and does not come back when the opportunity is opened again.
        </p>
      </Form>
    </Dialog>
  ) : null;
  return { move, asking };
}

interface Props {
  of: string;
  stage: Stage;
  onMove: (to: Stage) => void;
  id?: string;
}

/** Choosing is not moving: the arrow keys walk through stages that nobody means. */
export function StageSelect({ of, stage, onMove, id }: Props) {
  const [wanted, choose] = useState<Stage>();
  const chosen = wanted ?? stage;
  const select = useRef<HTMLSelectElement>(null);
  return (
    <form
      className={id ? styles.move : `${styles.move} ${styles.small}`}
      onSubmit={(event) => {
        event.preventDefault();
        // The button goes with what was chosen.
        select.current?.focus();
        choose(undefined);
        onMove(chosen);
      }}
    >
      <select
        ref={select}
        id={id}
        aria-label={id ? undefined : `Stage of ${of}`}
        value={chosen}
        onChange={({ target }) => choose(target.value as Stage)}
        onKeyDown={(event) => {
          // Some browsers would open the list of a select, and send no form by it.
          if (event.key !== "Enter" || chosen === stage) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      >
        {STAGES.map((each) => (
          <option key={each} value={each}>
            {stageName(each)}
          </option>
        ))}
      </select>
      {chosen === stage ? null : <Button type="submit">Move</Button>}
    </form>
  );
}
