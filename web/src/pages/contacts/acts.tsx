/** Acts: note a reply, leave somebody alone, hand out or erase what is kept about them. */

import { useState } from "react";
import { client } from "../../client";
import { graphql } from "../../graphql";
import { Button } from "../../ui/button";
import { download } from "../../ui/download";
import { explain } from "../../ui/failure";
import { useShortcuts } from "../../ui/keys";
import { complain, toast } from "../../ui/toast";
import { useMayWork, useViewer } from "../../viewer";
import type { Person } from "./contact";
import { EraseDialog } from "./erase";
import page from "./page.module.css";
import { ReplyDialog } from "./reply";
import { SuppressDialog } from "./suppress";

const EXPORT = graphql(`
  query ExportContact($id: ID!) {
    exportContact(contactId: $id)
  }
`);

export function Acts({ person }: { person: Person }) {
  const mayWork = useMayWork();
  const isOwner = useViewer().role === "OWNER";
  const [open, setOpen] = useState<"reply" | "suppress" | "erase">();
  const close = () => setOpen(undefined);
  if (!mayWork) return null;
  return (
    <div className={page.acts}>
      <RecordKey open={() => setOpen("reply")} />
      <Button hint="r" onClick={() => setOpen("reply")}>
        Record a reply
      </Button>
      {person.suppression ? null : <Button onClick={() => setOpen("suppress")}>Leave alone</Button>}
      <Button onClick={() => exportOf(person)}>Export</Button>
      {isOwner ? (
        <Button kind="danger" onClick={() => setOpen("erase")}>
          Erase
        </Button>
      ) : null}
      {open === "reply" ? <ReplyDialog person={person} onClose={close} /> : null}
      {open === "suppress" ? <SuppressDialog person={person} onClose={close} /> : null}
      {open === "erase" ? <EraseDialog person={person} onClose={close} /> : null}
    </div>
  );
}

function RecordKey({ open }: { open: () => void }) {
  useShortcuts([{ keys: "r", does: "Record a reply", run: open }]);
  return null;
}

/** Save everything that is kept about somebody as a file, as they may ask for it. */
async function exportOf({ id, email }: Person): Promise<void> {
  const answer = await client.query(EXPORT, { id }, { requestPolicy: "network-only" }).toPromise();
  if (answer.error) {
    complain(explain(answer.error)[0]);
    return;
  }
  const text = JSON.stringify(answer.data?.exportContact, null, 2);
  download(`${email}.json`, "application/json", text);
  toast(`What is kept about ${email} was saved as a file.`);
}
