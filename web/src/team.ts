/** Team: who may be spoken to, and what those are called who sign messages and events. */

import { graphql, type ResultOf } from "./graphql";
import { useLive } from "./useLive";

const TEAM = graphql(`
  query Team {
    agents { id kind name status }
  }
`);
const TOPICS = ["agent"];

export type Member = ResultOf<typeof TEAM>["agents"][number];

const NOBODY: readonly Member[] = [];

/** The agents; none before they are loaded. */
export function useTeam(): readonly Member[] {
  return useLive(TEAM, {}, TOPICS).data?.agents ?? NOBODY;
}

/** What signs beside people and agents. */
const OTHERS: Readonly<Record<string, string>> = {
  person: "People",
  system: "Rapport",
  resend: "Resend",
  breaker: "The breaker",
  operator: "The operator",
  recipient: "The recipient",
};

/** Return what somebody is called who signs so; people sign by their names. */
export function nameOf(team: readonly Member[], signature: string): string {
  const agent = team.find(({ kind }) => kind.toLowerCase() === signature);
  if (agent) return agent.name;
  return Object.hasOwn(OTHERS, signature) ? (OTHERS[signature] as string) : signature;
}

/** Return who said a message; people are called by their names where it knows them. */
export function speakerOf(
  team: readonly Member[],
  { sender, who }: { sender: string; who: string | null },
): string {
  return who ?? nameOf(team, sender);
}

/** Return how somebody signs who is called so. */
export function signatureOf(team: readonly Member[], name: string): string {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  const agent = team.find((member) => same(member.name));
  if (agent) return agent.kind.toLowerCase();
  return Object.keys(OTHERS).find((each) => same(OTHERS[each] as string)) ?? name;
}

/** Return who wrote a draft: a person by their name, or a writer. */
export function writerOf(writer: string): string {
  return writer.replace(/^person:/, "");
}
