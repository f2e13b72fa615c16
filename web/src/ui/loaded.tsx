/**
 * Loaded: an answer in all its states.
 *
 * What was loaded before stays in view while it is asked again, and when that fails.
 */

import type { CombinedError } from "@urql/core";
import type { ReactNode } from "react";
import { Failure } from "./failure";
import { Skeleton } from "./skeleton";

interface Props<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  retry: () => void;
  /** What is loaded, for those who hear the page. */
  of: string;
  children: (data: Data) => ReactNode;
}

export function Loaded<Data>({ data, error, retry, of, children }: Props<Data>) {
  // The server answers null where it could answer nothing.
  const none = data === undefined || data === null;
  if (none && !error) return <Skeleton of={of} />;
  return (
    <>
      {error ? <Failure error={error} retry={retry} /> : null}
      {none ? null : children(data)}
    </>
  );
}
