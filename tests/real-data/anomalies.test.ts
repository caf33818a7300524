import { describe, expect, it } from 'vitest';
import { alarmScore } from '#functions/insight/rules/detect/detect.ts';
import { Draws } from '#scripts/bench/anomalies/draws.ts';
import { episodesAt, faultsFound, homeSettings, judgeSeries, nabTable } from '#scripts/bench/anomalies/judge-series.ts';
import { nabNorm, nabScore, probation } from '#scripts/bench/anomalies/nab-score.ts';
import { quietSeries } from '#scripts/bench/anomalies/quiet.ts';
import { isShared, nabSeries, peerScores, sharedHomes } from '#scripts/bench/anomalies/shared-series.ts';

const present = isShared('anomaly-nab') && isShared('sgsc-au-halfhourly');
if (!present) console.log('skipped: the data sets anomaly-nab and sgsc-au-halfhourly are not beside this checkout');

const monthSeconds = (365.25 / 12) * 86_400;

describe('the scorer of NAB', () => {
  it('gives nothing for silence, a hundred for all at once, and leaves the beginning out', () => {
    expect(nabNorm(nabScore(4000, [[2000, 2100]], []), 1)).toBe(0);
    expect(nabNorm(nabScore(4000, [[2000, 2100]], [2000]), 1)).toBe(100);
    expect(probation(4000)).toBe(600);
    expect(nabScore(4000, [], [599])).toBe(0);
    expect(nabScore(4000, [], [600, 3999])).toBeCloseTo(-0.22, 10);
  });

  it('counts one alarm of a window, the first, and forgives one just after it', () => {
    const windows = [[2000, 2100]] as const;
    expect(nabScore(4000, windows, [2050, 2060, 2099])).toBe(nabScore(4000, windows, [2050]));
    const late = nabScore(4000, windows, [2000, 2101]);
    expect(late).toBeGreaterThan(0.99);
    expect(nabScore(4000, windows, [2000, 2500])).toBeCloseTo(0.89, 10);
  });

  it.skipIf(!present)('reproduces a score that NAB published', () => {
    const jump = nabSeries().find(({ file }) => file === 'art_daily_jumpsup.csv');
    const published = peerScores().find(
      ({ detector, file }) => detector === 'numenta' && file === 'art_daily_jumpsup.csv',
    );
    const begins = jump?.rows.findIndex(({ at }) => at === Date.UTC(2014, 3, 11, 9) / 1000) ?? -1;
    expect(nabScore(jump?.rows.length ?? 0, jump?.windows ?? [], [begins])).toBeCloseTo(published?.score ?? 0, 4);
  });
});

describe.skipIf(!present)('anomalies on series that others scored too', () => {
  it('does better than each peer at the one fixed threshold, and is silent where there is no anomaly', {
    timeout: 60_000,
  }, () => {
    const { files, columns } = nabTable(alarmScore);
    const [ours, best, ...peers] = columns;
    expect(ours?.norm).toBeGreaterThanOrEqual(85);
    expect(best?.norm).toBeGreaterThanOrEqual(90);
    expect(peers).toHaveLength(7);
    for (const peer of peers) expect(ours?.norm).toBeGreaterThan(peer.norm);
    for (const file of ['art_flatline.csv', 'art_daily_small_noise.csv'])
      expect(ours?.scores[files.indexOf(file)]).toBe(0);
  });
});

describe.skipIf(!present)('anomalies in homes', () => {
  it('raises fewer than one episode of a home in a month, and finds meters that stick, die or jump', {
    timeout: 240_000,
  }, () => {
    let [episodes, months] = [0, 0];
    const counts = new Map<string, { found: number; injected: number }>();
    for (const [customer, rows] of sharedHomes()) {
      const judged = judgeSeries(rows, homeSettings);
      episodes += episodesAt(judged, alarmScore).length;
      months += ((rows.at(-1)?.at ?? 0) - (rows[0]?.at ?? 0)) / monthSeconds;
      for (const { kind, found, injected } of faultsFound(rows, judged, new Draws(Number(customer)), 10, alarmScore)) {
        const count = counts.get(kind) ?? { found: 0, injected: 0 };
        counts.set(kind, { found: count.found + found, injected: count.injected + injected });
      }
    }
    const shareOf = (kind: string) => (counts.get(kind)?.found ?? 0) / (counts.get(kind)?.injected ?? 0);
    expect(episodes / months).toBeLessThanOrEqual(0.8);
    expect(shareOf('spike')).toBeGreaterThanOrEqual(0.98);
    expect(shareOf('stuck')).toBeGreaterThanOrEqual(0.98);
    expect(shareOf('dead')).toBeGreaterThanOrEqual(0.93);
    expect(shareOf('doubled week')).toBeGreaterThanOrEqual(0.7);
    expect(shareOf('tripled day')).toBeGreaterThanOrEqual(0.6);
    expect(shareOf('extra base load')).toBeGreaterThanOrEqual(0.6);
  });
});

describe('series in which nothing happens', () => {
  it('raise at most one alarm in 10,000 readings, whatever their shape', { timeout: 120_000 }, () => {
    let [alarms, rows] = [0, 0];
    for (const series of quietSeries()) {
      rows += series.rows.length;
      alarms += judgeSeries(series.rows, { step: series.step, zone: '+00:00' }).filter(({ alarm }) => alarm).length;
    }
    expect(rows).toBe(200_000);
    expect(alarms).toBeLessThanOrEqual(20);
  });
});
