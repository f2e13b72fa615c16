/** Places: the address at which a thing is shown. */

const PLACES = {
  Contact: (id: string) => `/contacts/${id}`,
  Draft: (id: string) => `/?draft=${id}`,
  FollowUp: (id: string) => `/follow-ups?open=${id}`,
  Opportunity: (id: string) => `/opportunities?deal=${id}`,
  Task: (id: string) => `/conversations/${id}`,
};

type Placed = keyof typeof PLACES;

/** Return the address of a thing by its type in the schema; undefined if none shows that type. */
export function placeOf(type: Placed, id: string): string;
export function placeOf(type: string, id: string): string | undefined;
export function placeOf(type: string, id: string): string | undefined {
  return Object.hasOwn(PLACES, type) ? PLACES[type as Placed](encodeURIComponent(id)) : undefined;
}

/**
 * Whether what stands in an address may be the id of such a thing.  Ids need no decoding: they
 * hold nothing that an address would write otherwise.
 */
export function isIdOf(type: Placed, text: string): boolean {
  if (!/^[\w-]+$/.test(text)) return false;
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/")).startsWith(`${type}:`);
  } catch {
    return false;
  }
}

/** Return the address of an agent, who goes by what they are. */
export function placeOfAgent(kind: string): string {
  return `/agents/${kind.toLowerCase().replaceAll("_", "-")}`;
}

/** Return where all is read that happened to one thing, or was done by somebody. */
export function activityOf(of: "actor" | "contactId" | "taskId", value: string): string {
  return `/activity?${of}=${encodeURIComponent(value)}`;
}
