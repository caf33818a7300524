import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimatedQualities } from '#shared/vocabulary/measures.ts';
import { localDateAt } from '#shared/vocabulary/time.ts';
import { sgscFacts, sgscPresent } from '#tests/functions/validation/rules/sgsc-series.ts';
import { mappingOf } from '#tests/support/csv-mappings.ts';
import { type Brought, type FoundException, ImportingSystem, type Usage } from '#tests/support/importing-system.ts';

if (!sgscPresent) console.log('skipped: the data set sgsc-au-halfhourly is not beside this checkout');

const path = fileURLToPath(new URL('../../../shared/data/sgsc-au-halfhourly/households.csv.gz', import.meta.url));
const file = () => ({ bytes: readFileSync(path), format: 'csv', mapping: mappingOf('sgsc-au-halfhourly') }) as const;
const step = 1800;

interface Facts {
  readonly rows: number;
  readonly missingIntervals: number;
  readonly gaps: number;
  readonly sum: number;
}

/** Half-hours of each household with a value, by start, Wh: read by nothing of ours. */
const measured = (): Map<string, Map<number, number>> => {
  const homes = new Map<string, Map<number, number>>();
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1)) {
    const [home = '', at = '', kwh = ''] = line.split(',');
    const values = homes.get(home) ?? new Map<number, number>();
    homes.set(home, values);
    values.set(Date.parse(`${at.replace(' ', 'T')}+10:00`) / 1000, Math.round(Number(kwh) * 1000));
  }
  return homes;
};

/** Holes between the first and the last value, each as it is, Unix seconds. */
const holesOf = (values: ReadonlyMap<number, number>): readonly (readonly [number, number])[] => {
  const starts = [...values.keys()].sort((left, right) => left - right);
  return starts.flatMap((start, index) => {
    const next = starts[index + 1] ?? start + step;
    return next === start + step ? [] : [[start + step, next] as const];
  });
};

describe.skipIf(!sgscPresent)('a file of six Australian households, imported into the running system', () => {
  const facts: Record<string, Facts> = sgscPresent ? JSON.parse(readFileSync(sgscFacts, 'utf8')) : {};
  const homes = Object.keys(facts);
  let importing: ImportingSystem;
  let brought: Brought;
  let truth: Map<string, Map<number, number>>;
  const usage = new Map<string, Usage>();
  const exceptions = new Map<string, readonly FoundException[]>();

  beforeAll(async () => {
    truth = measured();
    importing = await ImportingSystem.start();
    brought = await importing.bring(file());
    for (const home of homes) {
      usage.set(home, await importing.usage(`sgsc:${home}`, { from: '2012-01-01', to: '2014-12-31' }));
      exceptions.set(home, await importing.exceptions(`sgsc:${home}`));
    }
  }, 300_000);
  afterAll(() => importing.stop());

  it('is stored to the last interval', () => {
    const rows = homes.reduce((sum, home) => sum + (facts[home]?.rows ?? 0), 0);
    expect(brought).toMatchObject({
      state: 'done',
      errors: [],
      counts: { read: rows, sent: rows, unchanged: 0, aside: 0 },
    });
  });

  it('keeps what was measured as it was, to the Wh, beside what is estimated', () => {
    for (const home of homes) {
      const of = usage.get(home)?.total.byQuality.filter(({ quality }) => !estimatedQualities.has(quality)) ?? [];
      expect(of.reduce((sum, { count }) => sum + count, 0)).toBe(facts[home]?.rows);
      expect(of.reduce((sum, { value }) => sum + value, 0)).toBe(Math.round((facts[home]?.sum ?? 0) * 1000));
    }
  });

  it('has an exception over each gap, from its first to its last interval', () => {
    for (const home of homes) {
      const gaps = (exceptions.get(home) ?? [])
        .filter(({ rule }) => rule === 'missing-intervals')
        .map(({ start, end }) => [Date.parse(start) / 1000, Date.parse(end) / 1000] as const)
        .sort(([left], [right]) => left - right);
      // One of several days is an exception of each.
      const joined: [number, number][] = [];
      for (const [from, to] of gaps) {
        const last = joined.at(-1);
        if (last?.[1] === from) last[1] = to;
        else joined.push([from, to]);
      }
      const holes = holesOf(truth.get(home) ?? new Map());
      expect(joined).toEqual(holes);
      expect(holes).toHaveLength(facts[home]?.gaps ?? -1);
      const missing = holes.reduce((sum, [from, to]) => sum + (to - from) / step, 0);
      expect(missing).toBe(facts[home]?.missingIntervals);
    }
  });

  it('fills a gap with estimates of their own quality where its day has at least half of its values, and leaves others open', async () => {
    const counted = { filled: 0, open: 0 };
    for (const home of homes) {
      const gaps = (exceptions.get(home) ?? []).filter(({ rule }) => rule === 'missing-intervals');
      const missingOn = new Map<string, number>();
      for (const { start, end } of gaps) {
        const date = localDateAt('+10:00', Date.parse(start) / 1000);
        const missing = (Date.parse(end) - Date.parse(start)) / 1000 / step;
        missingOn.set(date, (missingOn.get(date) ?? 0) + missing);
      }
      for (const { start, end, state, evidence } of gaps) {
        const missing = (Date.parse(end) - Date.parse(start)) / 1000 / step;
        expect(evidence.missing).toBe(missing);
        const ofDay = missingOn.get(localDateAt('+10:00', Date.parse(start) / 1000)) ?? 0;
        expect(state, `${home} ${start}`).toBe(ofDay <= 24 ? 'filled' : 'open');
        const { data } = await importing.usage(`sgsc:${home}`, { from: start, to: end, resolution: 'interval' });
        expect(data).toHaveLength(missing);
        for (const { value, quality } of data) {
          expect(value === null).toBe(state === 'open');
          expect(estimatedQualities.has(quality ?? -1)).toBe(state === 'filled');
        }
        if (state === 'filled') counted.filled += missing;
        else counted.open += missing;
      }
      const { missing = -1, byQuality = [] } = usage.get(home)?.total ?? {};
      const estimated = byQuality.filter(({ quality }) => estimatedQualities.has(quality));
      expect(missing + estimated.reduce((sum, { count }) => sum + count, 0)).toBe(facts[home]?.missingIntervals);
    }
    console.log(`half-hours that were missing: ${JSON.stringify(counted)}`);
    expect(Math.min(counted.filled, counted.open)).toBeGreaterThan(0);
  });

  it('changes nothing where it is imported once more', async () => {
    const before = await importing.system.digests();
    expect((await importing.bring(file())).id).toBe(brought.id);
    expect(await importing.system.digests()).toEqual(before);
  });
});
