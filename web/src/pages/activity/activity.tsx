/**
 * Activity: everything that happened, the newest first, as it happens.
 *
 * Filter and page are in the address; another address is another feed.
 */

import { useSearchParams } from "wouter";
import { useViewer } from "../../viewer";
import styles from "./activity.module.css";
import { Filters } from "./filters";
import { Stream } from "./stream";
import { exportOf, filterOf, searchOf } from "./wanted";

export default function Activity() {
  const [search] = useSearchParams();
  const filter = filterOf(search);
  const key = searchOf(filter).toString();
  const before = search.get("before");
  const mayExport = useViewer().role !== "VIEWER";
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Activity</h1>
        <Filters key={key} filter={filter} />
        {mayExport ? (
          <p className={styles.files}>
            <span className="quiet">All of these as a file:</span>
            <a href={exportOf(filter, "csv")} download>
              CSV
            </a>
            <a href={exportOf(filter, "jsonl")} download>
              JSON lines
            </a>
          </p>
        ) : null}
      </header>
      <Stream key={`${key} ${before}`} filter={filter} before={before} />
    </div>
  );
}
