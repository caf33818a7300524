import type { Fact } from '#shared/vocabulary/fact.ts';
import { text } from './fact-data.ts';
import type { Family } from './fold.ts';

/** One merge of two records, and whether it was undone. */
export interface Merge {
  readonly id: string;
  readonly survivor: string;
  readonly alias: string;
  readonly at: string;
  readonly fact: string;
  readonly undone: boolean;
}

/** What was decided about a record and others: which are one customer, which are not. */
export interface LinksState {
  /** In the order of their facts; the latest 60. */
  readonly merges: readonly Merge[];
  /** Pairs of records told apart, each in the order of the alphabet; the latest 100. */
  readonly distinct: readonly (readonly [string, string])[];
  /** What systems took for one customer: pairs as above, and who said so; the latest 100. */
  readonly claims: readonly (readonly [string, string, string])[];
}

const maxMerges = 60;
const maxDistinct = 100;
const maxClaims = 100;

/** Two ids in the order of the alphabet. */
export const pairOf = (a: string, b: string): readonly [string, string] => (a < b ? [a, b] : [b, a]);

const merged = (state: LinksState, fact: Fact): LinksState | 'groundless' => {
  const [survivor, alias] = [text(fact, 'survivor'), text(fact, 'alias')];
  if (survivor === undefined || alias === undefined || fact.entity === undefined || survivor === alias)
    return 'groundless';
  const merge: Merge = { id: fact.entity, survivor, alias, at: fact.occurredAt, fact: fact.id, undone: false };
  return { ...state, merges: [...state.merges, merge].slice(-maxMerges) };
};

const undone = (state: LinksState, fact: Fact): LinksState | 'groundless' => {
  const known = state.merges.find((one) => one.id === text(fact, 'merge') && !one.undone);
  if (known === undefined) return 'groundless';
  return { ...state, merges: state.merges.map((one) => (one === known ? { ...one, undone: true } : one)) };
};

const distinguished = (state: LinksState, fact: Fact): LinksState | 'groundless' => {
  const [customer, other] = [text(fact, 'customer'), text(fact, 'other')];
  if (customer === undefined || other === undefined || customer === other) return 'groundless';
  const pair = pairOf(customer, other);
  const others = state.distinct.filter(([a, b]) => a !== pair[0] || b !== pair[1]);
  return { ...state, distinct: [...others, pair].slice(-maxDistinct) };
};

const claimed = (state: LinksState, fact: Fact): LinksState | 'groundless' => {
  const [customer, other] = [text(fact, 'customer'), text(fact, 'other')];
  if (customer === undefined || other === undefined || customer === other) return 'groundless';
  const [first, second] = pairOf(customer, other);
  const { system } = fact.source;
  const others = state.claims.filter(([a, b, by]) => a !== first || b !== second || by !== system);
  return { ...state, claims: [...others, [first, second, system] as const].slice(-maxClaims) };
};

/** Merges, their undoing, records told apart, and records that systems take for one. */
export const links: Family<LinksState> = {
  name: 'links',
  rules: 3,
  empty: () => ({ merges: [], distinct: [], claims: [] }),
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
