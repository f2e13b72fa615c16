/** Picker: which days, and whose. */

import type { FormEvent } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { graphql } from "../../graphql";
import { Button } from "../../ui/button";
import { marksOf, Notes } from "../../ui/field";
import { useLive } from "../../useLive";
import styles from "./insight.module.css";
import { changed } from "./opens";
import { type Range, SPANS } from "./range";

const AGENTS = graphql(`
  query Senders { agents { id name kind } }
`);

interface Props {
  range: Range;
  zone: string;
}

export function Picker({ range, zone }: Props) {
  return (
    <div className={styles.picker}>
      <Spans range={range} />
      <Dates key={JSON.stringify(range)} range={range} zone={zone} />
      <Whose />
    </div>
  );
}

function Spans({ range }: { range: Range }) {
  const [params] = useSearchParams();
  return (
    <nav aria-label="Days" className={styles.choices}>
      {SPANS.map(([days, name]) => (
        <Link
          key={days}
          href={changed(params, { days: String(days), from: null, to: null })}
          aria-current={range.days === days ? "page" : undefined}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}

function Dates({ range, zone }: { range: Range; zone: string }) {
  const [params] = useSearchParams();
  const [, go] = useLocation();
  const { first, last } = range.refused ?? range;
  const error = range.refused
    ? `The last day lies before the first; shown are the ${range.days} days up to today.`
    : undefined;
  const show = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const from = String(form.get("from"));
    const to = String(form.get("to"));
    go(`/insight${changed(params, { days: null, from, to })}`);
  };
  return (
    <form className={styles.dates} onSubmit={show}>
      <div>
        <label htmlFor="from">From</label>
        <input id="from" name="from" type="date" required defaultValue={first} />
      </div>
      <div>
        <label htmlFor="to">To</label>
        <input {...marksOf("to", "", error)} name="to" type="date" required defaultValue={last} />
      </div>
      <Button type="submit">Show</Button>
      <span className="quiet small">Days in {zone}</span>
      <Notes id="to" error={error} />
    </form>
  );
}

function Whose() {
  const { data } = useLive(AGENTS, {}, ["agent"]);
  const agents = data?.agents.filter(({ kind }) => kind === "OUTREACH" || kind === "FOLLOW_UP");
  const [params] = useSearchParams();
  const open = params.get("agent");
  return (
    <nav aria-label="Whose mail" className={styles.choices}>
      <Link href={changed(params, { agent: null })} aria-current={open ? undefined : "page"}>
        All agents
      </Link>
      {agents?.map(({ id, name }) => (
        <Link
          key={id}
          href={changed(params, { agent: id })}
          aria-current={open === id ? "page" : undefined}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
