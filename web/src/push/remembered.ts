/**
 * Remembered: the address at which notifications were last asked for in this browser.
 *
 * Where storage is forbidden nothing is remembered, and all else goes on.
 */

const KEY = "rapport.push";

export function remember(endpoint: string): void {
  try {
    localStorage.setItem(KEY, endpoint);
  } catch {}
}

export function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
