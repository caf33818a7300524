import type { FactOf } from '#shared/contracts/facts/fact.ts';
import type { Family } from './fold.ts';

/** A merge that stands: its id and the two records as it names them. */
export type Merge = readonly [id: string, survivor: string, alias: string];

/** What was decided about a record and others: which are one customer, which are not. */
export interface LinksState {
  /** In fold order; all that were neither undone nor retracted. */
  readonly standing: readonly Merge[];
  /** Pairs of records that were merged and parted again, each in the order of the alphabet; the latest 40. */
  readonly parted: readonly (readonly [string, string])[];
  /** Pairs of records told apart, each in the order of the alphabet; the latest 100. */
  readonly distinct: readonly (readonly [string, string])[];
  /** What systems took for one customer: pairs as above, and who said so; the latest 100. */
  readonly claims: readonly (readonly [string, string, string])[];
}

/** Most merges by which records are one customer. The door refuses more, so that a state has room for all. */
export const mostMerges = 50;
const maxParted = 40;
const maxDistinct = 100;
const maxClaims = 100;

/** Two ids in the order of the alphabet. */
export const pairOf = (a: string, b: string): readonly [string, string] => (a < b ? [a, b] : [b, a]);

type Pair = readonly [string, string];

const withPair = (pairs: readonly Pair[], pair: Pair, most: number): readonly Pair[] =>
  [...pairs.filter(([a, b]) => a !== pair[0] || b !== pair[1]), pair].slice(-most);

const merged = (state: LinksState, fact: FactOf<'customer.identity.merged.v1'>): LinksState | 'groundless' => {
  const { survivor, alias } = fact.data;
  if (survivor === undefined || alias === undefined || fact.entity === undefined || survivor === alias)
    return 'groundless';
  return { ...state, standing: [...state.standing, [fact.entity, survivor, alias]] };
};

const undone = (state: LinksState, fact: FactOf<'customer.identity.unmerged.v1'>): LinksState | 'groundless' => {
  const known = state.standing.find(([id]) => id === fact.data.merge);
  if (known === undefined) return 'groundless';
  const [, survivor, alias] = known;
  const parted = withPair(state.parted, pairOf(survivor, alias), maxParted);
  return { ...state, standing: state.standing.filter((one) => one !== known), parted };
};

const distinguished = (
  state: LinksState,
  fact: FactOf<'customer.identity.distinguished.v1'>,
): LinksState | 'groundless' => {
  const { customer, other } = fact.data;
  if (customer === undefined || other === undefined || customer === other) return 'groundless';
  return { ...state, distinct: withPair(state.distinct, pairOf(customer, other), maxDistinct) };
};

const claimed = (state: LinksState, fact: FactOf<'customer.duplicate.claimed.v1'>): LinksState | 'groundless' => {
  const { customer, other } = fact.data;
  if (customer === undefined || other === undefined || customer === other) return 'groundless';
  const [first, second] = pairOf(customer, other);
  const { system } = fact.source;
  const others = state.claims.filter(([a, b, by]) => a !== first || b !== second || by !== system);
  return { ...state, claims: [...others, [first, second, system] as const].slice(-maxClaims) };
};

/** Merges, their undoing, records told apart, and records that systems take for one. */
export const links: Family<LinksState> = {
  name: 'links',
  of: 'customer',
  rules: 4,
  empty: () => ({ standing: [], parted: [], distinct: [], claims: [] }),
  apply(state, fact) {
    switch (fact.type) {
      case 'customer.identity.merged.v1':
        return merged(state, fact);
      case 'customer.identity.unmerged.v1':
        return undone(state, fact);
      case 'customer.identity.distinguished.v1':
        return distinguished(state, fact);
      case 'customer.duplicate.claimed.v1':
        return claimed(state, fact);
      default:
        return 'groundless';
    }
  },
};
