/** Statement: a sentence of Rapport's own, whose times are shown by the clock of the workspace. */

import { useContext } from "react";
import { ViewerContext } from "../viewer";
import { Moment } from "./moment";

const MOMENT = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?`;
/** A moment is in UTC, and says so; of two, "from … to … UTC", only the second does. */
const MOMENTS = new RegExp(`(${MOMENT})( UTC|(?= to ${MOMENT} UTC))`);

export function Statement({ text }: { text: string }) {
  // Who is not signed in yet has no workspace whose clock it could be.
  const zone = useContext(ViewerContext)?.workspace.timezone ?? "UTC";
  // Split by the two groups: words, a moment, what was behind it, words and so on.
  const parts = text.split(MOMENTS);
  return parts.map((part, place) => {
    if (place % 3 === 0) return part;
    if (place % 3 === 2) return null;
    const at = `${part.replace(" ", "T")}Z`;
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their places
    return <Moment key={place} at={at} zone={zone} named={parts[place + 1] !== ""} />;
  });
}
