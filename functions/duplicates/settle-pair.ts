import { links, pairOf } from '#shared/profile/rules/links.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import type { Table } from '#shared/table/table.ts';
import { type KnownCustomer, readKnownCustomer } from './known-customer.ts';
import { isShared } from './looked-for.ts';
import { isLostRace, mostTries } from './lost-race.ts';
import { comparePersons, isWorthALook, type Score } from './rules/compare-persons.ts';
import { type KnownPerson, reachesOf, withoutReaches } from './rules/known-person.ts';
import type { Weights } from './rules/weights.ts';
import { type Duplicate, duplicateIdOf, duplicateWrites, readDuplicate } from './store/duplicates.ts';

export interface SettlePairDeps {
  readonly profile: Table;
  readonly now: () => number;
}

const groupOf = ({ id, loaded }: KnownCustomer): ReadonlySet<string> => new Set([id, ...loaded.head.aliases]);

type Between = (a: string, b: string) => boolean;

/** Whether two ids are of the one and the other; their aliases count with them. */
const betweenOf = (first: KnownCustomer, second: KnownCustomer): Between => {
  const [one, other] = [groupOf(first), groupOf(second)];
  return (a, b) => (one.has(a) && other.has(b)) || (one.has(b) && other.has(a));
};

/** Systems that say themselves that the two are one. */
const claimersOf = (first: KnownCustomer, second: KnownCustomer): readonly string[] => {
  const between = betweenOf(first, second);
  const claims = [first, second].flatMap(({ loaded }) => stateOf(loaded.states, links).state.claims);
  return [...new Set(claims.flatMap(([a, b, system]) => (between(a, b) ? [system] : [])))].sort();
};

/** Whether somebody decided that the two are not one: told apart, or merged and parted again. */
const areToldApart = (first: KnownCustomer, second: KnownCustomer): boolean => {
  const between = betweenOf(first, second);
  return [first, second].some(({ loaded }) => {
    const { distinct, parted } = stateOf(loaded.states, links).state;
    return [...distinct, ...parted].some(([a, b]) => between(a, b));
  });
};

const common = (values: readonly string[], others: readonly string[]): readonly string[] =>
  values.filter((value) => others.includes(value));

/** Phone numbers and e-mail addresses that both have, and that too many others have too. */
const sharedReaches = async (profile: Table, first: KnownPerson, second: KnownPerson): Promise<ReadonlySet<string>> => {
  const [one, other] = [reachesOf(first), reachesOf(second)];
  const asked = [
    ...common(one.phones, other.phones).map((value) => ({ pass: 'phone', value }) as const),
    ...common(one.emails, other.emails).map((value) => ({ pass: 'email', value }) as const),
  ];
  const answers = await Promise.all(asked.map(({ pass, value }) => isShared(profile, pass, value)));
  return new Set(asked.filter((_, n) => answers[n] === true).map(({ value }) => value));
};

/** Of two that cannot be compared, a person and an organisation: nothing speaks for one or for two. */
const incomparable: Score = { bits: 0, probability: 0.5, band: 'steward', vetoes: [], before: 0, comparisons: [] };

/** What a person is asked: what a system claims always, whatever the score or a veto says. */
const asked = (score: Score | undefined, isClaimed: boolean): Score | undefined => {
  if (!isClaimed) return score === undefined || !isWorthALook(score) ? undefined : score;
  const { band, ...rest } = score ?? incomparable;
  return { ...rest, band: band === 'auto' ? 'auto' : 'steward' };
};

const scoreOf = async (
  profile: Table,
  first: KnownCustomer,
  second: KnownCustomer,
  weights: Weights,
  isClaimed: boolean,
): Promise<Score | undefined> => {
  if (first.person === undefined || second.person === undefined || areToldApart(first, second)) return undefined;
  const shared = await sharedReaches(profile, first.person, second.person);
  const score = comparePersons(withoutReaches(first.person, shared), withoutReaches(second.person, shared), weights);
  return asked(score, isClaimed);
};

/** Whether a merge or its undoing is under way and not shown yet: what comes of it is looked at when it is. */
const isBeingRebuilt = ({ loaded }: KnownCustomer): boolean => loaded.head.rebuilding?.flipped === false;

const opened = (
  id: string,
  [first, second]: readonly [KnownCustomer, KnownCustomer],
  score: Score,
  claimedBy: readonly string[],
  foundAt: string,
): Omit<Duplicate, 'version'> => ({
  id,
  first: first.id,
  second: second.id,
  status: 'open',
  band: score.band,
  bits: score.bits,
  probability: score.probability,
  before: score.before,
  comparisons: score.comparisons.map(({ name, level, weight }) => [name, level, weight]),
  vetoes: [...score.vetoes],
  claimedBy: [...claimedBy],
  versions: [versionOf(first.loaded.states), versionOf(second.loaded.states)],
  foundAt,
});

const saysTheSame = (known: Duplicate | undefined, after: Omit<Duplicate, 'version'>): boolean => {
  if (known === undefined) return false;
  const { version: _version, ...before } = known;
  return JSON.stringify(Object.entries(before).sort()) === JSON.stringify(Object.entries(after).sort());
};

const settleOnce = async (deps: SettlePairDeps, ids: readonly [string, string], weights: Weights): Promise<boolean> => {
  const { profile, now } = deps;
  const id = duplicateIdOf(...ids);
  // The question is read first: what is written stands on records that were read after the last write of it.
  const known = await readDuplicate(profile, id);
  const pair = await Promise.all([readKnownCustomer(profile, ids[0]), readKnownCustomer(profile, ids[1])]);
  if (pair.some(isBeingRebuilt)) return known?.status === 'open';
  const claimedBy = claimersOf(...pair);
  const score = await scoreOf(profile, ...pair, weights, claimedBy.length > 0);
  if (score === undefined) {
    if (known?.status === 'open') await profile.commit(duplicateWrites(known, { ...known, status: 'withdrawn' }));
    return false;
  }
  const after = opened(id, pair, score, claimedBy, known?.foundAt ?? new Date(now()).toISOString());
  if (!saysTheSame(known, after)) await profile.commit(duplicateWrites(known, after));
  return true;
};

/**
 * Brings the question whether two records are one customer in step with what they say now: it is opened, told anew or withdrawn.
 * Answers whether it is open.
 */
export const settlePair = async (
  deps: SettlePairDeps,
  one: string,
  other: string,
  weights: Weights,
): Promise<boolean> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await settleOnce(deps, pairOf(one, other), weights);
    } catch (failure) {
      if (!isLostRace(failure) || tried >= mostTries) throw failure;
    }
  }
};
