import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AnomalyDetector,
  type DetectorSettings,
  judgeDay,
  type SeriesReading,
} from '#functions/insight/rules/detect/detect.ts';
import { packState, unpackState } from '#functions/insight/rules/detect/pack-state.ts';
import { Draws } from '#scripts/bench/anomalies/draws.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';

const start = Date.UTC(2026, 0, 5) / 1000;
const half: DetectorSettings = { step: 1800, zone: '+00:00' };

/** A home: an evening peak, and noise of one seed. Whole Wh, one reading each half hour. */
const home = (days: number, seed = 7, zone = '+00:00'): SeriesReading[] => {
  const draws = new Draws(seed);
  return Array.from({ length: days * 48 }, (_, row) => {
    const at = start + row * 1800;
    const hour = ((at + offsetAt(zone, at)) % 86_400) / 3600;
    const usual = 150 + 600 * Math.exp(-((hour - 19) ** 2) / 6);
    return { at, value: Math.round(usual * Math.exp(0.2 * draws.normal())) };
  });
};
const judge = (rows: readonly SeriesReading[], settings = half) => {
  const detector = new AnomalyDetector(settings);
  return rows.map((row) => detector.judge(row));
};
const changed = (rows: readonly SeriesReading[], from: number, count: number, change: (value: number) => number) =>
  rows.map(({ at, value }, row) => ({ at, value: row >= from && row < from + count ? change(value) : value }));
const reasonsFrom = (rows: readonly SeriesReading[], from: number, settings = half) =>
  judge(rows, settings)
    .slice(from)
    .filter(({ alarm }) => alarm)
    .map(({ reason }) => reason);

describe('what is unusual in a home', () => {
  const at = 40 * 48 + 20;

  it('is a reading far above all others, once', () => {
    expect(
      reasonsFrom(
        changed(home(45), at, 1, () => 9_000),
        at,
      ),
    ).toEqual(['high']);
  });

  it('is a register that stands still, and one that is dead', () => {
    expect(
      reasonsFrom(
        changed(home(45), at, 72, () => 173),
        at,
      ),
    ).toEqual(['flat']);
    expect(
      reasonsFrom(
        changed(home(45), at, 96, () => 0),
        at,
      ),
    ).toHaveLength(1);
  });

  it('is a load that stays on, although no reading of it is high', () => {
    const found = judge(changed(home(45), at, 96, (value) => value + 400));
    expect(found.slice(at, at + 96).some(({ alarm }) => alarm)).toBe(true);
    expect(Math.max(...found.slice(at, at + 96).map(({ value }) => value))).toBeLessThan(2_500);
  });

  it('is nothing in the first two days, nor in an untouched home after its first week', () => {
    expect(
      judge(changed(home(3), 30, 1, () => 50_000))
        .slice(0, 96)
        .every(({ score }) => score === 0),
    ).toBe(true);
    expect(reasonsFrom(home(45), 7 * 48)).toEqual([]);
  });

  it('is one episode while it goes on, and a second one after three quiet days', () => {
    const twice = changed(
      changed(home(60), at, 1, () => 9_000),
      at + 48,
      1,
      () => 9_500,
    );
    expect(reasonsFrom(twice, at)).toHaveLength(1);
    expect(
      reasonsFrom(
        changed(twice, at + 48 * 6, 1, () => 20_000),
        at,
      ),
    ).toHaveLength(2);
  });

  it('is not worth telling below the energies that matter, where the unit is known', () => {
    const small = changed(home(45), at, 1, () => 9_000).map(({ at: when, value }) => ({
      at: when,
      value: value / 100,
    }));
    expect(reasonsFrom(small, at)).toEqual(['high']);
    expect(reasonsFrom(small, at, { ...half, wattHours: 1 })).not.toContain('high');
  });
});

describe('the detector', () => {
  it('sees nothing of what comes after', () => {
    const rows = home(20);
    const whole = judge(rows);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: rows.length - 1 }), fc.integer({ min: 0, max: 99_999 }), (cut, later) => {
        const other = judge([...rows.slice(0, cut), { at: rows[cut]?.at ?? 0, value: later }]);
        expect(other.slice(0, cut)).toEqual(whole.slice(0, cut));
      }),
      { numRuns: 15 },
    );
  });

  it('judges a series in another unit alike (powers of two, which round nothing)', () => {
    const rows = changed(home(30), 1000, 3, () => 7_000);
    const plain = judge(rows);
    fc.assert(
      fc.property(fc.constantFrom(1 / 1024, 0.25, 8, 1024), (factor) => {
        const scaled = judge(rows.map(({ at, value }) => ({ at, value: value * factor })));
        for (const [row, { score, alarm }] of scaled.entries()) {
          expect(score).toBeCloseTo(plain[row]?.score ?? 0, 2);
          expect(alarm).toBe(plain[row]?.alarm);
        }
      }),
      { numRuns: 4 },
    );
  });

  it('goes on from its state, packed or not, as if it had never stopped', () => {
    const rows = changed(home(30), 1000, 3, () => 7_000);
    const whole = judge(rows);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: rows.length - 1 }), (cut) => {
        const first = new AnomalyDetector(half);
        for (const row of rows.slice(0, cut)) first.judge(row);
        const state = unpackState(packState(first.state()));
        expect(packState(state)).toEqual(packState(first.state()));
        const second = new AnomalyDetector(half, state);
        expect(rows.slice(cut).map((row) => second.judge(row))).toEqual(whole.slice(cut));
      }),
      { numRuns: 10 },
    );
  });

  it('takes a closed day at a time, and keeps little for a half-hourly register however long it runs', () => {
    const rows = home(450);
    const whole = judge(rows);
    let state: Parameters<typeof judgeDay>[1];
    const judged = [];
    for (let day = 0; day < 450; day += 1) {
      const closed = judgeDay(half, state, rows.slice(day * 48, day * 48 + 48));
      state = unpackState(packState(closed.state));
      judged.push(...closed.judged);
      expect(packState(closed.state).length).toBeLessThan(12_288);
    }
    expect(judged).toEqual(whole);
  }, 60_000);

  it('refuses what is no later reading', () => {
    const detector = new AnomalyDetector(half);
    detector.judge({ at: start, value: 1 });
    expect(() => detector.judge({ at: start, value: 1 })).toThrow(RangeError);
    expect(() => detector.judge({ at: start + 1800, value: Number.NaN })).toThrow(RangeError);
    expect(() => unpackState(Uint8Array.of(9, 0))).toThrow('unknown form');
  });

  it('is silent about a constant, and finite whatever comes, holes and odd steps included', () => {
    const constant = Array.from({ length: 4_000 }, (_, row) => ({ at: start + row * 1800, value: 45 }));
    expect(judge(constant).filter(({ score }) => score > 0)).toEqual([]);
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom(1, 60, 300, 1800, 3600, 200_000),
            fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(0)),
          ),
          { minLength: 1, maxLength: 300 },
        ),
        (steps) => {
          let at = start;
          const rows = steps.map(([step, value]) => {
            at += step;
            return { at, value };
          });
          for (const { score } of judge(rows)) expect(score >= 0 && Number.isFinite(score)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('cuts days in the zone, so that a change of clocks is nothing unusual', () => {
    const rows = home(120, 7, 'Europe/London');
    const change = Date.UTC(2026, 2, 29, 1) / 1000;
    const after = judge(rows, { ...half, zone: 'Europe/London' }).filter(
      ({ at }) => at >= change && at < change + 7 * 86_400,
    );
    expect(after).toHaveLength(336);
    expect(after.filter(({ alarm }) => alarm)).toEqual([]);
  });
});
