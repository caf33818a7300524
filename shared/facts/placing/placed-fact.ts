import type { Fact } from '#shared/contracts/facts/fact.ts';

/** A fact ready to be kept: subjects resolved, id and content hash derived. */
export interface PlacedFact {
  readonly fact: Fact;
  /** Where it stands among others: its own order, or one in the group of what it names. */
  readonly order: string;
  /** HMAC over type, occurredAt, sourceSequence and data. */
  readonly contentHash: string;
  /** Whose key seals the fields of `hides`. */
  readonly owner: string;
  readonly hides: readonly string[];
  /** Order of the fact a retraction names, and its type. */
  readonly retracts?: string;
  readonly retractsType?: string;
}
