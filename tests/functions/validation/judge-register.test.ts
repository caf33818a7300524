import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRuns } from '#functions/readings/store/readings.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { readJudgedMonths } from '#functions/validation/store/judged-months.ts';
import { readExceptions } from '#functions/validation/store/reading-exceptions.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived, itemsOf, meterId } from '#tests/support/meters/telemetry.ts';
import { type Home, openMeteredHome } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const place = { meter: meterId('m1'), register: 'E1' };

/** A day as a meter sends it; null for what it has not. */
const dayOf = (date: string, valueAt: (index: number) => number | null, revision = 0) => {
  const count = expectedIntervals(zone, date, 1800);
  const values = Array.from({ length: count }, (_, index) => valueAt(index));
  return arrived(aBlock('m1', startOfDate(zone, date), values, { revision }));
};
const usual = (index: number): number => 100 + ((index * 37) % 90);
const without =
  (...missing: readonly number[]) =>
  (index: number): number | null =>
    missing.includes(index) ? null : usual(index);

const digestsOf = async (home: Home, first: string, last: string) =>
  (await readJudgedMonths(home.readings, place, { first, last }))
    .flatMap(({ digests }) => digests)
    .filter(({ date }) => first <= date && date <= last);
const exceptionsOf = async (home: Home) =>
  (await readExceptions(home.readings, place, 0, 9_999_999_999)).map(({ exception, state }) => [
    exception.ruleId,
    state,
  ]);
const estimatesOf = async (home: Home) =>
  (await itemsOf(home.store, 'readings')).filter(({ pk, sk }) => pk.startsWith('M#') && sk.includes('e'));

const send = async (home: Home, ...records: readonly ReturnType<typeof arrived>[]): Promise<void> => {
  const outcomes = await home.ingest.take(records);
  for (const { kind } of outcomes) if (kind !== 'stored') throw new Error(`a record was ${kind}`);
  await home.settleAll();
};

describe('a day that closes', () => {
  it('is judged once it is whole, and its hole is filled from its neighbours', async () => {
    const home = await openMeteredHome();
    await send(home, dayOf('2026-05-04', without(10, 11)));
    const [start] = [startOfDate(zone, '2026-05-04')];
    const [run] = await readRuns(home.readings, place.meter, place.register, start, start + 86_400);
    const [before, after] = [usual(9), usual(12)];
    const line = [1, 2].map((step) => Math.round(before + ((after - before) * step) / 3));
    expect(run?.values.slice(9, 13)).toEqual([before, ...line, after]);
    expect(run?.quality).toEqual([
      [10, 9],
      [12, 0],
    ]);
    expect(await exceptionsOf(home)).toEqual([['missing-intervals', 'filled']]);
    expect(await digestsOf(home, '2026-05-04', '2026-05-04')).toMatchObject([{ missing: 0, estimated: 2, count: 48 }]);
  });

  it('waits while it is under way, and is judged when the next one comes', async () => {
    const home = await openMeteredHome();
    const start = startOfDate(zone, '2026-05-04');
    await send(home, arrived(aBlock('m1', start, [5])), arrived(aBlock('m1', start + 3600, [7])));
    expect(await digestsOf(home, '2026-05-01', '2026-05-09')).toEqual([]);
    await send(home, arrived(aBlock('m1', start + 86_400, [5])));
    expect(await digestsOf(home, '2026-05-01', '2026-05-09')).toMatchObject([{ date: '2026-05-04', missing: 46 }]);
  });

  it('is judged when live intervals have made it whole', async () => {
    const home = await openMeteredHome();
    const start = startOfDate(zone, '2026-05-04');
    for (let index = 0; index < 48; index += 1) {
      expect(await digestsOf(home, '2026-05-01', '2026-05-09')).toEqual([]);
      await send(home, arrived(aBlock('m1', start + index * 1800, [usual(index)])));
    }
    expect(await digestsOf(home, '2026-05-01', '2026-05-09')).toMatchObject([{ missing: 0, count: 48 }]);
  });

  it('has those before it judged of which nothing came', async () => {
    const home = await openMeteredHome();
    await send(home, dayOf('2026-04-29', usual), dayOf('2026-05-03', usual));
    const digests = await digestsOf(home, '2026-04-01', '2026-05-31');
    expect(digests.map(({ date, missing }) => [date, missing])).toEqual([
      ['2026-04-29', 0],
      ['2026-04-30', 48],
      ['2026-05-01', 48],
      ['2026-05-02', 48],
      ['2026-05-03', 0],
    ]);
    expect(await estimatesOf(home)).toEqual([]);
  });

  it('of which nothing is new costs no write', async () => {
    const home = await openMeteredHome();
    await send(home, dayOf('2026-05-04', without(10, 11)));
    const before = await itemsOf(home.store, 'readings');
    await send(home, dayOf('2026-05-04', without(10, 11)));
    expect(await itemsOf(home.store, 'readings')).toEqual(before);
  });
});

