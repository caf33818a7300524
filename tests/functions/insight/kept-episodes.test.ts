import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LookAtRegister } from '#functions/insight/look-at-register.ts';
import type { Episode } from '#functions/insight/rules/detect/episodes.ts';
import { detectorRules, eraOf, judgeEra } from '#functions/insight/rules/eras.ts';
import { ShowInsights } from '#functions/insight/show-insights.ts';
import {
  basisOf,
  type EpisodeGround,
  keptEpisodesItem,
  mostEpisodesKept,
  readKeptEpisodes,
} from '#functions/insight/store/kept-episodes.ts';
import { readingsItem } from '#functions/readings/store/readings.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { keptEpisodesKey } from '#shared/table/keys.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived, meterId } from '#tests/support/meters/telemetry.ts';
import { agreed, type Home, installed, openHome } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const first = '2026-01-05';
const days = 112;

/** 100 Wh each half-hour and more in the evening; a fault on some days, one of them four weeks before another. */
const valueAt = (day: number, index: number): number => {
  if ([82, 90, 108].includes(day) && index === 40) return 9_000 + day;
  return (index >= 34 && index < 38 ? 500 : 100) + ((day * 7 + index) % 5);
};
const valuesOf = (day: number): number[] =>
  Array.from({ length: expectedIntervals(zone, addDays(first, day), 1800) }, (_, index) => valueAt(day, index));
const dayOf = (day: number, values = valuesOf(day), revision = 0) =>
  arrived(aBlock('m1', startOfDate(zone, addDays(first, day)), values, { revision }), { headEnd: true });

describe('what was unusual is kept as a day was judged', () => {
  let home: Home;
  const place = () => ({ servicePoint: home.idOf('svp'), register: 'E1' });
  const supplied = async () => {
    const found = await new SupplyReader(home.profile).of(home.idOf('svp'));
    if (found === undefined) throw new Error('no such point');
    return found;
  };
  const look = async () => new LookAtRegister(home).at(await supplied(), 'E1');
  const answer = async () => new ShowInsights(home).answer(await supplied(), undefined);
  const forget = () => home.readings.commit([{ in: 'readings', remove: keptEpisodesKey(home.idOf('svp'), 'E1') }]);

  beforeAll(async () => {
    home = await openHome({ insights: true });
    await home.meter('m1');
    await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
    home.clock.set(startOfDate(zone, addDays(first, days)) * 1000 + 7_200_000);
    await home.ingest.take(Array.from({ length: days }, (_, day) => dayOf(day)));
    await home.settleAll();
  }, 60_000);
  afterEach(() => home.settleAll());

  it('and answers, byte for byte, what judging all of it anew comes to', async () => {
    expect((await look())?.judgedAnew).toBe(false);
    const asKept = await answer();
    expect(asKept.data[0]?.insights.find(({ kind }) => kind === 'unusual-use')).toMatchObject({
      value: { episodes: [expect.stringMatching(/^2026-04-05 20:00: a sudden rise/)] },
    });
    const kept = await readKeptEpisodes(home.readings, place());
    await forget();
    expect((await look())?.judgedAnew).toBe(true);
    expect(JSON.stringify(await answer())).toBe(JSON.stringify(asKept));
    const item = keptEpisodesItem(place(), kept ?? { basis: '', episodes: [] });
    await home.readings.batchPut(item === undefined ? [] : [item]);
    expect((await look())?.judgedAnew).toBe(false);
  });

  it('and not looked at where readings came late, until the day they came to is judged', async () => {
    const before = await readKeptEpisodes(home.readings, place());
    const late = valuesOf(100).with(40, 12_000);
    await home.ingest.take([dayOf(100, late, 1)]);
    const anew = await look();
    expect(anew?.judgedAnew).toBe(true);
    expect(anew?.episodes.length).toBeGreaterThan(before?.episodes.length ?? 0);
    await home.settleAll();
    expect(await look()).toMatchObject({ judgedAnew: false, episodes: anew?.episodes });
  });

  it('and not looked at where a value was corrected, also one far back that only makes the others expected', async () => {
    const [kept, from] = [await look(), startOfDate(zone, addDays(first, 30))];
    const block = { date: addDays(first, 30).replaceAll('-', ''), startMinute: 0, completeDay: true };
    const run = { start: from, interval: 1800, values: valuesOf(30).with(3, 700) };
    await home.readings.batchPut([readingsItem(meterId('m1'), 'E1', block, 0, run, 'correction')]);
    const anew = await look();
    expect(anew?.judgedAnew).toBe(true);
    expect(anew?.judged.basis).not.toBe(kept?.judged.basis);
  });

  it('and believed where it rests on the same readings and rules, and nowhere else', async () => {
    const looked = await look();
    const episodes: Episode[] = [
      {
        from: (looked?.end ?? 0) - 7200,
        to: (looked?.end ?? 0) - 3600,
        reason: 'high',
        score: 9,
        readings: 2,
        excess: 5,
      },
    ];
    const put = async (basis: string) => {
      const item = keptEpisodesItem(place(), { basis, episodes });
      await home.readings.batchPut(item === undefined ? [] : [item]);
    };
    await put(looked?.judged.basis ?? '');
    expect((await look())?.episodes).toEqual(episodes);
    await put('another basis');
    expect((await look())?.episodes).toEqual(looked?.episodes);
  });
});

