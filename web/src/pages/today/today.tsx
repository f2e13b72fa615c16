/**
 * Today: everything that waits for a person, and the desk to decide it at.
 *
 * Three trays: drafts to approve, questions that agents could not settle, and mails that
 * came in and are nobody's yet.  Tray and open draft are in the address.
 */

import { useEffect, useRef } from "react";
import { useSearchParams } from "wouter";
import { graphql } from "../../graphql";
import { announce } from "../../ui/announce";
import { useLive } from "../../useLive";
import { Drafts } from "./drafts";
import { Inbound } from "./inbound";
import { Questions } from "./questions";
import styles from "./today.module.css";
import { Trays } from "./trays";

const COUNTS = graphql(`
  query Waiting {
    drafts(first: 1, status: [PENDING]) { totalCount }
    escalations(first: 1) { totalCount }
    inboundEmails(first: 1, status: [SUGGESTED, UNMATCHED]) { totalCount }
  }
`);
const TOPICS = ["draft", "approval", "task", "follow_up", "escalation", "inbound_email", "reply"];

export default function Today() {
  const [search] = useSearchParams();
  // Without them the trays are there all the same, and what is in one says why.
  const { data: counts } = useLive(COUNTS, {}, TOPICS);
  useAnnouncedGrowth(counts?.drafts.totalCount);
  const tray = search.get("tray") ?? "drafts";
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Today</h1>
        <Trays
          open={tray}
          trays={[
            { name: "drafts", label: "Drafts", count: counts?.drafts.totalCount },
            { name: "questions", label: "Questions", count: counts?.escalations.totalCount },
            { name: "mail", label: "Mail to sort", count: counts?.inboundEmails.totalCount },
          ]}
        />
      </header>
      {tray === "questions" ? <Questions /> : tray === "mail" ? <Inbound /> : <Drafts />}
    </div>
  );
}

/** Say that more wait, once per batch and never of those that were there first. */
function useAnnouncedGrowth(count: number | undefined): void {
  const before = useRef(count);
  useEffect(() => {
    const more = (count ?? 0) - (before.current ?? count ?? 0);
    if (more > 0) announce(more === 1 ? "Another draft waits." : `${more} more drafts wait.`);
    before.current = count;
  }, [count]);
}
