/** Moment: a time as a zone's clock and calendar show it; the title has the zone's name. */

import { dayInWords, wallTime } from "../zone";
import { useNow } from "./time";

interface Props {
  at: string;
  zone: string;
  /** Whether the zone is said beside it too. */
  named?: boolean;
  /** Whether the hour alone says enough. */
  hourOnly?: boolean;
}

export function Moment({ at, zone, named = false, hourOnly = false }: Props) {
  const now = wallTime(useNow(), zone);
  const [day = "", hour = ""] = wallTime(Date.parse(at), zone).split("T");
  const year = day.slice(0, 4) === now.slice(0, 4) ? "" : ` ${day.slice(0, 4)}`;
  return (
    <time dateTime={at} title={`${day} ${hour} ${zone}`}>
      {hourOnly ? hour : `${dayInWords(day)}${year}, ${hour}`}
      {named ? <span className="quiet small"> {zone}</span> : null}
    </time>
  );
}
