import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeReadings } from '#functions/validation/follow-readings.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { leaveDays, readDaysLeft } from '#functions/validation/store/days-left.ts';
import { firstJudged, lastJudged, readJudgedMonths } from '#functions/validation/store/judged-months.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { readAll, readFacts } from '#shared/profile/store/subjects.ts';
import { judgedPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { addDays, daysBetween } from '#shared/vocabulary/time.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';
import { installed, openHome } from '#tests/support/supplied-home.ts';
import { dayOf, usual } from './judged-home.ts';

const first = '2023-05-01';
const days = 1096;
const last = addDays(first, days - 1);
/** Three years of half-hours, a hole of an hour in each tenth day. */
const history = Array.from({ length: days }, (_, index) => {
  const isHoled = index % 10 === 3;
  return dayOf(addDays(first, index), (slot) => (isHoled && (slot === 20 || slot === 21) ? null : usual(slot)));
});

class Killed extends Error {}

/** A home whose meter sent three years at once, which nobody has judged yet. */
const importedHome = async () => {
  const home = await openHome({ judged: false });
  await home.meter('m1');
  await home.tell([installed('m1', '2023-04-01T00:00:00.000Z')]);
  await home.settleAll();
  await home.news('readings');
  await home.ingest.take(history);
  const batch = await home.news('readings');
  const [change] = batch;
  const meter = change?.key.pk.split('#')[1] ?? '';
  const place = { meter, register: 'E1' };
  return { home, batch, place };
};

const judgeOn = (home: Awaited<ReturnType<typeof openHome>>, readings: Table) => {
  const metrics = new RecordedMetrics();
  return { metrics, judge: new JudgeRegister({ profile: home.profile, readings, metrics }) };
};

describe('a history of three years that comes at once', () => {
  it('is judged a bounded part at a time, in order, and whole though each part is killed on the way', async () => {
    const { home, batch, place } = await importedHome();
    let writes = 0;
    let killAt = Number.POSITIVE_INFINITY;
    const mortal: Table = {
      name: home.readings.name,
      get: (key, options) => home.readings.get(key, options),
      query: (query) => home.readings.query(query),
      scan: (scan) => home.readings.scan(scan),
      batchPut: (items) => home.readings.batchPut(items),
      close: () => home.readings.close(),
      commit: async (all) => {
        writes += 1;
        if (writes >= killAt) throw new Killed();
        await home.readings.commit(all);
      },
    };
    // The stream brings a batch again until somebody has worked it off.
    let pending = batch;
    const most: number[] = [];
    for (let kills = 0; pending.length > 0; kills += 1) {
      const { judge, metrics } = judgeOn(home, mortal);
      writes = 0;
      killAt = kills % 2 === 0 ? 7 + kills * 5 : Number.POSITIVE_INFINITY;
      const before = await lastJudged(home.readings, place);
      try {
        await judgeReadings(judge, pending);
        pending = (await home.news('readings')).filter(({ key }) => key.pk.startsWith('V#'));
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      const after = await lastJudged(home.readings, place);
      expect(before === undefined || (after !== undefined && before <= after)).toBe(true);
      most.push(metrics.of('readings.judged'));
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(1001);
    expect(most.length).toBeGreaterThan(3);
    expect((await readDaysLeft(home.readings, place)).dates).toEqual([]);
    expect([await firstJudged(home.readings, place), await lastJudged(home.readings, place)]).toEqual([first, last]);
    const digests = (await readJudgedMonths(home.readings, place, { first, last })).flatMap((month) => month.digests);
    expect(digests).toHaveLength(daysBetween(first, last) + 1);
    const calm = await importedHome();
    await calm.home.news('readings');
    await judgeOn(calm.home, calm.home.readings).judge.news(calm.place, [
      ...calm.batch.map(
        ({ key }) => Date.parse(`${key.sk.slice(2, 6)}-${key.sk.slice(6, 8)}-${key.sk.slice(8, 10)}T12:00Z`) / 1000,
      ),
    ]);
    const exceptionsOf = async (at: typeof calm) =>
      (
        await readAll(at.home.readings, { pk: judgedPartition(at.place.meter, 'E1'), prefix: 'X#', consistent: true })
      ).map(({ sk, state }) => [sk, state]);
    expect(await exceptionsOf({ home, batch, place })).toEqual(await exceptionsOf(calm));
  }, 240_000);
});

describe('a history of years that comes at once to the whole system', () => {
  it('is carried on by the changes it brings about: every month is closed once, and no task is left of what is long over', async () => {
    const home = await openHome();
    await home.meter('m1');
    await home.tell([installed('m1', '2023-04-01T00:00:00.000Z')]);
    await home.settleAll();
    // A month in which the house stood empty, long ago.
    const empty = history.map((record, index) =>
      index >= 200 && index < 230 ? dayOf(addDays(first, index), () => 0) : record,
    );
    await home.ingest.take(empty);
    await home.settleAll();
    const meter = (await resolveNamed(home.profile, 'meter', { namespace: 'serial', value: 'm1' })) ?? '';
    const place = { meter, register: 'E1' };
    expect((await readDaysLeft(home.readings, place)).version).toBe(0);
    expect([await firstJudged(home.readings, place), await lastJudged(home.readings, place)]).toEqual([first, last]);
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const months = facts
      .filter(({ fact }) => fact.type === 'metering.month.closed.v1')
      .map(({ fact }: { readonly fact: KeptFact }) => fact.data.month);
    expect(new Set(months).size).toBe(36);
    expect(facts.filter(({ fact }) => fact.type.startsWith('metering.task.'))).toEqual([]);
  }, 240_000);
});

describe('days that are left to be judged', () => {
  it('hold all that was left, whoever leaves them and in whatever order', async () => {
    const date = fc.integer({ min: 0, max: 400 }).map((offset) => addDays(first, offset));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(date, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 }),
        async (all) => {
          const home = await openHome({ judged: false });
          const place = { meter: 'mtr_0123456789ABCDEFGHJKMNPQRS', register: 'E1' };
          await Promise.all(all.map((dates) => leaveDays(home.readings, place, dates)));
          const { dates } = await readDaysLeft(home.readings, place);
          expect(dates).toEqual([...new Set(dates)].sort());
          expect(dates).toEqual(expect.arrayContaining([...new Set(all.flat())]));
        },
      ),
      { numRuns: 20 },
    );
  });
});
