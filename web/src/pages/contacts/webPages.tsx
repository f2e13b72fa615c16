/** WebPages: the pages that may be read about somebody; no other ever is. */

import { type FormEvent, useState } from "react";
import { graphql } from "../../graphql";
import { attempt, perform } from "../../perform";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Time } from "../../ui/time";
import { toast } from "../../ui/toast";
import { useMayWork } from "../../viewer";
import { webAddress } from "../../webAddress";
import type { Person } from "./contact";
import styles from "./contact.module.css";
import forms from "./forms.module.css";

const ADD = graphql(`
  mutation AddWebPage($input: AddWebPageInput!) {
    payload: addWebPage(input: $input) { webPage { id } userErrors { code message } }
  }
`);
const REMOVE = graphql(`
  mutation RemoveWebPage($input: RemoveWebPageInput!) {
    payload: removeWebPage(input: $input) { webPage { id } userErrors { code message } }
  }
`);

type WebPage = Person["webPages"][number];

export function WebPages({ person }: { person: Person }) {
  const mayWork = useMayWork() && !person.erasedAt;
  const [leaving, setLeaving] = useState<WebPage>();
  return (
    <section className={styles.block} aria-labelledby="pages">
      <header>
        <h2 id="pages">Web pages</h2>
      </header>
      {person.webPages.length === 0 ? <p className="quiet">No page is listed.</p> : null}
      <ul className={styles.list}>
        {person.webPages.map((page) => (
          <li key={page.id} className={styles.item}>
            <Listed page={page} />
            {mayWork ? (
              <Button kind="bare" onClick={() => setLeaving(page)}>
                Remove<span className="unseen"> {page.url}</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayWork ? <Add person={person} /> : null}
      {leaving ? <RemoveDialog page={leaving} onClose={() => setLeaving(undefined)} /> : null}
    </section>
  );
}

function Listed({ page }: { page: WebPage }) {
  const address = webAddress(page.url);
  return (
    <>
      <a href={address?.href} target="_blank" rel="noreferrer">
        {page.title || page.url}
      </a>
      <p className="quiet small">
        {page.company ? `For everybody at ${page.company}. ` : ""}Listed by {page.addedBy},{" "}
        {page.readAt ? (
          <>
            read <Time at={page.readAt} />
          </>
        ) : (
          "not read yet"
        )}
      </p>
      {page.errorMessage ? <p className={styles.bad}>{page.errorMessage}</p> : null}
    </>
  );
}

function Add({ person }: { person: Person }) {
  const [url, setUrl] = useState("");
  const [forAll, setForAll] = useState(false);
  const [refused, setRefused] = useState<string>();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const about = forAll && person.company ? { company: person.company } : { contactId: person.id };
    const outcome = await attempt(ADD, { input: { url, ...about } });
    setRefused("refused" in outcome ? outcome.refused : undefined);
    if ("refused" in outcome) return;
    toast("The page is listed; it is read when somebody is next looked up.");
    setUrl("");
  };
  return (
    <form className={forms.form} onSubmit={add}>
      <div>
        <label htmlFor="page-url">List a public page</label>
        <input
          id="page-url"
          type="url"
          required
          placeholder="https://example.com/about"
          value={url}
          onChange={({ target }) => setUrl(target.value)}
        />
      </div>
      {person.company ? (
        <div className={forms.choices}>
          <label>
            <input
              type="checkbox"
              checked={forAll}
              onChange={({ target }) => setForAll(target.checked)}
            />
            For everybody at {person.company}
          </label>
        </div>
      ) : null}
      {refused ? (
        <p role="alert" className={forms.error}>
          {refused}
        </p>
      ) : null}
      <div className={forms.buttons}>
        <Button type="submit">List it</Button>
      </div>
    </form>
  );
}

function RemoveDialog({ page, onClose }: { page: WebPage; onClose: () => void }) {
  const remove = async () => {
    const gone = await perform(REMOVE, { input: { webPageId: page.id } });
    if (gone) toast("The page is no longer read.");
    onClose();
  };
  return (
    <Dialog title="Remove this page?" onClose={onClose}>
      <div className={forms.form}>
        <p>{page.url}</p>
        <p>
          It is no longer read, and the facts that were found there go with it
          {page.company ? `, for everybody at ${page.company}` : ""}. This cannot be taken back.
        </p>
        <div className={forms.buttons}>
          <Button kind="danger" onClick={remove}>
            Remove it
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
