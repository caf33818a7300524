import { searchCustomers } from '#functions/search/search-customers.ts';
import { createCountedTable } from '#scripts/bench/counted-table.ts';
import { type Random, randomOf } from '#scripts/seed/random.ts';
import { fullView } from '#shared/access/field-matrix.ts';
import { country } from '../large-utility.ts';
import { endsAlike, type Mutation, mutations, sameSource } from './mutations.ts';
import type { KnownCustomer, SearchedUtility } from './searched-utility.ts';

/** A question, and the customers that it means: all whose values would have given the same. */
export interface Asked {
  readonly category: string;
  readonly q: string;
  readonly meant: ReadonlySet<string>;
}

/** What came of the questions of a category, or of all. */
export interface Found {
  readonly asked: number;
  /** The first hit is one that was meant. */
  readonly first: number;
  /** Somebody meant is among the first five. */
  readonly five: number;
  /** Questions that mean more than one. */
  readonly shared: number;
  readonly requests: readonly number[];
}

const drawn = (mutation: Mutation, all: readonly KnownCustomer[], random: Random, most: number): readonly Asked[] => {
  const sources = all.flatMap((known) => mutation.sources(known).map((source) => ({ id: known.id, source })));
  if (sources.length === 0) return [];
  const alikeOf = (known: KnownCustomer): readonly string[] => mutation.alike?.(known) ?? mutation.sources(known);
  const alike = all.flatMap((known) => alikeOf(known).map((source) => ({ id: known.id, source })));
  const asked = new Map<string, Asked>();
  for (let draw = 0; draw < most * 8 && asked.size < most; draw += 1) {
    const one = sources[random.below(sources.length)];
    const q = one === undefined ? undefined : mutation.type(one.source, random);
    if (one === undefined || q === undefined || asked.has(q)) continue;
    const meant = alike.filter(
      ({ source }) => sameSource(source) === sameSource(one.source) || endsAlike(mutation.category, source, q),
    );
    asked.set(q, { category: mutation.category, q, meant: new Set(meant.map(({ id }) => id)) });
  }
  return [...asked.values()];
};

/** Questions of every category, the same for the same seed and utility. */
export const questionsOf = (all: readonly KnownCustomer[], seed: string, most: number): readonly Asked[] =>
  mutations.flatMap((mutation) => drawn(mutation, all, randomOf(seed, 'typed', mutation.category), most));

const none: Found = { asked: 0, first: 0, five: 0, shared: 0, requests: [] };

/** All of several as one. */
export const together = (all: readonly Found[]): Found => ({
  asked: all.reduce((sum, { asked }) => sum + asked, 0),
  first: all.reduce((sum, { first }) => sum + first, 0),
  five: all.reduce((sum, { five }) => sum + five, 0),
  shared: all.reduce((sum, { shared }) => sum + shared, 0),
  requests: all.flatMap(({ requests }) => requests),
});

/** Asks every question of a utility. `onMiss` is told of those whose first hit was not meant. */
export const askAll = async (
  { store, hash, today }: Pick<SearchedUtility, 'store' | 'hash' | 'today'>,
  questions: readonly Asked[],
  onMiss: (
    asked: Asked,
    hits: readonly { readonly id: string; readonly name: string; readonly score: number }[],
  ) => void = () => {},
): Promise<ReadonlyMap<string, Found>> => {
  const profile = createCountedTable(store.table('profile'));
  const dependencies = { table: profile, hash, country, today: () => today } as const;
  const found = new Map<string, Found>();
  for (const asked of questions) {
    profile.reset();
    const { data } = await searchCustomers(dependencies, { q: asked.q, limit: 10, view: fullView });
    const { requests } = profile.counts();
    const first = data[0] !== undefined && asked.meant.has(data[0].id);
    const five = data.slice(0, 5).some(({ id }) => asked.meant.has(id));
    if (!first) onMiss(asked, data);
    const one = {
      asked: 1,
      first: Number(first),
      five: Number(five),
      shared: Number(asked.meant.size > 1),
      requests: [requests],
    };
    found.set(asked.category, together([found.get(asked.category) ?? none, one]));
  }
  return found;
};
