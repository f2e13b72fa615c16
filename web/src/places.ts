/** Places: the address at which a thing is shown, by its type in the schema. */

const PLACES: Readonly<Record<string, (id: string) => string>> = {
  Contact: (id) => `/contacts/${id}`,
  Draft: (id) => `/?draft=${id}`,
  FollowUp: (id) => `/follow-ups?open=${id}`,
  Opportunity: (id) => `/opportunities?deal=${id}`,
  Task: (id) => `/conversations/${id}`,
};

/** Return the address of a thing; undefined if this release has no page for its type. */
export function placeOf(type: string, id: string): string | undefined {
  return PLACES[type]?.(encodeURIComponent(id));
}

/** Return the address of the conversation about a task. */
export function conversation(taskId: string): string {
  return `/conversations/${encodeURIComponent(taskId)}`;
}