describe('what comes late', () => {
  it('takes the place of its estimate and ends the exception', async () => {
    const home = await openMeteredHome();
    await send(home, dayOf('2026-05-04', without(10, 11)), dayOf('2026-05-05', usual));
    await send(home, dayOf('2026-05-04', usual, 1));
    const start = startOfDate(zone, '2026-05-04');
    const [run] = await readRuns(home.readings, place.meter, place.register, start, start + 86_400);
    expect([run?.values[10], run?.quality]).toEqual([usual(10), undefined]);
    expect(await exceptionsOf(home)).toEqual([['missing-intervals', 'resolved']]);
    expect(await digestsOf(home, '2026-05-04', '2026-05-04')).toMatchObject([{ estimated: 0, count: 48 }]);
    expect(await estimatesOf(home)).toHaveLength(1);
  });

  it('as reads of the dial around days shares out what the intervals leave of it', async () => {
    const home = await openMeteredHome();
    await send(home, dayOf('2026-05-04', without(10, 11)), dayOf('2026-05-05', usual));
    const sum = (skipped: readonly number[]) =>
      Array.from({ length: 48 }, (_, index) => (skipped.includes(index) ? 0 : usual(index))).reduce((a, b) => a + b, 0);
    const total = sum([10, 11]) + 501;
    const read = (date: string, value: number) => {
      const at = startOfDate(zone, date);
      const data = Buffer.from(
        JSON.stringify({ v: 1, kind: 'register-read', ...place, at, value, quality: 0, seq: 1, revision: 0 }),
      );
      return { sequenceNumber: `r${at}`, thing: place.meter, data, arrivedAt: at + 60 };
    };
    await send(home, read('2026-05-04', 70_000), read('2026-05-05', 70_000 + total));
    expect(await digestsOf(home, '2026-05-04', '2026-05-04')).toMatchObject([{ total, missing: 0 }]);
  });
});

describe('several that judge one register', () => {
  it('at the same time end as one would', async () => {
    const home = await openMeteredHome();
    const other = new JudgeRegister({
      profile: home.store.table('profile'),
      readings: home.readings,
      metrics: home.metrics,
    });
    await home.ingest.take([
      dayOf('2026-05-04', without(3)),
      dayOf('2026-05-05', without(7)),
      dayOf('2026-05-06', usual),
    ]);
    const at = ['2026-05-04', '2026-05-05', '2026-05-06'].map((date) => startOfDate(zone, date));
    await Promise.all([home.judge.news(place, at), other.news(place, at.slice(0, 1)), other.news(place, at.slice(1))]);
    expect(await exceptionsOf(home)).toEqual([
      ['missing-intervals', 'filled'],
      ['missing-intervals', 'filled'],
    ]);
    expect((await digestsOf(home, '2026-05-01', '2026-05-09')).map(({ count }) => count)).toEqual([48, 48, 48]);
  });
});

const sent = fc.record({
  day: fc.nat(6),
  revision: fc.nat(1),
  gap: fc.option(fc.integer({ min: 0, max: 47 })),
  scale: fc.integer({ min: 1, max: 4 }),
});

describe('readings', { timeout: 300_000 }, () => {
  it('come to the same digests and exceptions of measured values late, doubled and in any order', async () => {
    const settled = async (records: readonly ReturnType<typeof arrived>[], batch: number): Promise<unknown> => {
      const home = await openMeteredHome();
      for (let from = 0; from < records.length; from += batch) await send(home, ...records.slice(from, from + batch));
      const days = await digestsOf(home, '2026-03-01', '2026-04-30');
      // Which estimate stands may depend on when a day was judged: what was measured does not.
      const measured = days.map(({ date, expected, byQuality, missing, estimated }) => [
        date,
        expected,
        missing + estimated,
        byQuality.filter(([code]) => code !== 8 && code !== 9),
      ]);
      const standing = (await readExceptions(home.readings, place, 0, 9_999_999_999))
        .filter(({ exception: { ruleId }, state }) => {
          return state !== 'resolved' && ruleId !== 'high-low' && ruleId !== 'prolonged-estimation';
        })
        .map(({ exception }) => [exception.id, exception.to, exception.quality ?? null]);
      await send(home, ...records);
      expect(
        (await digestsOf(home, '2026-03-01', '2026-04-30')).map(({ date, expected, byQuality, missing, estimated }) => [
          date,
          expected,
          missing + estimated,
          byQuality.filter(([code]) => code !== 8 && code !== 9),
        ]),
      ).toEqual(measured);
      return { measured, standing };
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(sent, { minLength: 2, maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (made, order, batch) => {
          const named = new Map(made.map((one) => [`${one.day} ${one.revision}`, one]));
          const records = [...named.values()].map(({ day, revision, gap, scale }) =>
            dayOf(
              addDays('2026-03-27', day),
              (index) => (gap !== null && Math.abs(index - gap) < 3 ? null : scale * usual(index)),
              revision,
            ),
          );
          const shuffled = [...records, ...records.slice(0, 3)]
            .map((record, index) => ({ record, at: order[index] ?? 0 }))
            .sort((left, right) => left.at - right.at)
            .map(({ record }) => record);
          expect(await settled(shuffled, batch)).toEqual(await settled(records, records.length));
        },
      ),
      { numRuns: 25 },
    );
  });
});
