/** OpenRows: the rows behind a number, as the address says which. */

import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { Loaded } from "../../ui/loaded";
import { useOnce } from "../../ui/once";
import { type Column, Table } from "../../ui/table";
import type { Pages } from "../../useLive";
import { isDay } from "../../zone";
import { DraftRows } from "./draftRows";
import type { Numbers } from "./insight";
import styles from "./insight.module.css";
import { MailRows } from "./mailRows";
import { MessageRows } from "./messageRows";
import { definitionOf, metricName } from "./metrics";
import { shortDay } from "./numbers";
import { closed, isFromPage, type Metric, type Rows } from "./opens";

const OTHERS: Readonly<Record<string, string>> = {
  DRAFTS: "Drafts decided on",
  HANDLED: "Messages handled",
  FAILED: "Messages that failed",
};

export interface Span {
  from: string;
  to: string;
}

/** Which rows: of a span, of an agent, of a day. */
export interface Wanted {
  span: Span;
  agent: string | null;
  day: string | null;
  sandbox: boolean;
}

interface OpenProps {
  span: Span;
  /** The numbers, once they have come: they say what they count. */
  insight: Numbers | undefined;
}

export function OpenRows(props: OpenProps) {
  const [params] = useSearchParams();
  const rows = params.get("rows") as Rows | null;
  return rows ? <Opened rows={rows} {...props} /> : null;
}

function Opened({ rows, span, insight }: OpenProps & { rows: Rows }) {
  const [params, setParams] = useSearchParams();
  // Closed, they are not to open again when somebody goes back.  Going back takes a moment, in
  // which a second press must not go further: it ends with what it closes.
  const close = useOnce(() =>
    isFromPage(history.state)
      ? new Promise(() => history.back())
      : setParams(closed(params), { replace: true }),
  );
  const asked = params.get("day");
  const day = asked && isDay(asked) ? asked : null;
  const wanted: Wanted = {
    span: { from: params.get("since") ?? span.from, to: params.get("until") ?? span.to },
    agent: params.get("of") ?? params.get("agent"),
    day,
    sandbox: params.has("sandbox"),
  };
  const what = OTHERS[rows] ?? metricName(rows);
  return (
    <Dialog title={day ? `${what}, ${shortDay(day)}` : what} onClose={close} wide>
      <div className={styles.rows} key={params.toString()}>
        <p className="quiet small">{definitionOf(rows, insight)}</p>
        <Behind rows={rows} wanted={wanted} />
      </div>
    </Dialog>
  );
}

function Behind({ rows, wanted }: { rows: Rows; wanted: Wanted }): ReactNode {
  if (rows === "DRAFTS") return <DraftRows wanted={wanted} />;
  if (rows === "HANDLED" || rows === "FAILED") return <MessageRows wanted={wanted} rows={rows} />;
  return <MailRows wanted={wanted} metric={rows as Metric} />;
}

interface ListProps<Row> {
  pages: Pages<Row>;
  columns: readonly Column<Row>[];
  caption: string;
}

/** A list of rows, page by page. */
export function List<Row extends { id: string }>({ pages, columns, caption }: ListProps<Row>) {
  return (
    <Loaded data={pages.items} error={pages.error} retry={pages.retry} of="the rows">
      {(items) =>
        items.length === 0 ? (
          <Empty title="There are none" />
        ) : (
          <>
            <Table caption={caption} columns={columns} rows={items} />
            {pages.more ? <Button onClick={pages.more}>Show more</Button> : null}
          </>
        )
      }
    </Loaded>
  );
}
