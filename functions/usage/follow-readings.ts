import { familyNamed } from '#functions/profile.ts';
import { endOf } from '#functions/readings/rules/runs.ts';
import { blockOf } from '#functions/readings/store/readings.ts';
import { readOfItem } from '#functions/readings/store/register-reads.ts';
import type { DayDigest } from '#functions/validation/rules/day-digest.ts';
import { judgedMonthOf } from '#functions/validation/store/judged-months.ts';
import { storedExceptionOf } from '#functions/validation/store/reading-exceptions.ts';
import { account } from '#shared/profile/rules/account.ts';
import { supply } from '#shared/profile/rules/agreements.ts';
import { effectiveInstallations, metering } from '#shared/profile/rules/installations.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { familyOfState, partOfState, readFoldState, readHead } from '#shared/profile/store/items.ts';
import { meterFromItem, readMeter } from '#shared/profile/store/meters.ts';
import {
  judgedOf,
  meterOfPartition,
  readingsSeriesOf,
  registerReadsOf,
  subjectOfPartition,
} from '#shared/table/keys.ts';
import type { Change, Item, Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import type { UsageRecompute } from './recompute-usage.ts';

export interface FollowReadingsParts {
  readonly profile: Table;
  readonly recompute: UsageRecompute;
}

/** What a batch of changes says of one register: the time that is told of otherwise, Unix seconds. */
interface News {
  readonly meter: string;
  readonly register: string;
  readonly from: number;
  readonly to: number;
}

/** The time that an item of the readings table speaks of, where usage depends on it. */
const timeOf = (item: Item): Range | undefined => {
  if (readingsSeriesOf(item.pk) !== undefined) {
    const { run } = blockOf(item);
    return { from: run.start, to: endOf(run) };
  }
  const found = storedExceptionOf(item)?.exception;
  return found?.quality === undefined ? undefined : found;
};

const hasValidated = ({ byQuality }: DayDigest): boolean => byQuality.some(([code]) => code === quality.validated);

/** The days on which judging made validated values of raw ones. */
const validatedIn = ({ before, after }: Change): Range | undefined => {
  const [was, is] = [before, after].map((item) => (item === undefined ? [] : (judgedMonthOf(item)?.digests ?? [])));
  const known = new Map((was ?? []).map((digest) => [digest.date, JSON.stringify(digest.byQuality)]));
  const days = (is ?? []).filter((one) => hasValidated(one) && known.get(one.date) !== JSON.stringify(one.byQuality));
  const [from, to] = [days[0]?.firstAt, days.at(-1)?.lastAt];
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : undefined;
};

/** Registers of which reads came or went, and when these were. */
const newReads = (changes: readonly Change[]): readonly News[] => {
  const news = new Map<string, News>();
  for (const { key, before, after } of changes) {
    const series = registerReadsOf(key.pk);
    const item = after ?? before;
    if (series === undefined || item === undefined) continue;
    const { at } = readOfItem(item);
    const there = news.get(key.pk) ?? { ...series, from: at, to: at + 1 };
    news.set(key.pk, { ...there, from: Math.min(there.from, at), to: Math.max(there.to, at + 1) });
  }
  return [...news.values()];
};

const newsOf = (changes: readonly Change[]): readonly News[] => {
  const news = new Map<string, News>();
  for (const change of changes) {
    const { key, before, after } = change;
    const series = readingsSeriesOf(key.pk) ?? judgedOf(key.pk);
    if (series === undefined) continue;
    const told = [before, after].map((item) => (item === undefined ? undefined : timeOf(item)));
    for (const time of [...told, validatedIn(change)]) {
      if (time === undefined) continue;
      const name = `${series.meter}#${series.register}`;
      const there = news.get(name) ?? { ...series, ...time };
      news.set(name, { ...there, from: Math.min(there.from, time.from), to: Math.max(there.to, time.to) });
    }
  }
  return [...news.values()];
};

const atOnce = 8;

const inParallel = async <Entry>(entries: readonly Entry[], act: (entry: Entry) => Promise<void>): Promise<void> => {
  const left = entries.values();
  const work = async (): Promise<void> => {
    for (const entry of left) await act(entry);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, entries.length) }, work));
};

/**
 * On changes of the readings table: recomputes usage of the service points the meters measured then. One look at each register
 * for the whole batch. Throws where a write failed; the batch may come again.
 */
