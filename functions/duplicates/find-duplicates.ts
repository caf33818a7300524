import { links } from '#shared/profile/rules/links.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadStored, loadSurvivor, readAll } from '#shared/profile/store/subjects.ts';
import { duplicateOfPrefix, subjectPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import type { KnownCustomer } from './known-customer.ts';
import { holdersOf, mostSharing, type PlacedCustomer, personAt, placeKeys } from './looked-for.ts';
import { isLostRace } from './lost-race.ts';
import { comparePersons, isWorthALook } from './rules/compare-persons.ts';
import { type KnownPerson, reachesOf, withoutReaches } from './rules/known-person.ts';
import type { Weights } from './rules/weights.ts';
import { type SettlePairDeps, settlePair } from './settle-pair.ts';
import { readMatchWeights } from './store/match-weights.ts';

/** Customers with whom a question is open. */
const askedWith = async (profile: Table, customer: string): Promise<readonly string[]> => {
  const items = await readAll(profile, {
    pk: subjectPartition(customer),
    prefix: duplicateOfPrefix,
    consistent: true,
  });
  return items.map(({ sk }) => sk.slice(duplicateOfPrefix.length));
};

/** Customers whom systems take for this one; of a record that was merged, its survivor. */
const claimedWith = async (profile: Table, { id, loaded }: KnownCustomer): Promise<readonly string[]> => {
  const own = new Set([id, ...loaded.head.aliases]);
  const { claims } = stateOf(loaded.states, links).state;
  const others = claims.map(([a, b]) => (own.has(a) ? b : a)).filter((other) => !own.has(other));
  const found = await Promise.all(
    [...new Set(others)].map(async (other) => loadSurvivor(profile, await loadStored(profile, other))),
  );
  return found.flatMap(({ subject, exists }) => (exists && !own.has(subject) ? [subject] : []));
};

interface Holders {
  /** Everybody at a key of the customer, keys that too many share left out. */
  readonly others: ReadonlyMap<string, Item>;
  /** Phone numbers and e-mail addresses that too many have. */
  readonly shared: ReadonlySet<string>;
  /** Customers for whom a value has just become one that too many have, or is no longer. */
  readonly affected: ReadonlySet<string>;
}

/** A value that passes the bound moves the scores of those who have it; a little further, for those who come at the same time. */
const passesTheBound = (holders: number, added: boolean, removed: boolean): boolean =>
  (added && holders > mostSharing && holders <= mostSharing + 3) ||
  (removed && holders <= mostSharing && holders > mostSharing - 2);

const readHolders = async (profile: Table, placed: PlacedCustomer): Promise<Holders> => {
  const { customer, keys, added, removed } = placed;
  const others = new Map<string, Item>();
  const shared = new Set<string>();
  const affected = new Set<string>();
  const reach = removed.filter(({ pass }) => pass === 'phone' || pass === 'email');
  const read = await Promise.all(
    [...keys, ...reach].map(async (key) => ({ key, items: await holdersOf(profile, key) })),
  );
  for (const { key, items } of read) {
    const isReach = key.pass === 'phone' || key.pass === 'email';
    if (isReach && (items === undefined || items.length > mostSharing)) shared.add(key.value);
    if (items === undefined) continue;
    if (isReach && passesTheBound(items.length, added.includes(key), removed.includes(key)))
      for (const { sk } of items) affected.add(sk);
    if (isReach && items.length > mostSharing) continue;
    if (!removed.includes(key)) for (const item of items) others.set(item.sk, item);
  }
  others.delete(customer.id);
  affected.delete(customer.id);
  return { others, shared, affected };
};

const mayBeOne = (person: KnownPerson, other: KnownPerson, shared: ReadonlySet<string>, weights: Weights): boolean => {
  const both = reachesOf(other);
  const unknown = new Set([...both.phones, ...both.emails].filter((value) => shared.has(value)));
  const score = comparePersons(withoutReaches(person, unknown), withoutReaches(other, unknown), weights);
  return score !== undefined && isWorthALook(score);
};

/** What a search came to. */
export interface Search {
  /** Records the customer was compared with. */
  readonly compared: number;
  /** Customers with whom a question is open now. */
  readonly open: readonly string[];
}

const endSearch = async ({ done }: PlacedCustomer): Promise<void> => {
  try {
    await done();
  } catch (failure) {
    // Another search of the same customer began meanwhile, and ends what this one began.
    if (!isLostRace(failure)) throw failure;
  }
};

const search = async (
  deps: SettlePairDeps,
  id: string,
  always: boolean,
): Promise<Search & { readonly affected: ReadonlySet<string> }> => {
  const { profile } = deps;
  const placed = await placeKeys(profile, id);
  if (placed.unchanged && !always) return { compared: 0, open: [], affected: new Set() };
  const [{ weights }, { others, shared, affected }, asked, claimed] = await Promise.all([
    readMatchWeights(profile),
    readHolders(profile, placed),
    askedWith(profile, id),
    claimedWith(profile, placed.customer),
  ]);
  const { person } = placed.customer;
  const likely = [...others].flatMap(([other, item]) =>
    person !== undefined && mayBeOne(person, personAt(item), shared, weights) ? [other] : [],
  );
  const open: string[] = [];
  for (const other of new Set([...asked, ...claimed, ...likely].sort()))
    if (await settlePair(deps, id, other, weights)) open.push(other);
  await endSearch(placed);
  return { compared: others.size, open, affected };
};

/**
 * Looks for records that may be of the same customer, and brings every open question about this one in step: at most 12 keys, 40
 * records at each. It may be done twice, and in any order: what is found stands on the records as they are.
 * @param always also where nothing to look for by has changed since the last time
 */
export const findDuplicates = async (deps: SettlePairDeps, customer: string, always: boolean): Promise<Search> => {
  const { affected, ...found } = await search(deps, customer, always);
  for (const other of [...affected].sort()) await search(deps, other, true);
  return found;
};
