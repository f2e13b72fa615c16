/** Once: what was begun is not begun again before it is over, however often it is asked for. */

import { useRef } from "react";

/** Return `act` so that a call while another one is under way does nothing. */
export function useOnce<Args extends unknown[]>(
  act: (...args: Args) => unknown,
): (...args: Args) => Promise<void> {
  const busy = useRef(false);
  return async (...args) => {
    if (busy.current) return;
    busy.current = true;
    try {
      await act(...args);
    } finally {
      busy.current = false;
    }
  };
}