export const followReadings = async (parts: FollowReadingsParts, changes: readonly Change[]): Promise<void> => {
  const recompute = async ({ meter, register, from, to }: News, since: number | undefined): Promise<void> => {
    const item = await readMeter(parts.profile, meter);
    for (const installation of item?.installations ?? []) {
      const starts = secondsOf(installation.from);
      const ends = installation.to === null ? Number.POSITIVE_INFINITY : secondsOf(installation.to);
      if (starts >= to || ends < from) continue;
      await parts.recompute.register(installation.servicePoint, installation.premise, register, since);
    }
  };
  await inParallel(newsOf(changes), (news) => recompute(news, news.from));
  await inParallel(newReads(changes), async (news) => {
    // A read says how much was used since the one before it, where there are no intervals.
    if (await parts.recompute.isUseOfReads(news)) await recompute(news, undefined);
  });
};

/** What each family of a premise or account says of which readings count for whom; what else it holds changes no usage. */
const groundOfState: Partial<Readonly<Record<FamilyName, (states: States) => unknown>>> = {
  account: (states) =>
    rolesHeld(stateOf(states, account).state.roles).map(({ customer, role, from, to }) => [customer, role, from, to]),
  premise: (states) => stateOf(states, premise).state.servicePoints.map(({ id, zone }) => [id, zone]),
  metering: (states) =>
    effectiveInstallations(stateOf(states, metering).state.installations).map(({ meter, servicePoint, from, to }) => [
      meter,
      servicePoint,
      from,
      to,
    ]),
};

const groundOf = (item: Item | undefined): string => {
  const family = item === undefined ? undefined : familyOfState(item);
  const said = family === undefined ? undefined : groundOfState[family];
  if (item === undefined || family === undefined || said === undefined) return '[]';
  const held = readFoldState(item);
  // Other rules may lay it out otherwise.
  return held.rules === familyNamed(family).rules ? JSON.stringify(said(new Map([[family, held]]))) : `${held.rules}`;
};

/** What the agreements of one point of a premise say of that. */
const stayOf = (item: Item | undefined): string => {
  if (item === undefined || partOfState(item.sk)?.family !== supply.name) return '[]';
  const held = readFoldState(item);
  if (held.rules !== supply.rules) return `${held.rules}`;
  const states: States = new Map([[supply.name, { ...held, parts: new Map([['', held]]) }]]);
  return JSON.stringify(
    serviceAt(states).agreements.map(({ account: of, servicePoint, from, to }) => [of, servicePoint, from, to]),
  );
};

/** Premises at which a meter measures otherwise than before: also where it was, of which nothing was told. */
const placesChanged = ({ key, before, after }: Change): readonly string[] => {
  if (meterOfPartition(key.pk) === undefined) return [];
  const [was, is] = [before, after].map((item) => (item === undefined ? [] : meterFromItem(item).installations));
  const [had, has] = [was, is].map((all = []) => new Map(all.map((one) => [JSON.stringify(one), one.premise])));
  const isOther = (here: typeof had, there: typeof had): readonly string[] =>
    [...(here ?? [])].flatMap(([one, place]) => (there?.has(one) === true ? [] : [place]));
  return [...isOther(had, has), ...isOther(has, had)];
};

const pairsOf = (item: Item | undefined): readonly (readonly [string, string])[] =>
  item === undefined ? [] : readHead(item).pairs;

const samePairs = (left: Item | undefined, right: Item | undefined): boolean =>
  JSON.stringify(pairsOf(left)) === JSON.stringify(pairsOf(right));

/**
 * On changes of the profile table: where a premise's readers, agreements, service points or meters changed, or roles on an account
 * that takes service there, its usage items are made anew, and those of readers that are gone are taken away. What else is told of a premise (exceptions, closed months, insights)
 * costs nothing here.
 */
export const followSupply = async (recompute: UsageRecompute, changes: readonly Change[]): Promise<void> => {
  const premises = new Set<string>();
  const gone = new Map<string, readonly [premise: string, customer: string, account: string]>();
  for (const change of changes) {
    const { key, before, after } = change;
    for (const left of placesChanged(change)) premises.add(left);
    const subject = subjectOfPartition(key.pk);
    if (subject !== undefined && key.pk.startsWith('ACC#') && groundOf(before) !== groundOf(after))
      for (const taken of await recompute.placesShown(subject)) premises.add(taken);
    const place = key.pk.startsWith('PRM#') ? subject : undefined;
    if (place === undefined) continue;
    if (groundOf(before) !== groundOf(after) || stayOf(before) !== stayOf(after)) premises.add(place);
    if (key.sk !== 'HEAD' || samePairs(before, after)) continue;
    premises.add(place);
    for (const [customer, account] of pairsOf(before)) {
      gone.set(`${place}${customer}${account}`, [place, customer, account]);
    }
  }
  await inParallel([...gone.values()], (one) => recompute.forget(...one));
  await inParallel([...premises], (place) => recompute.premise(place));
};
