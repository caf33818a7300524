import { describe, expect, it } from 'vitest';
import type { DegreeDay } from '#functions/insight/rules/degree-observations.ts';
import { fitTemperatures, loadsOf, usualLoads } from '#functions/insight/rules/temperature-model.ts';
import { usualYear } from '#functions/insight/rules/usual-year.ts';
import { isShared, secondsOf, sharedRows, sharedText } from '#scripts/bench/anomalies/shared-series.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';

const set = 'opendsm-simulated-us';
const present = isShared(set);
if (!present) console.log(`skipped: the data set ${set} is not beside this checkout`);

const zone = 'America/Chicago';

/** Values of each local day. */
const byDay = (file: string): Map<string, number[]> => {
  const days = new Map<string, number[]>();
  for (const [at = '', text = ''] of sharedRows(`${set}/${file}`)) {
    const value = text === '' || text === 'nan' ? Number.NaN : Number(text);
    if (Number.isNaN(value)) continue;
    const date = localDateAt(zone, secondsOf(at));
    const known = days.get(date);
    if (known === undefined) days.set(date, [value]);
    else known.push(value);
  }
  return days;
};

/** °C of each local day that the file has whole. */
const temperaturesOf = (): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...byDay('il-tempF.csv.gz')].flatMap(([date, values]) =>
      values.length < 23 ? [] : [[date, values.map((one) => (one - 32) / 1.8)]],
    ),
  );

type Period = readonly ['baseline' | 'reporting', from: string, to: string];

/** All days before the upgrade, and all after it. */
const periods: readonly Period[] = [
  ['baseline', '2015-11-22', '2016-12-26'],
  ['reporting', '2017-01-04', '2018-02-08'],
];

const daysOf = (
  meter: string,
  [, from, to]: Period,
  temperatures: ReadonlyMap<string, readonly number[]>,
): readonly DegreeDay[] =>
  [...byDay(`${meter}.csv.gz`)].flatMap(([date, values]) => {
    const celsius = temperatures.get(date);
    const hourly = meter.endsWith('hourly');
    if (date < from || date >= to || celsius === undefined) return [];
    if (hourly && values.length !== celsius.length) return [];
    const use = values.reduce((sum, value) => sum + value, 0);
    const day = { use, celsius, before: temperatures.get(addDays(date, -1)) ?? [] };
    return [hourly ? { ...day, hours: values } : day];
  });

const truthOf = (meter: string): Readonly<Record<string, number>> =>
  JSON.parse(sharedText(`${set}/metadata.json`))[meter];

type Part = 'base' | 'heating' | 'cooling';
const parts: readonly Part[] = ['base', 'heating', 'cooling'];

/** How far the loads of a usual year are off from those that the home was made of, as shares. */
const judge = (meter: string, period: Period) => {
  const temperatures = temperaturesOf();
  const days = daysOf(meter, period, temperatures);
  const model = fitTemperatures(days);
  const year = usualYear(temperatures);
  if (model === undefined || year === undefined) throw new Error(`${meter} has no model`);
  const loads = usualLoads(model, year);
  const truth = truthOf(meter);
  const own = loadsOf(model, days);
  return {
    model,
    count: days.length,
    adds: (own.base + own.heating + own.cooling) / days.reduce((sum, { use }) => sum + use, 0),
    loads,
    off: (part: Part): number => {
      const made = truth[`annual_${period[0]}_${part}_load`] ?? 0;
      return made === 0 ? loads[part] : loads[part] / made - 1;
    },
  };
};

const print = (meter: string, period: Period, off: (part: Part) => number): void =>
  console.log(`${meter}, ${period[0]}: ${parts.map((part) => `${part} ${(100 * off(part)).toFixed(1)} %`).join(', ')}`);

describe.skipIf(!present)('loads of a simulated home by its temperatures', () => {
  for (const meter of ['il-electricity-cdd-hdd-hourly', 'il-gas-hdd-only-hourly'])
    for (const period of periods)
      it(`are within 5 % of those it was made of, each of them: ${meter}, ${period[0]}`, () => {
        const { model, count, adds, off } = judge(meter, period);
        print(meter, period, off);
        expect(count).toBeGreaterThan(395);
        expect(model.delay).toBe(3);
        expect(adds).toBeCloseTo(1, 2);
        for (const part of parts) expect(Math.abs(off(part)), part).toBeLessThan(0.05);
      });

  /** Whole days do not tell two balance points and the base between them apart: docs/insight.md has the bound. */
  for (const meter of ['il-electricity-cdd-hdd-daily', 'il-gas-hdd-only-daily'])
    for (const period of periods)
      it(`are within 5 % together, and in what whole days can tell: ${meter}, ${period[0]}`, () => {
        const { adds, loads, off } = judge(meter, period);
        print(meter, period, off);
        expect(adds).toBeCloseTo(1, 2);
        const total = truthOf(meter)[`annual_${period[0]}_total_load`] ?? 0;
        expect(Math.abs((loads.base + loads.heating + loads.cooling) / total - 1)).toBeLessThan(0.05);
        expect(Math.abs(off('cooling'))).toBeLessThan(0.05);
        if (meter.includes('gas')) expect(Math.abs(off('base'))).toBeLessThan(0.05);
      });
});
