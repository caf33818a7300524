import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockKinds } from '#functions/readings/rules/merge.ts';
import { codesFromMarks } from '#functions/readings/rules/runs.ts';
import type { UsageSummary } from '#functions/readings/rules/usage-summary.ts';
import { blockOf } from '#functions/readings/store/readings.ts';
import { packUsage, readUsage } from '#functions/usage/store/usage-view.ts';
import { readingsSeriesOf } from '#shared/table/keys.ts';
import {
  addDays,
  addMonths,
  expectedIntervals,
  localDateAt,
  monthNumber,
  startOfDate,
} from '#shared/vocabulary/time.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { aBlock, arrived, itemsOf, meterId } from '#tests/support/meters/telemetry.ts';
import { agreed, type Home, installed, openHome, placeFor, removed } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const runs = propertyRuns(50, 1000);
const exchange = '2025-09-20T11:00:00.000Z';
const firstDate = '2024-11-01';

/** The story all runs share: ben, then ana; meter m1, then m2; the last fact may come late. */
const story = [
  agreed('ana', '2024-12-05'),
  installed('m1', '2024-11-10T09:30:00.000Z'),
  removed('m1', exchange),
  installed('m2', exchange),
  agreed('ben', '2024-11-15', '2024-12-05'),
];
const anaFrom = '2024-12-05';
const benRange = ['2024-11-15', '2024-12-05'] as const;

/** Days of the year and a half fall mostly together, so that months fill and dates meet again. */
const dayOffset = fc.oneof(fc.nat(40), fc.integer({ min: 300, max: 345 }), fc.integer({ min: 0, max: 560 }));
const value = fc.oneof(
  { weight: 8, arbitrary: fc.nat(2000) },
  { weight: 1, arbitrary: fc.integer({ min: 100_000, max: 900_000 }) },
);
const block = fc.record({
  offset: dayOffset,
  value,
  revision: fc.constantFrom(0, 0, 0, 1, 2),
  part: fc.option(fc.record({ first: fc.nat(30), count: fc.integer({ min: 1, max: 16 }) }), { freq: 3 }),
  gap: fc.option(fc.nat(20), { freq: 4 }),
  estimated: fc.boolean(),
  headEnd: fc.boolean(),
});

const recordOf = ({
  offset,
  value: first,
  revision,
  part,
  gap,
  estimated,
  headEnd,
}: typeof block extends fc.Arbitrary<infer Block> ? Block : never) => {
  const date = addDays(firstDate, offset);
  const start = startOfDate(zone, date) + (part?.first ?? 0) * 1800;
  const count = part?.count ?? expectedIntervals(zone, date, 1800);
  const values = Array.from({ length: count }, (_, index) =>
    gap !== null && index % (gap + 2) === 0 ? null : first + index,
  );
  const meter = start < Date.parse(exchange) / 1000 ? 'm1' : 'm2';
  const block = aBlock(meter, start, values, { revision, ...(estimated ? { quality: [[0, 8]] } : {}) });
  // A file takes no revision 0.
  return arrived(block, { headEnd: headEnd && revision > 0 });
};

const plan = fc.record({
  blocks: fc.array(block, { minLength: 1, maxLength: 40 }),
  repeats: fc.array(fc.nat(39), { maxLength: 8 }),
  order: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 48, maxLength: 48 }),
  batch: fc.integer({ min: 1, max: 12 }),
  factsBefore: fc.nat(48),
});

