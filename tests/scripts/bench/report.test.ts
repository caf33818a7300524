import { describe, expect, it } from 'vitest';
import { type Figure, isMet, type Measurement, missedOf, takeAll } from '#scripts/bench/measurement.ts';
import { measurements } from '#scripts/bench/measurements.ts';
import { numberText, reportJson, reportText } from '#scripts/bench/report.ts';
import { named, runBench } from '#scripts/bench/run-bench.ts';
import { quantile } from '#scripts/bench/spread.ts';

const figure = (value: number, goal?: Figure['goal']): Figure => ({
  name: 'X1',
  what: 'a thing',
  value,
  unit: 'units',
  notCounted: 'the rest',
  ...(goal === undefined ? {} : { goal }),
});
const measuring = (name: string, measure: Measurement['measure']): Measurement => ({ name, title: name, measure });
const machine = { cores: 2, processor: 'p', memoryGigabytes: 8, node: 'v20.0.0', date: '2026-11-24' };

describe('a goal', () => {
  it.each([
    [10.5, { atMost: 10.5 }, true],
    [10.51, { atMost: 10.5 }, false],
    [85, { atLeast: 85 }, true],
    [84.9, { atLeast: 85 }, false],
    [Number.NaN, { atLeast: 1 }, false],
    [1, { exactly: 1 }, true],
    [0.999, { exactly: 1 }, false],
    [Number.NaN, { atMost: 1 }, false],
  ])('%d against %j: %s', (value, goal, met) => {
    expect(isMet(figure(value, goal))).toBe(met);
  });

  it('is not asked of a figure that is reported only', () => {
    expect(isMet(figure(1))).toBeUndefined();
  });
});

describe('a run', () => {
  it('goes on after a measurement that breaks down, and names what was missed', async () => {
    const outcomes = await takeAll(
      [
        measuring('good', async () => [figure(1, { atMost: 1 })]),
        measuring('broken', () => Promise.reject(new Error('no ground'))),
        measuring('absent', async () => ({ skipped: 'no data here' })),
        measuring('bad', async () => [figure(2, { atMost: 1 }), figure(9)]),
      ],
      () => {},
    );
    expect(missedOf(outcomes)).toEqual(['broken', 'X1: a thing']);
    const text = reportText(machine, outcomes);
    expect(text).toMatch(/X1 {2}a thing +2 {2}units +≤ 1 {2}MISSED/);
    expect(text).toMatch(/X1 {2}a thing +9 {2}units {2}reported/);
    expect(text).toContain('skipped: no data here');
    expect(text).toContain('FAILED: Error: no ground');
    expect(text).toContain('not counted: the rest');
    expect(text).toContain('missed: broken; X1: a thing');
    expect(JSON.parse(reportJson(machine, outcomes))).toMatchObject({
      machine,
      missed: ['broken', 'X1: a thing'],
      measurements: [
        { figures: [{ met: true }] },
        {},
        { skipped: 'no data here' },
        { figures: [{ met: false }, { met: null }] },
      ],
    });
  });

  it('takes measurements by name or by its beginning, in any case of letters', () => {
    const names = (words: readonly string[]) => named(measurements, words).chosen.map(({ name }) => name);
    expect(names(['G1'])).toEqual(['g1a', 'g1b']);
    expect(names(['g9', 'g2'])).toEqual(['g2', 'g9']);
    expect(names([])).toEqual(
      measurements.map(({ name }) => name).filter((name) => name !== 'import' && name !== 'search'),
    );
    expect(names(['import'])).toEqual(['import']);
    expect(named(measurements, ['g1', 'g7']).unknown).toEqual(['g7']);
  });

  const run = async (...args: string[]) => {
    const [out, notes]: [string[], string[]] = [[], []];
    const some = [
      measuring('good', async () => [figure(1, { atMost: 1 }), figure(9)]),
      measuring('bad', async () => [figure(2, { atMost: 1 })]),
      measuring('broken', () => Promise.reject(new Error('no ground'))),
    ];
    const code = await runBench(some, args, { out: (text) => out.push(text), note: (text) => notes.push(text) });
    return { code, out: out.join('\n'), notes: notes.join('\n') };
  };

  it.each([
    [['good'], 0],
    [['GOOD', 'bad'], 1],
    [['broken'], 1],
    [[], 1],
    [['nothing'], 2],
    [['--faster'], 2],
    [['--help'], 0],
  ])('called with %j ends with %d', async (args, code) => {
    expect((await run(...args)).code).toBe(code);
  });

  it('prints one JSON document where it is asked for, and says beside it what it is doing', async () => {
    const { out, notes } = await run('good', '--json');
    expect(JSON.parse(out)).toMatchObject({ missed: [], measurements: [{ name: 'good', figures: [{}, {}] }] });
    expect(notes).toBe('measuring good: good');
  });

  it('names the measurements there are where a name is none', async () => {
    expect((await run('g77')).notes).toBe('no measurement is named g77; there are good, bad, broken');
  });
});

describe('numbers', () => {
  it('say the quantile that a share of the samples does not pass', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(samples, 0.5), quantile(samples, 0.95), quantile([7], 0.95)]).toEqual([50, 95, 7]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it.each([
    [1234567.8, '1,234,568'],
    [20.8333, '20.83'],
    [1.42451, '1.425'],
    [0, '0'],
  ])('%d is written %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});
