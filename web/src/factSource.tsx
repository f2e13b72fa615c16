/** FactSource: where a fact stood; a page of the web is linked to. */

import { webAddress } from "./webAddress";

const SOURCES = {
  COLLEAGUE: "A colleague's card",
  CONTACT: "The contact's card",
  MAIL: "A mail",
  NOTE: "The notes",
  OPPORTUNITY: "An opportunity",
  PAGE: "A web page",
  REPLY: "A reply",
} as const;

interface Props {
  fact: { source: keyof typeof SOURCES; url: string | null };
}

export function FactSource({ fact: { source, url } }: Props) {
  const address = webAddress(url);
  if (!address) return SOURCES[source];
  return (
    <a href={address.href} target="_blank" rel="noreferrer">
      {address.host}
    </a>
  );
}
