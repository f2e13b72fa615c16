/** DeadLetters: messages that no agent could handle; replayed or discarded by a person. */

import { useRef, useState } from "react";
import { replay } from "../../deadLetters/acts";
import { DiscardDialog } from "../../deadLetters/discard";
import { graphql, type ResultOf } from "../../graphql";
import { useTeam } from "../../team";
import { Button } from "../../ui/button";
import { useShortcuts } from "../../ui/keys";
import { Loaded } from "../../ui/loaded";
import { focusedRow, useRows } from "../../ui/rows";
import { type Page, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import { LetterRow } from "./letter";
import letters from "./letter.module.css";

const DEAD = graphql(`
  query DeadLetters($after: String) {
    messages(filter: { status: [DEAD] }, first: 25, after: $after) {
      nodes {
        id type text sender recipient attempts error sentAt
        task { id contact { id name } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const TOPICS = ["message", "agent"];

export type Letter = ResultOf<typeof DEAD>["messages"]["nodes"][number];

function read({ messages: { nodes, pageInfo } }: ResultOf<typeof DEAD>): Page<Letter> {
  return { items: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

export function DeadLetters() {
  const list = usePages(DEAD, (after) => ({ after }), read, TOPICS);
  return (
    <section aria-labelledby="dead">
      <h2 id="dead" tabIndex={-1}>
        Dead letters
      </h2>
      <Loaded data={list.items} error={list.error} retry={list.retry} of="the dead letters">
        {(items) =>
          items.length === 0 ? (
            <p className="quiet">None: every message was handled, or is still being tried.</p>
          ) : (
            <Letters items={items} more={list.more} />
          )
        }
      </Loaded>
    </section>
  );
}

function Letters({ items, more }: { items: Letter[]; more: (() => void) | undefined }) {
  const list = useRef<HTMLOListElement>(null);
  const mayWork = useMayWork();
  const team = useTeam();
  const [discarded, setDiscarded] = useState<Letter>();
  const onFocused = (act: (letter: Letter) => void) => () => {
    const letter = items.find(({ id }) => id === focusedRow());
    if (letter) act(letter);
  };
  useRows(list, "dead letter");
  useShortcuts(
    mayWork
      ? [
          {
            keys: "r",
            does: "Replay the dead letter in focus",
            run: onFocused((letter) => replay(letter, team)),
          },
          { keys: "x", does: "Discard the dead letter in focus", run: onFocused(setDiscarded) },
        ]
      : [],
  );
  return (
    <>
      <ol ref={list} className={letters.list} aria-label="Dead letters">
        {items.map((letter) => (
          <LetterRow
            team={team}
            key={letter.id}
            letter={letter}
            onDiscard={mayWork ? () => setDiscarded(letter) : undefined}
          />
        ))}
      </ol>
      {more ? (
        <div>
          <Button onClick={more}>Show more</Button>
        </div>
      ) : null}
      {discarded ? (
        <DiscardDialog letter={discarded} onClose={() => setDiscarded(undefined)} />
      ) : null}
    </>
  );
}
