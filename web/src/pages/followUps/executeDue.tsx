/** ExecuteDue: fire everything that is due, as the clock would; what is not yet, stays. */

import { graphql } from "../../graphql";
import { perform } from "../../perform";
import { Button } from "../../ui/button";
import { toast } from "../../ui/toast";
import { useMayWork } from "../../viewer";

const EXECUTE = graphql(`
  mutation ExecuteDue {
    payload: executeDueFollowUps { fired userErrors { code message } }
  }
`);

export function ExecuteDue() {
  if (!useMayWork()) return null;
  const run = async () => {
    const fired = (await perform(EXECUTE, {}))?.fired;
    if (fired === undefined) return;
    toast(fired === 0 ? "Nothing was due." : `${fired} due and begun.`);
  };
  return <Button onClick={run}>Execute what is due</Button>;
}
