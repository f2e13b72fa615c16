/** Return a key that nobody else has; `randomUUID` is there over HTTPS only. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
