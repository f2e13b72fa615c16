/** Contact: one person's whole story, and what can be done about them. */

import { useEffect } from "react";
import { Link } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { StateBadge } from "../../ui/badge";
import { Empty } from "../../ui/empty";
import { Icon } from "../../ui/icon";
import { Loaded } from "../../ui/loaded";
import { Time } from "../../ui/time";
import { useLive } from "../../useLive";
import { Acts } from "./acts";
import { LIST } from "./addresses";
import styles from "./contact.module.css";
import { Facts } from "./facts";
import { Known } from "./known";
import page from "./page.module.css";
import { Silence } from "./silence";
import { Timeline } from "./timeline";
import { WebPages } from "./webPages";

const CONTACT = graphql(`
  query Contact($id: ID!) {
    node(id: $id) {
      ... on Contact {
        id name email company title country timezone notes status
        lawfulBasis source createdAt erasedAt
        suppression { id email reason source createdAt }
        facts { id statement quote source url foundBy foundAt }
        webPages { id url title company addedBy createdAt readAt errorMessage contact { id } }
      }
    }
  }
`);
const TOPICS = [
  ...["contact", "contacts", "suppression", "suppressions", "fact", "page", "research"],
  ...["reply", "email", "task"],
];

export type Person = Extract<NonNullable<ResultOf<typeof CONTACT>["node"]>, { facts: unknown }>;

export function Contact({ id }: { id: string }) {
  const answer = useLive(CONTACT, { id }, TOPICS);
  return (
    <div className={page.page}>
      <Link href={LIST} className={page.back}>
        <Icon name="back" /> All contacts
      </Link>
      <Loaded {...answer} of="the contact">
        {({ node }) =>
          node && "facts" in node ? (
            <Whole person={node} />
          ) : (
            <Empty title="There is no such contact">
              <p>It may have been of another workspace.</p>
            </Empty>
          )
        }
      </Loaded>
    </div>
  );
}

function Whole({ person }: { person: Person }) {
  const { id, name, email, status, title, company, createdAt, erasedAt } = person;
  const about = [title, company, erasedAt ? null : email].filter(Boolean).join(" · ");
  useEffect(() => {
    document.title = `${name} · Rapport`;
    return () => {
      document.title = "Contacts · Rapport";
    };
  }, [name]);
  return (
    <article className={styles.contact} aria-labelledby="name">
      <header className={page.head}>
        <div>
          <h1 id="name">{name}</h1>
          <p className={styles.line}>
            <StateBadge state={status} />
            <span className="quiet">
              {about ? `${about} · ` : ""}added <Time at={createdAt} />
            </span>
          </p>
        </div>
        {erasedAt ? null : <Acts person={person} />}
      </header>
      {erasedAt ? (
        <p className={styles.notice}>
          This person was erased <Time at={erasedAt} />: who it was is forgotten, what was done is
          not, and no mail can go there.
        </p>
      ) : (
        <Silence person={person} />
      )}
      <div className={styles.columns}>
        <Timeline contactId={id} />
        <aside className={styles.beside} aria-label="What is known">
          <Known person={person} />
          <Facts facts={person.facts} />
          <WebPages person={person} />
        </aside>
      </div>
    </article>
  );
}
