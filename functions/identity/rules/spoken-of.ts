import { nobody, row, type Spoken, type SpokenRow } from '#shared/access/spoken.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';

const merge = (fact: Fact): Spoken => ({ of: 'merge', records: fact.subjects });

/** What facts about records that are one customer speak of. */
export const mergeSpoken: readonly SpokenRow[] = [
  row('customer.identity.merged.v1', merge),
  // That two were one by mistake, and that two are not one, tells each of somebody else.
  row('customer.identity.unmerged.v1', nobody),
  row('customer.identity.distinguished.v1', nobody),
  row('customer.duplicate.claimed.v1', nobody),
];
