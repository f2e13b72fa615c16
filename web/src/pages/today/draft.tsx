/** DraftPane: one draft, whole: the mail, what to do about it, and what there is to know. */

import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { writerOf } from "../../team";
import { StateBadge } from "../../ui/badge";
import { Empty } from "../../ui/empty";
import { Icon } from "../../ui/icon";
import { Loaded } from "../../ui/loaded";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import { Blockers } from "./blockers";
import { Decide } from "./decide";
import styles from "./draft.module.css";
import { Grounding } from "./grounding";
import { History } from "./history";
import { Knowledge } from "./knowledge";
import { Letter } from "./letter";
import { Changes } from "./versions";

const DRAFT = graphql(`
  query Draft($id: ID!) {
    node(id: $id) {
      ... on Draft {
        id version subject body to status fingerprint writer createdAt decidedAt decidedBy reason
        stale { code detail }
        followUpSettings { waits }
        sentences {
          text basis
          facts { id statement quote source url foundAt withdrawnAt withdrawnBy }
        }
        preview { from replyTo subject text }
        editedFrom { id version subject body }
        followUp {
          id step maxSteps dueAt status
          draft { id version status }
          sentEmail { id status sentAt }
        }
        task {
          id status instruction
          agent { id name }
          opportunity { id title stage nextStep notes }
          contact {
            id name email title company country timezone notes status
            facts { id statement quote source url foundAt }
          }
          drafts { id version subject body status reason decidedBy }
          sentEmail { id status sentAt }
          followUps { id step dueAt status }
        }
      }
    }
  }
`);
const TOPICS = [
  ...["draft", "approval", "task", "follow_up", "email", "contact", "reply", "agent"],
  ...["fact", "research"],
];

export type OpenDraft = Extract<NonNullable<ResultOf<typeof DRAFT>["node"]>, { version: number }>;

interface Props {
  id: string;
  onDecided: () => void;
}

export function DraftPane({ id, onDecided }: Props) {
  const answer = useLive(DRAFT, { id }, TOPICS);
  return (
    <article className={styles.pane} aria-label="The open draft">
      <Link href="/" className={styles.back}>
        <Icon name="back" /> All drafts
      </Link>
      <Loaded {...answer} of="the draft">
        {({ node }) =>
          node && "version" in node ? (
            <Whole draft={node} onDecided={onDecided} />
          ) : (
            <Empty title="There is no such draft">
              <p>It may have been of another workspace.</p>
            </Empty>
          )
        }
      </Loaded>
    </article>
  );
}

function Whole({ draft, onDecided }: { draft: OpenDraft; onDecided: () => void }) {
  return (
    <>
      <header className={styles.head}>
        <div className={styles.facts}>
          <StateBadge state={draft.status} />
          <span className="quiet small">
            {draft.followUp
              ? `Follow-up ${draft.followUp.step} of ${draft.followUp.maxSteps}`
              : "First mail"}
            , version {draft.version} by {writerOf(draft.writer)}, <Time at={draft.createdAt} />
          </span>
        </div>
        <h2>{draft.preview.subject}</h2>
      </header>
      <div className={styles.columns}>
        <Decide draft={draft} onDecided={onDecided}>
          <Letter draft={draft} />
          <Changes draft={draft} />
        </Decide>
        <aside className={styles.beside} aria-label="What there is to know">
          <Blockers id={draft.followUp?.id ?? draft.task.id} draft={draft} />
          <Grounding draft={draft} />
          <Knowledge draft={draft} />
          {draft.task.contact ? <History contactId={draft.task.contact.id} /> : null}
        </aside>
      </div>
    </>
  );
}
