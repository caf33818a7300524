import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import type { MeasuredInterval, MeasuredSeries, SeriesEvents } from '#functions/imports/rules/interval-series.ts';
import { qualityMethodOf, readQualityMethod } from '#functions/imports/rules/nem/codes.ts';
import { readNem } from '#functions/imports/rules/nem/read-nem.ts';
import { writeGreenButton } from '#functions/imports/rules/write/green-button.ts';
import { writeNem12 } from '#functions/imports/rules/write/nem12.ts';
import { uuidOfName } from '#shared/runtime/name-uuid.ts';
import { Unit } from '#shared/vocabulary/measures.ts';
import { type Series, written } from '#tests/support/meters/written-readings.ts';
import { hear, inPieces } from '#tests/support/source-events.ts';

const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const market = `${folder}nem12-nem13/nem12/`;
const buttons = `${folder}greenbutton/energyos-samples/`;
const present = existsSync(market) && existsSync(buttons);
if (!present) console.log('skipped: the data sets nem12-nem13 and greenbutton are not beside this checkout');

const bytesOf = (path: string): Uint8Array => {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

/** A series of a file as a register of one scale, in order; undefined where no register counts in its unit. */
const seriesOf = (
  told: MeasuredSeries,
  blocks: readonly { powerOfTen: number; intervals: readonly MeasuredInterval[] }[],
): Series | undefined => {
  const unit = Unit.safeParse(told.unit).data;
  const [first] = blocks[0]?.intervals ?? [];
  if (unit === undefined || first === undefined) return undefined;
  const powerOfTen = Math.min(...blocks.map((block) => block.powerOfTen));
  const placed = new Map<number, MeasuredInterval>();
  for (const block of blocks)
    for (const one of block.intervals) {
      const value = one.value === null ? null : one.value * 10 ** (block.powerOfTen - powerOfTen);
      placed.set(one.start, { start: one.start, seconds: one.seconds, value, quality: one.quality });
    }
  const intervals = [...placed.values()].sort((a, b) => a.start - b.start);
  const { commodity = 'electricity', flow = 'forward', intervalSeconds = first.seconds, zone = 'UTC' } = told;
  const register = { id: told.register, commodity, flow, unit, powerOfTen, intervalSeconds, zone };
  return { servicePoint: told.reference, register, intervals };
};

/** The series of a file that a register could have measured. */
const readAll = async (events: SeriesEvents): Promise<readonly Series[]> => {
  const { blocks } = await hear(events);
  const keys = new Map<string, (typeof blocks)[number][]>();
  for (const block of blocks) {
    // A meter that is replaced may measure other intervals: another register.
    const { reference, register, unit, intervalSeconds } = block.series;
    const key = JSON.stringify([reference, register, unit, intervalSeconds]);
    keys.set(key, [...(keys.get(key) ?? []), block]);
  }
  return [...keys.values()].flatMap((some) => (some[0] === undefined ? [] : (seriesOf(some[0].series, some) ?? [])));
};

const asGreenButton = (series: Series) =>
  writeGreenButton({
    base: 'https://example.test/espi/1_1/resource',
    title: 'Usage',
    updated: series.intervals.at(-1)?.start ?? 0,
    servicePoint: { id: 'one', commodity: series.register.commodity, zone: series.register.zone },
    series: [series],
    uuidOf: uuidOfName,
  });
const asNem12 = (series: Series) =>
  writeNem12({
    created: series.intervals.at(-1)?.start ?? 0,
    from: 'ROTUNDA',
    to: 'RETAILER',
    streams: [{ ...series, suffix: series.register.id }],
  });

const [valued, coded] = [
  ({ intervals, register }: Series) =>
    intervals.flatMap(({ start, value }) => (value === null ? [] : [[start, value * 10 ** (register.powerOfTen + 6)]])),
  ({ intervals }: Series) => intervals.flatMap(({ value, quality }) => (value === null ? [] : [quality])),
];

describe.skipIf(!present)('meter data files of others, read and written again', () => {
  const seen = { nem12: 0, greenButton: 0, intervals: 0 };

  it.each(present ? readdirSync(market) : [])('%s says the same as NEM12 and as Green Button', async (file) => {
    for (const series of await readAll(readNem(inPieces(bytesOf(`${market}${file}`), 4096), 'NEM12'))) {
      const [button] = await readAll(
        readEspi(inPieces(Buffer.from((await written(asGreenButton(series))).text), 4096)),
      );
      if (button === undefined) throw new Error('nothing read back');
      expect([valued(button), coded(button)]).toEqual([valued(series), coded(series)]);
      seen.greenButton += 1;
      seen.intervals += valued(series).length;
      const [again] = await readAll(readNem([(await written(asNem12(series))).text], 'NEM12'));
      if (again === undefined) throw new Error('nothing read back');
      expect(again.servicePoint).toBe(series.servicePoint);
      expect(valued(again)).toEqual(valued(series));
      expect(coded(again)).toEqual(coded(series).map((code) => readQualityMethod(qualityMethodOf(code))?.code));
      seen.nem12 += 1;
    }
  });

  it.each(present ? readdirSync(buttons) : [])('%s says the same as Green Button', async (file) => {
    const all = await readAll(readEspi(inPieces(bytesOf(`${buttons}${file}`), 65_536)));
    expect(all.length).toBe(1);
    for (const series of all) {
      const [again] = await readAll(
        readEspi(inPieces(Buffer.from((await written(asGreenButton(series))).text), 65_536)),
      );
      if (again === undefined) throw new Error('nothing read back');
      expect(again.intervals).toEqual(series.intervals);
      expect(again.register).toEqual({ ...series.register, id: again.register.id });
      seen.greenButton += 1;
      seen.intervals += series.intervals.length;
    }
  });

  it('says how much was written and read back', () => {
    console.log(`written again: ${JSON.stringify(seen)}`);
    expect(seen.nem12).toBeGreaterThan(20);
    expect(seen.greenButton).toBeGreaterThan(40);
  });
});
