/** useEndpoint: where this browser is reached. */

import { useCallback, useEffect, useState } from "react";
import { endpoint } from "../../push/browser";

/** Undefined until it is known, null if it is not reached; and how to look again. */
export function useEndpoint(): [string | null | undefined, () => void] {
  const [found, setFound] = useState<string | null>();
  const look = useCallback(() => {
    endpoint().then(
      (here) => setFound(here ?? null),
      () => setFound(null),
    );
  }, []);
  useEffect(look, [look]);
  return [found, look];
}
