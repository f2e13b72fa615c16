/** Stages: how far a deal may have come, in the board's order, and the board's addresses. */

import { stateOf } from "../../ui/states";

export const STAGES = ["NEW", "CONTACTED", "REPLIED", "MEETING", "WON", "LOST"] as const;

export type Stage = (typeof STAGES)[number];

/** Stages that end a deal, and with it everything that was still to be sent for it. */
export function ends(stage: Stage): boolean {
  return stage === "WON" || stage === "LOST";
}

export function stageName(stage: Stage): string {
  return stateOf(stage).label;
}

export const BOARD = "/opportunities";

/** The address of the column that a narrow screen shows. */
export function columnAddress(name: string): string {
  return name === STAGES[0] ? BOARD : `${BOARD}?stage=${name}`;
}

/** The address of a deal; `stage` is the column that a narrow screen goes back to. */
export function dealAddress(id: string, stage?: string): string {
  return `${BOARD}?deal=${encodeURIComponent(id)}${stage ? `&stage=${stage}` : ""}`;
}
