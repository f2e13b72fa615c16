/** TaskError: what went wrong with a task, and when it is tried again. */

import { Statement } from "./ui/statement";
import { Time } from "./ui/time";

interface Props {
  error: { message: string; retryAt: string | null } | null;
  className?: string | undefined;
}

export function TaskError({ error, className }: Props) {
  if (!error) return null;
  return (
    <p className={className}>
      <Statement text={error.message} />
      {error.retryAt ? (
        <>
          {" "}
          Tried again <Time at={error.retryAt} />.
        </>
      ) : null}
    </p>
  );
}
