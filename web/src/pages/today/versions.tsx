/** Changes: word for word, what is different from the version before. */

import { diff, type Part } from "./diff";
import type { OpenDraft } from "./draft";
import styles from "./versions.module.css";

interface Version {
  version: number;
  subject: string;
  body: string;
}

/** The version a person's edit came from, or else the one written before. */
function before(draft: OpenDraft): Version | undefined {
  if (draft.editedFrom) return draft.editedFrom;
  if (draft.followUp) return undefined;
  return draft.task.drafts.findLast(({ version }) => version < draft.version);
}

export function Changes({ draft }: { draft: OpenDraft }) {
  const old = before(draft);
  if (!old || (old.subject === draft.subject && old.body === draft.body)) return null;
  return (
    <details className={styles.changes} open>
      <summary>
        <h3>What changed since version {old.version}</h3>
      </summary>
      {old.subject === draft.subject ? null : (
        <p className={styles.subject}>
          <Words parts={diff(old.subject, draft.subject)} />
        </p>
      )}
      <p className={styles.text}>
        <Words parts={diff(old.body, draft.body)} />
      </p>
    </details>
  );
}

function Words({ parts }: { parts: Part[] }) {
  return parts.map(({ kind, text }, place) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text
    if (kind === "gone") return <del key={place}>{text}</del>;
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text
    return kind === "new" ? <ins key={place}>{text}</ins> : text;
  });
}
