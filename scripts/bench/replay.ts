import { readUsageBlock, type UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import type { ArrivedRecord } from '#functions/readings/ingest.ts';
import { packedOf } from '#functions/readings/store/readings.ts';
import { randomOf } from '#scripts/seed/random.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { type BenchSystem, openBenchSystem } from './bench-system.ts';
import type { Measurement } from './measurement.ts';
import { dayMeter, openHomes, takeRecords } from './metered-homes.ts';

const firstDate = '2025-09-15';
const batchSize = 500;

export interface ReplaySetting {
  readonly homes: number;
  readonly days: number;
}

/** What two replays of a stream did to the tables. */
export interface ReplayEffect {
  readonly records: number;
  /** Records that stood twice in a batch of a replay. */
  readonly duplicates: number;
  readonly items: number;
  readonly itemsAdded: number;
  readonly itemsChanged: number;
  /** Items written to any table but that of readings. */
  readonly writesElsewhere: number;
  /** Changes that the feeds brought to those who follow them. */
  readonly changesSeen: number;
  readonly itemsPut: number;
}

const blockOf = ({ data }: ArrivedRecord): UsageBlock => {
  const { block } = readUsageBlock(data);
  if (block === undefined) throw new Error('a meter sent what is no block');
  return block;
};

const withBlock = (record: ArrivedRecord, block: UsageBlock): ArrivedRecord => ({
  ...record,
  data: writeUsageBlock(block),
});

/** Now and then a day comes in two parts, or a second time as a revision with another value. */
const varied = (record: ArrivedRecord, place: number): readonly ArrivedRecord[] => {
  const block = blockOf(record);
  if (place % 7 === 3) {
    const cut = 1 + (place % (block.values.length - 1));
    const start = block.start + cut * block.interval;
    return [
      withBlock(record, { ...block, values: block.values.slice(0, cut) }),
      withBlock(record, { ...block, start, values: block.values.slice(cut) }),
    ];
  }
  if (place % 11 !== 5) return [record];
  const values = block.values.map((value) => (value === null ? null : value + 1));
  return [record, withBlock(record, { ...block, values, revision: 1 })];
};

const contentOf = async (store: LevelStore): Promise<ReadonlyMap<string, string>> => {
  const content = new Map<string, string>();
  for await (const item of store.scan('readings')) {
    const others = Object.keys(item).filter((name) => !['pk', 'sk', 'w'].includes(name));
    const told = `${Buffer.from(packedOf(item)).toString('base64')} ${others.join(' ')}`;
    content.set(`${item.pk} ${item.sk}`, told);
  }
  return content;
};

const shuffled = <Entry>(entries: readonly Entry[], name: string): Entry[] => {
  const random = randomOf('bench', name);
  const order = entries.map((entry) => ({ entry, place: random.word() }));
  return order.sort((a, b) => a.place - b.place).map(({ entry }) => entry);
};

/** Brings the whole stream again, shuffled, a tenth of it twice in its batch; gives how many records that were. */
const replay = async (system: BenchSystem, stream: readonly ArrivedRecord[], name: string): Promise<number> => {
  const random = randomOf('bench', name, 'duplicates');
  let duplicates = 0;
  const order = shuffled(stream, name);
  for (let from = 0; from < order.length; from += batchSize) {
    const batch = order.slice(from, from + batchSize);
    const again = batch.filter(() => random.chance(100));
    duplicates += again.length;
    await takeRecords(system, shuffled([...batch, ...again], `${name} ${from}`));
  }
  return duplicates;
};

/** Sends a stream once, night by night, then whole twice more, and compares. */
export const replayTwice = async (setting: ReplaySetting): Promise<ReplayEffect> => {
  const system = await openBenchSystem(`${firstDate}T12:00:00.000Z`);
  const names = Array.from({ length: setting.homes }, (_, index) => `bench-${index}`);
  const homes = await openHomes(system, { names, zone: 'Europe/London', intervalSeconds: 1800, from: firstDate });
  const meters = homes.map(dayMeter);
  const stream: ArrivedRecord[] = [];
  for (let day = 0; day < setting.days; day += 1) {
    const sent = await Promise.all(meters.map((meter) => meter.day(addDays(firstDate, day))));
    const records = sent.flat().flatMap((record, index) => varied(record, day * setting.homes + index));
    await takeRecords(system, records);
    await system.settle();
    stream.push(...records);
  }
  const before = await contentOf(system.store);
  system.reset();
  const duplicates = (await replay(system, stream, 'first')) + (await replay(system, stream, 'second'));
  const changesSeen = await system.settle();
  const after = await contentOf(system.store);
  const itemsPut = system.readings.counts().itemsWritten;
  const writesElsewhere = system.counts().itemsWritten - itemsPut;
  await system.close();
  const itemsChanged = [...before].filter(([key, content]) => after.get(key) !== content).length;
  return {
    records: stream.length,
    duplicates,
    items: before.size,
    itemsAdded: after.size - before.size,
    itemsChanged,
    writesElsewhere,
    changesSeen,
    itemsPut,
  };
};

/** G2: replaying changes nothing. */
export const replayMeasurement: Measurement = {
  name: 'g2',
  title: 'The whole stream twice more, shuffled, a tenth of each batch doubled',
  measure: async () => {
    const effect = await replayTwice({ homes: 12, days: 90 });
    const notCounted =
      'two contents under one key, of which the later stands; a replay puts each item again, so it costs the write units of the first time';
    const zero = { goal: { exactly: 0 }, notCounted };
    return [
      {
        name: 'G2',
        what: 'items whose bytes differ after',
        value: effect.itemsChanged,
        unit: `of ${effect.items} items`,
        beside: [
          { what: 'records of the stream, day blocks, parts and revisions', value: effect.records, unit: 'records' },
          { what: 'doubled within a batch', value: effect.duplicates, unit: 'records' },
          { what: 'puts of the two replays', value: effect.itemsPut, unit: 'items' },
          { what: 'changes that followers of the feeds saw', value: effect.changesSeen, unit: 'changes' },
        ],
        ...zero,
      },
      { name: 'G2', what: 'items more than before', value: effect.itemsAdded, unit: 'items', ...zero },
      {
        name: 'G2',
        what: 'idempotency writes: items written to any other table',
        value: effect.writesElsewhere,
        unit: 'items',
        ...zero,
      },
    ];
  },
};
