/** List: all contacts, the newest first; the search is in the address. */

import { useEffect, useRef, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { graphql, type ResultOf } from "../../graphql";
import { placeOf } from "../../places";
import { StateBadge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { useShortcuts } from "../../ui/keys";
import { Loaded } from "../../ui/loaded";
import { type Column, Table } from "../../ui/table";
import { Time } from "../../ui/time";
import { type Page, usePages } from "../../useLive";
import { useMayWork } from "../../viewer";
import { IMPORT } from "./addresses";
import { basisName } from "./basis";
import { CreateDialog } from "./create";
import styles from "./page.module.css";
import { useRowKeys } from "./rows";

const PAGE = 50;
const SETTLE = 200;
const CONTACTS = graphql(`
  query Contacts($first: Int!, $after: String, $search: String) {
    contacts(first: $first, after: $after, search: $search) {
      nodes { id name email company title status lawfulBasis createdAt }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const TOPICS = ["contact", "contacts", "suppression", "suppressions", "reply", "email"];

type Row = ResultOf<typeof CONTACTS>["contacts"]["nodes"][number];

const COLUMNS: readonly Column<Row>[] = [
  { name: "Name", cell: ({ id, name }) => <Link href={placeOf("Contact", id)}>{name}</Link> },
  { name: "Company", cell: (row) => <Company {...row} /> },
  { name: "Address", cell: ({ email }) => email },
  { name: "Status", cell: ({ status }) => <StateBadge state={status} /> },
  { name: "Lawful basis", cell: ({ lawfulBasis }) => (lawfulBasis ? basisName(lawfulBasis) : "–") },
  {
    name: "Added",
    cell: ({ createdAt }) => (
      <span className={styles.whole}>
        <Time at={createdAt} />
      </span>
    ),
  },
];

function Company({ company, title }: Row) {
  return (
    <>
      {company}
      {title ? <span className={styles.under}>{title}</span> : null}
    </>
  );
}

function read({ contacts: { nodes, pageInfo } }: ResultOf<typeof CONTACTS>): Page<Row> {
  return { items: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

export function List() {
  const [params, setParams] = useSearchParams();
  const mayWork = useMayWork();
  const search = params.get("q") ?? "";
  const create = (open: boolean) =>
    setParams((now) => {
      if (open) now.set("new", "");
      else now.delete("new");
      return now;
    });
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Contacts</h1>
        {mayWork ? (
          <div className={styles.acts}>
            <Link href={IMPORT} className={styles.link}>
              Import a file
            </Link>
            <Button kind="primary" hint="n" onClick={() => create(true)}>
              Add a contact
            </Button>
          </div>
        ) : null}
      </header>
      <Search />
      <Rows key={search} search={search} />
      {mayWork ? <CreateKey open={() => create(true)} /> : null}
      {mayWork && params.has("new") ? <CreateDialog onClose={() => create(false)} /> : null}
    </div>
  );
}

function CreateKey({ open }: { open: () => void }) {
  useShortcuts([{ keys: "n", does: "Add a contact", run: open }]);
  return null;
}

/** The field follows the address, and the address the field once its writer pauses. */
function Search() {
  const [params, setParams] = useSearchParams();
  const asked = params.get("q") ?? "";
  const [written, setWritten] = useState(asked);
  const [before, setBefore] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: "/", does: "Search the contacts", run: () => field.current?.focus() }]);
  if (asked !== before) {
    setBefore(asked);
    // What was just written may end in a blank that the address has not.
    if (written.trim() !== asked) setWritten(asked);
  }
  useEffect(() => {
    const wanted = written.trim();
    if (wanted === asked) return;
    const timer = setTimeout(
      () => setParams(wanted ? { q: wanted } : {}, { replace: true }),
      SETTLE,
    );
    return () => clearTimeout(timer);
  }, [written, asked, setParams]);
  return (
    <search className={styles.search}>
      <label htmlFor="search">Name, address or company</label>
      <input
        ref={field}
        id="search"
        type="search"
        aria-keyshortcuts="/"
        maxLength={200}
        value={written}
        onChange={({ target }) => setWritten(target.value)}
      />
    </search>
  );
}

function Rows({ search }: { search: string }) {
  const list = useRef<HTMLDivElement>(null);
  const pages = usePages(
    CONTACTS,
    (after) => ({ first: PAGE, after, search: search || null }),
    read,
    TOPICS,
  );
  useRowKeys(list);
  return (
    <Loaded data={pages.items} error={pages.error} retry={pages.retry} of="the contacts">
      {(items) =>
        items.length === 0 ? (
          <Nobody search={search} />
        ) : (
          <div ref={list}>
            <Table caption="Contacts" columns={COLUMNS} rows={items} />
            {pages.more ? <Button onClick={pages.more}>Show more</Button> : null}
          </div>
        )
      }
    </Loaded>
  );
}

function Nobody({ search }: { search: string }) {
  if (search) {
    return (
      <Empty title={`Nobody is found by “${search}”`}>
        <p>The search looks in names, addresses and companies.</p>
      </Empty>
    );
  }
  return (
    <Empty title="There is no contact yet">
      <p>
        Add somebody, or <Link href={IMPORT}>import a file</Link> from a spreadsheet or another CRM.
        Nobody is written to before a task says so and somebody approved the mail.
      </p>
    </Empty>
  );
}
