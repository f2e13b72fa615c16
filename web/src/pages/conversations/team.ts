/** Team: who may be spoken to, and what those are called who sign messages. */

import { graphql, type ResultOf } from "../../graphql";
import { useLive } from "../../useLive";

const TEAM = graphql(`
  query Team {
    agents { id kind name status }
  }
`);
const TOPICS = ["agent"];

export type Member = ResultOf<typeof TEAM>["agents"][number];

/** The agents; none before they are loaded. */
export function useTeam(): readonly Member[] {
  return useLive(TEAM, {}, TOPICS).data?.agents ?? [];
}

/** Return what somebody is called who signs messages so: an agent, people, or Rapport itself. */
export function nameOf(team: readonly Member[], signature: string): string {
  if (signature === "person") return "People";
  if (signature === "system") return "Rapport";
  const agent = team.find(({ kind }) => kind.toLowerCase() === signature);
  return agent?.name ?? signature.replaceAll("_", " ");
}
