import { describe, expect, it } from 'vitest';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import { writeGreenButton } from '#functions/imports/rules/write/green-button.ts';
import { storedIntervals } from '#functions/imports/rules/write/stored-intervals.ts';
import { digestReadings } from '#functions/operations/store/digest.ts';
import type { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { marksFromCodes } from '#functions/readings/rules/runs.ts';
import { readRuns } from '#functions/readings/store/readings.ts';
import { uuidOfName } from '#shared/runtime/name-uuid.ts';
import { localDays, secondsOf, startOfDate } from '#shared/vocabulary/time.ts';
import {
  aBlock,
  aMeter,
  arrived,
  halfHours,
  meterId,
  putMeter,
  servicePointId,
  type TelemetryGround,
  telemetryGround,
} from '#tests/support/meters/telemetry.ts';
import { hear } from '#tests/support/source-events.ts';

const zone = 'Europe/London';
const [from, to] = [startOfDate(zone, '2026-03-27'), startOfDate(zone, '2026-03-31')];

/** Four days over the night clocks go forward: a gap, missing values, estimates, and a day sent again with another content. */
const blocks: readonly UsageBlock[] = [...localDays(zone, from, to)].flatMap((day, index) => {
  const values = Array.from({ length: (day.to - day.from) / 1800 }, (_, place) =>
    place === 7 ? null : place * 10 + index,
  );
  const whole = aBlock('one', day.from, values, { seq: index });
  if (index === 1)
    return [
      whole,
      aBlock('one', day.from, values.toReversed(), {
        revision: 1,
        quality: [
          [3, 8],
          [9, 0],
        ],
      }),
    ];
  if (index === 2)
    return [
      aBlock('one', day.from + 9000, values.slice(5, 40), {
        quality: [
          [0, 9],
          [12, 10],
        ],
      }),
    ];
  return [whole];
});

const ground = async (sent: readonly UsageBlock[]): Promise<TelemetryGround> => {
  const made = await telemetryGround();
  await putMeter(made, aMeter('one'));
  const outcomes = await made.ingest.take(sent.map((block) => arrived(block)));
  expect(outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
  return made;
};

const storedOf = async (of: TelemetryGround, ranges = [{ from, to }]): Promise<readonly MeasuredInterval[]> => {
  const runs = await readRuns(of.readings, meterId('one'), 'E1', from, to);
  return [...storedIntervals([{ ranges, factor: 1, runs }])];
};

const exported = (intervals: readonly MeasuredInterval[]) =>
  writeGreenButton({
    base: 'https://example.test/espi/1_1/resource',
    title: 'Usage',
    updated: to,
    servicePoint: { id: servicePointId('one'), commodity: 'electricity', zone },
    series: [{ servicePoint: servicePointId('one'), register: halfHours(zone), intervals }],
    uuidOf: uuidOfName,
  });

/** The days of a file as blocks of a meter; what the file leaves out is missing. */
const blocksOf = (days: readonly (readonly MeasuredInterval[])[]): readonly UsageBlock[] =>
  days.flatMap((intervals) => {
    const [first, last] = [intervals[0], intervals.at(-1)];
    if (first === undefined || last === undefined) return [];
    const byStart = new Map(intervals.map((interval) => [interval.start, interval]));
    const places = Array.from({ length: (last.start - first.start) / 1800 + 1 }, (_, place) =>
      byStart.get(first.start + place * 1800),
    );
    const values = places.map((one) => one?.value ?? null);
    const marks = marksFromCodes(
      places.map((one) => one?.quality ?? 0),
      values,
    );
    const quality = marks?.map(([index, code]): [number, number] => [index, code]);
    return [aBlock('one', first.start, values, quality === undefined ? {} : { quality })];
  });

describe('stored readings that are exported as Green Button and imported again', () => {
  it('are the same readings: the digest of the table says so', async () => {
    const before = await ground(blocks);
    const heard = await hear(readEspi(exported(await storedOf(before))));
    expect(heard.errors).toEqual([]);
    const after = await ground(blocksOf(heard.blocks.map(({ intervals }) => intervals)));
    const digest = await digestReadings(before.store.scan('readings'));
    // The day sent twice is whole: where the later content has no value, the earlier one stands.
    expect(digest.items).toBe(48 - 1 + 48 + 35 - 1 + 48 - 1);
    expect(await digestReadings(after.store.scan('readings'))).toEqual(digest);
    const changed = blocksOf(heard.blocks.map(({ intervals }) => intervals.map((one) => ({ ...one, quality: 0 }))));
    expect(await digestReadings((await ground(changed)).store.scan('readings'))).not.toEqual(digest);
  });

  it('are those of the ranges alone, missing ones said as such', async () => {
    const system = await ground(blocks);
    const noon = secondsOf('2026-03-27T12:00:00Z');
    const some = await storedOf(system, [
      { from, to: from + 5 * 1800 },
      { from: noon, to: noon + 3600 },
    ]);
    expect(some.map(({ start }) => (start - from) / 1800)).toEqual([0, 1, 2, 3, 4, 24, 25]);
    expect((await storedOf(system)).filter(({ value }) => value === null).length).toBe(3);
  });
});
