import { onceServedAt, requestsOfFormer } from '#shared/profile/store/former-occupants.ts';
import type { Table } from '#shared/table/table.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { type Candidate, compareCandidates } from './candidates.ts';
import type { Evidence } from './rules/evidence.ts';
import { asFormer, type ReasonKey } from './rules/reasons.ts';
import { customersOf, type LedTo } from './store/search-lookup.ts';

/** What of a premise those who left it are found by: where they lived, and nothing of what came after them. */
const ofThePlace: ReadonlySet<ReasonKey> = new Set(['address', 'postcode']);

const former = (evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.map((piece) => ({ ...piece, reason: asFormer(piece.reason) }));

interface Resolved extends LedTo {
  readonly found: Candidate;
}

/** Most premises of which it is asked who was there before; their reads are kept back from those of the others. */
const mostPlaces = 6;

/** Those who were at the best of the premises and are no more. */
const formerlyThere = async (
  table: Table,
  resolved: readonly Resolved[],
): Promise<readonly (readonly [string, readonly Evidence[]])[]> => {
  const places = resolved
    .filter(({ found }) => kindOf(found.id) === 'premise')
    .map(({ found, now }) => ({
      id: found.id,
      now,
      evidence: found.evidence.filter(({ reason }) => ofThePlace.has(reason[0])),
    }))
    .filter(({ evidence }) => evidence.length > 0)
    .slice(0, mostPlaces);
  const once = await Promise.all(
    places.map(async (place) => ({ ...place, once: await onceServedAt(table, place.id) })),
  );
  return once.flatMap(({ now, evidence, once: customers }) =>
    customers.filter((customer) => !now.includes(customer)).map((customer) => [customer, former(evidence)] as const),
  );
};

/**
 * Evidence by customer: accounts and premises lead to those whose view holds them, the best of them first; the best premises
 * lead to those who were there before as well.
 */
export const evidenceByCustomer = async (
  table: Table,
  found: readonly Candidate[],
  {
    most,
    formerToo,
    formerPlaces,
  }: {
    /** Most requests. */
    readonly most: number;
    /** Accounts lead to those who have left, too; to a customer who asks that would tell of what came after them. */
    readonly formerToo: boolean;
    /** So do addresses. */
    readonly formerPlaces: boolean;
  },
): Promise<{ readonly evidence: ReadonlyMap<string, readonly Evidence[]>; readonly cut: boolean }> => {
  const own = found.filter(({ id }) => kindOf(id) === 'customer');
  const others = found.filter(({ id }) => kindOf(id) !== 'customer').sort(compareCandidates);
  const kept = formerPlaces && others.some(({ id }) => kindOf(id) === 'premise') ? mostPlaces * requestsOfFormer : 0;
  const resolved = await Promise.all(
    others
      .slice(0, most - kept)
      .map(async (one): Promise<Resolved> => ({ found: one, ...(await customersOf(table, one.id)) })),
  );
  const all = new Map<string, readonly Evidence[]>(own.map(({ id, evidence }) => [id, evidence]));
  const add = (customer: string, evidence: readonly Evidence[]): void => {
    all.set(customer, [...(all.get(customer) ?? []), ...evidence]);
  };
  for (const { found: one, now, former: left } of resolved) {
    for (const customer of now) add(customer, one.evidence);
    if (formerToo) for (const customer of left) add(customer, former(one.evidence));
  }
  const once = kept > 0 ? await formerlyThere(table, resolved) : [];
  for (const [customer, evidence] of once) add(customer, evidence);
  return { evidence: all, cut: others.length > most - kept };
};