const ground = (more: Partial<EpisodeGround> = {}): EpisodeGround => ({
  settings: { step: 1800, zone, wattHours: 1 },
  date: '2026-03-01',
  days: 28,
  readings: [
    { at: 0, value: 1 },
    { at: 1800, value: 2 },
  ],
  ...more,
});

describe('the basis of what was judged', () => {
  it('is another wherever a date, a setting or a reading is', () => {
    const others = [
      ground({ date: '2026-03-02' }),
      ground({ days: 14 }),
      ground({ settings: { step: 900, zone, wattHours: 1 } }),
      ground({ settings: { step: 1800, zone: 'Europe/Paris', wattHours: 1 } }),
      ground({ settings: { step: 1800, zone, litres: 1 } }),
      ground({ readings: [{ at: 0, value: 1 }] }),
      ground({
        readings: [
          { at: 0, value: 1 },
          { at: 3600, value: 2 },
        ],
      }),
    ];
    expect(new Set([ground(), ...others].map(basisOf)).size).toBe(others.length + 1);
  });

  it('is one for the same readings, and another once any value is', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });
    const readingsOf = (all: readonly number[]) => all.map((value, place) => ({ at: place * 1800, value }));
    fc.assert(
      fc.property(values, fc.nat(), fc.double({ min: 1, max: 10, noNaN: true }), (all, place, more) => {
        const basis = basisOf(ground({ readings: readingsOf(all) }));
        expect(basisOf(ground({ readings: readingsOf([...all]) }))).toBe(basis);
        const changed = all.with(place % all.length, (all[place % all.length] ?? 0) + more);
        expect(basisOf(ground({ readings: readingsOf(changed) }))).not.toBe(basis);
      }),
    );
  });
});

it('as many episodes as are kept fit 4 kB, and more are not kept', () => {
  const one = (place: number): Episode => ({
    from: 1_770_000_000 + place * 86_400,
    to: 1_770_080_000 + place * 86_400,
    reason: 'shiftDown24h',
    score: 5.5 + place / 7,
    readings: 48,
    excess: -12_345.678901234 / (place + 3),
  });
  const kept = (count: number) =>
    keptEpisodesItem(
      { servicePoint: `svp_${'0'.repeat(26)}`, register: 'E1' },
      { basis: basisOf(ground()), episodes: Array.from({ length: count }, (_, place) => one(place)) },
    );
  const most = kept(mostEpisodesKept);
  expect(most === undefined ? Number.POSITIVE_INFINITY : itemBytes(most)).toBeLessThanOrEqual(4096);
  expect(kept(mostEpisodesKept + 1)).toBeUndefined();
});

it('what the detector says of the same readings changes only with its rules: raise detectorRules where it does', () => {
  const date = addDays(first, days);
  const readings = Array.from({ length: days }, (_, day) => day).flatMap((day) =>
    valuesOf(day).map((value, index) => ({ at: startOfDate(zone, addDays(first, day)) + index * 1800, value })),
  );
  const judged = [eraOf(date) - 1, eraOf(date)].flatMap((era) =>
    judgeEra({ step: 1800, zone, wattHours: 1 }, readings, era),
  );
  const said = judged.map(({ at, score, reason, alarm }) => [at, score.toFixed(6), reason, alarm]);
  expect(said.length).toBeGreaterThan(2);
  expect([detectorRules, createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16)]).toEqual([
    1,
    '0f1bf554ee64174d',
  ]);
});
