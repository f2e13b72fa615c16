/** Basis: what the lawful bases are called, and why somebody may be written to at all. */

import type { graphql } from "../../graphql";

export type Basis = ReturnType<typeof graphql.scalar<"LawfulBasis">>;

export const BASES: readonly (readonly [Basis, string])[] = [
  ["CONSENT", "Consent"],
  ["LEGITIMATE_INTEREST", "Legitimate interest"],
  ["CONTRACT", "Contract"],
];

export function basisName(basis: Basis | null): string {
  return BASES.find(([name]) => name === basis)?.[1] ?? "Not recorded";
}
