/** WebAddress: an address as it may be linked to; what is no address of the web is not. */

export function webAddress(text: string | null): URL | undefined {
  const url = text ? URL.parse(text) : null;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}
