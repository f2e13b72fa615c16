/** Signed: what somebody is called who signs so: an agent, Rapport, or a person by their name. */

import { nameOf, useTeam } from "./team";

export function Signed({ by }: { by: string }) {
  return nameOf(useTeam(), by);
}
