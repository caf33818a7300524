import { endOf } from '#shared/domain/metering/runs.ts';
import { readHead } from '#shared/store/items.ts';
import { readingsSeriesOf, subjectOfPartition } from '#shared/store/keys.ts';
import { readMeter } from '#shared/store/meters.ts';
import { blockOf } from '#shared/store/readings.ts';
import type { Change, Item, Table } from '#shared/store/table.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import type { UsageRecompute } from './recompute-usage.ts';

export interface FollowReadingsParts {
  readonly profile: Table;
  readonly recompute: UsageRecompute;
}

/** What a batch of changes says of one register: the time its changed blocks cover, Unix seconds. */
interface News {
  readonly meter: string;
  readonly register: string;
  from: number;
  to: number;
}

const newsOf = (changes: readonly Change[]): readonly News[] => {
  const news = new Map<string, News>();
  for (const { key, before, after } of changes) {
    const series = readingsSeriesOf(key.pk);
    if (series === undefined) continue;
    for (const item of [before, after]) {
      if (item === undefined) continue;
      const { run } = blockOf(item);
      const there = news.get(key.pk) ?? { ...series, from: run.start, to: run.start };
      there.from = Math.min(there.from, run.start);
      there.to = Math.max(there.to, endOf(run));
      news.set(key.pk, there);
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
  await inParallel(newsOf(changes), async ({ meter, register, from, to }) => {
    const item = await readMeter(parts.profile, meter);
    for (const installation of item?.installations ?? []) {
      const starts = secondsOf(installation.from);
      const ends = installation.to === null ? Number.POSITIVE_INFINITY : secondsOf(installation.to);
      if (starts >= to || ends <= from) continue;
      await parts.recompute.register(installation.servicePoint, installation.premise, register, from);
    }
  });
};

/** Families of a premise that say which readings count for whom. */
const tellingStates = new Set(['STATE#premise', 'STATE#supply', 'STATE#metering']);

const pairsOf = (item: Item | undefined): readonly (readonly [string, string])[] =>
  item === undefined ? [] : readHead(item).pairs;

const samePairs = (left: Item | undefined, right: Item | undefined): boolean =>
  JSON.stringify(pairsOf(left)) === JSON.stringify(pairsOf(right));

/**
 * On changes of the profile table: where a premise's readers, agreements, service points or meters changed, its usage items are
 * made anew, and those of readers that are gone are taken away.
 */
export const followSupply = async (recompute: UsageRecompute, changes: readonly Change[]): Promise<void> => {
  const premises = new Set<string>();
  const gone = new Map<string, readonly [premise: string, customer: string, account: string]>();
  for (const { key, before, after } of changes) {
    const premise = key.pk.startsWith('PRM#') ? subjectOfPartition(key.pk) : undefined;
    if (premise === undefined) continue;
    if (tellingStates.has(key.sk)) premises.add(premise);
    if (key.sk !== 'HEAD' || samePairs(before, after)) continue;
    premises.add(premise);
    for (const [customer, account] of pairsOf(before)) {
      gone.set(`${premise}${customer}${account}`, [premise, customer, account]);
    }
  }
  await inParallel([...gone.values()], (one) => recompute.forget(...one));
  await inParallel([...premises], (premise) => recompute.premise(premise));
};