/** Usage said plainly from the stored blocks alone: no runs, no ranges, no summary of before. */
const expectedSummary = async (home: Home, from: string, to: string | undefined): Promise<UsageSummary | undefined> => {
  const blocks = (await itemsOf(home.store, 'readings')).map((item) => ({
    ...blockOf(item),
    meter: readingsSeriesOf(item.pk)?.meter,
  }));
  blocks.sort(
    (a, b) =>
      blockKinds.indexOf(a.kind) - blockKinds.indexOf(b.kind) ||
      (a.kind === 'supplement' ? a.revision - b.revision : b.revision - a.revision) ||
      (a.order < b.order ? -1 : 1),
  );
  const readings = new Map<number, { value: number | null; code: number }>();
  const bound = Date.parse(exchange) / 1000;
  for (const { run, meter } of blocks) {
    const codes = codesFromMarks(run.quality ?? [], run.values.length);
    run.values.forEach((entry, index) => {
      const at = run.start + index * run.interval;
      if (at < bound !== (meter === meterId('m1')) || at < Date.parse('2024-11-10T09:30:00.000Z') / 1000) return;
      const date = localDateAt(zone, at);
      if (date < from || (to !== undefined && date >= to)) return;
      const there = readings.get(at);
      if (there === undefined || (there.value === null && entry !== null))
        readings.set(at, { value: entry, code: codes[index] ?? 0 });
    });
  }
  const counted = [...readings].flatMap(([at, { value: entry, code }]) =>
    entry === null ? [] : [{ at, value: entry, code }],
  );
  if (counted.length === 0) return undefined;
  const asOf = Math.max(...counted.map(({ at }) => at)) + 1800;
  const newestDay = localDateAt(zone, asOf - 1);
  const earliest = localDateAt(zone, Math.min(...counted.map(({ at }) => at)));
  const sum = (matches: (date: string) => boolean) => counted.filter(({ at }) => matches(localDateAt(zone, at)));
  const total = (some: typeof counted) => (some.length === 0 ? null : some.reduce((all, one) => all + one.value, 0));
  const reach = Math.min(13, monthNumber(newestDay) - monthNumber(earliest) + 1);
  return {
    commodity: 'electricity',
    flow: 'forward',
    unit: 'Wh',
    powerOfTen: 0,
    asOf,
    newestDay,
    days: Array.from({ length: 7 }, (_, back) => total(sum((date) => date === addDays(newestDay, -back)))),
    months: Array.from({ length: reach }, (_, back) => {
      const month = addMonths(newestDay.slice(0, 7), -back);
      const some = sum((date) => date.startsWith(month));
      const estimated = some.filter(({ code }) => code === 8).length;
      return {
        value: total(some),
        estimatedHundredths: some.length === 0 ? 0 : Math.ceil((100 * estimated) / some.length),
      };
    }),
    more: 0,
  };
};

const expectRebuild = async (home: Home): Promise<void> => {
  for (const [person, from, to] of [
    ['ana', anaFrom, undefined],
    ['ben', ...benRange],
  ] as const) {
    const place = placeFor(home, person);
    const stored = await readUsage(home.profile, place);
    const expected = person === 'ben' ? undefined : await expectedSummary(home, from, to);
    expect(stored?.bytes).toEqual(expected === undefined ? undefined : packUsage(place, expected).bytes);
  }
};

/** What decides a block's key: its start, revision and whose word it is; a whole day of revision 0 has a key of its own. */
const placeOfBlock = ({ data, headEnd }: ReturnType<typeof recordOf>): string => {
  const { start, values, revision } = JSON.parse(Buffer.from(data).toString());
  return `${start} ${headEnd} ${revision} ${revision === 0 && values.length >= 46 ? 'day' : 'part'}`;
};

it('ends with the same stored bytes and usage for any order, batches, repeats, revisions and parts, equal to a rebuild', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ blocks, repeats, order, batch, factsBefore }) => {
      const home = await openHome({ people: ['ana', 'ben'], judged: false });
      await home.meter('m1');
      await home.meter('m2');
      const records = blocks.map(recordOf);
      const given = [...records, ...repeats.flatMap((index) => records[index % records.length] ?? [])];
      // Two contents under one key are settled by the order of writing alone: keep the order of those.
      const unlike = new Map<string, (typeof given)[number]>();
      for (const record of given) unlike.set(placeOfBlock(record), record);
      const shuffled = given
        .map((record) => unlike.get(placeOfBlock(record)) ?? record)
        .map((record, index) => ({ record, place: order[index] ?? 0 }))
        .sort((a, b) => a.place - b.place)
        .map(({ record }) => record);
      let told = false;
      for (let at = 0; at < shuffled.length; at += batch) {
        if (!told && at >= factsBefore) {
          await home.tell(story);
          told = true;
        }
        await home.ingest.take(shuffled.slice(at, at + batch));
        await home.settleAll();
      }
      if (!told) await home.tell(story);
      await home.settleAll();
      await expectRebuild(home);

      const [readings, counter] = [
        await itemsOf(home.store, 'readings'),
        (await readUsage(home.profile, placeFor(home, 'ana')))?.counter,
      ];
      await home.ingest.take([...shuffled.toReversed(), ...shuffled]);
      await home.settleAll();
      expect(await itemsOf(home.store, 'readings')).toEqual(readings);
      expect((await readUsage(home.profile, placeFor(home, 'ana')))?.counter).toBe(counter);
    }),
    { numRuns: runs },
  );
}, 600_000);
