/** Failure: what went wrong, where it did, with its code and a way to try again. */

import type { CombinedError } from "@urql/core";
import { Button } from "./button";
import styles from "./states.module.css";

export function Failure({ error, retry }: { error: CombinedError; retry: () => void }) {
  const [message, code] = explain(error);
  return (
    <div className={styles.failure} role="alert">
      <p>{message}</p>
      <code>{code}</code>
      <Button onClick={retry}>Try again</Button>
    </div>
  );
}

/** Return what to say of an error, and its code. */
export function explain(error: CombinedError): [string, string] {
  if (error.networkError && !error.response?.status) {
    return ["The server cannot be reached.", navigator.onLine ? "NO_ANSWER" : "OFFLINE"];
  }
  if (error.response?.status === 401) return ["You are signed out.", "UNAUTHENTICATED"];
  const [first] = error.graphQLErrors;
  const code = first?.extensions["code"];
  if (first) return [first.message, typeof code === "string" ? code : "INTERNAL"];
  return ["The server did not answer as expected.", `HTTP ${error.response?.status ?? "?"}`];
}
