/**
 * Import: a file of contacts, from its choice to the list of what did not go in.
 *
 * The server reads the file's titles and tries the whole file before anything is kept; so
 * what each line will come to is known, line by line, before somebody says yes.
 */

import { useState } from "react";
import { Link } from "wouter";
import { Empty } from "../../../ui/empty";
import { Icon } from "../../../ui/icon";
import { useMayWork } from "../../../viewer";
import { LIST } from "../addresses";
import page from "../page.module.css";
import { Choose } from "./choose";
import { Columns } from "./columns";

/** A file as it was chosen. */
export interface Chosen {
  name: string;
  text: string;
}

export function Import() {
  const mayWork = useMayWork();
  const [file, setFile] = useState<Chosen>();
  return (
    <div className={page.page}>
      <Link href={LIST} className={page.back}>
        <Icon name="back" /> All contacts
      </Link>
      <header className={page.head}>
        <h1>Import contacts</h1>
      </header>
      {!mayWork ? (
        <Empty title="You may look, not import">
          <p>A member or an owner imports contacts.</p>
        </Empty>
      ) : file ? (
        <Columns key={file.name} file={file} onOther={() => setFile(undefined)} />
      ) : (
        <Choose onChoose={setFile} />
      )}
    </div>
  );
}
