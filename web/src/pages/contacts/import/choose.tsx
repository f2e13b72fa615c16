/** Choose: which file.  It is read here; nothing leaves the browser yet but its first lines. */

import { useState } from "react";
import forms from "../forms.module.css";
import { decoded, LARGEST } from "./csv";
import type { Chosen } from "./import";
import styles from "./import.module.css";

export function Choose({ onChoose }: { onChoose: (file: Chosen) => void }) {
  const [wrong, setWrong] = useState<string>();
  const read = async (file: File | undefined) => {
    if (!file) return;
    setWrong(undefined);
    try {
      if (file.size > LARGEST) throw new Error("The file is larger than 5 MB; split it.");
      onChoose({ name: file.name, text: decoded(new Uint8Array(await file.arrayBuffer())) });
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className={forms.form}>
      <div className={styles.drop}>
        <label htmlFor="file">A CSV file, as a spreadsheet or another CRM saves it</label>
        <input
          id="file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          onChange={({ target }) => read(target.files?.[0])}
        />
        <p className="quiet small">
          Its first line names the columns, in English or German, in any order: an e-mail address
          and a name at least. At most 5 MB. Nothing is kept before you have seen what comes of it.
        </p>
      </div>
      {wrong ? (
        <p role="alert" className={forms.error}>
          {wrong}
        </p>
      ) : null}
    </div>
  );
}
