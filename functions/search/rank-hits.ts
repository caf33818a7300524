import type { Candidate } from './candidates.ts';
import type { Describing } from './describing.ts';
import { compareRanks, type Rank, rankOf } from './rules/order.ts';

/** Most hits that are read to know whether they hold an account, where others are as good. */
const mostAsked = 50;

export interface RankedHit {
  readonly hit: Candidate;
  readonly rank: Rank;
}

/**
 * Hits in their order. Of those that others equal it is read whether they hold an account now, of fifty at most besides those
 * that were read before; of the rest that counts as not known, so that the order is the same whichever page is asked.
 */
export const rankHits = async (
  hits: readonly Candidate[],
  views: Describing,
  most: number,
): Promise<readonly RankedHit[]> => {
  const bare = hits
    .map((hit): RankedHit => ({ hit, rank: rankOf(hit, false) }))
    .sort((left, right) => compareRanks(left.rank, right.rank));
  const place = ({ rank }: RankedHit): string => `${rank.score} ${rank.untitled} ${rank.former} ${rank.fields}`;
  const alike = new Map<string, number>();
  for (const one of bare) alike.set(place(one), (alike.get(place(one)) ?? 0) + 1);
  const asked = bare.filter((one) => (alike.get(place(one)) ?? 0) > 1).map(({ hit }) => hit.id);
  if (asked.length === 0) return bare;
  const unread = asked.filter((id) => !views.known.has(id));
  const known = await views.describe(unread.slice(0, Math.min(mostAsked, most)));
  const holds = new Set(asked.filter((id) => (known.get(id)?.accounts.length ?? 0) > 0));
  return bare
    .map(({ hit }): RankedHit => ({ hit, rank: rankOf(hit, holds.has(hit.id)) }))
    .sort((left, right) => compareRanks(left.rank, right.rank));
};
