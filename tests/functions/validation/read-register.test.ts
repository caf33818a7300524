import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShowInsights } from '#functions/insight/show-insights.ts';
import { readUsage } from '#functions/usage/store/usage-view.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { judgeSilent } from '#functions/validation/judge-silent.ts';
import { silenceOfReads } from '#functions/validation/silence-of-reads.ts';
import { firstJudged, lastJudged } from '#functions/validation/store/judged-months.ts';
import { readMeterTasks } from '#functions/validation/store/meter-tasks.ts';
import { readExceptions } from '#functions/validation/store/reading-exceptions.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';
import { placeFor } from '#tests/support/supplied-home.ts';
import { dayOf, judgedHomeSince, zone } from './judged-home.ts';
import { readAt } from './told-home.ts';

const quarters = ['2025-01-01', '2025-04-01', '2025-07-01', '2025-10-01', '2026-01-01', '2026-04-01', '2026-07-01'];
const readOn = (date: string, value: number) => readAt(startOfDate(zone, date), value);
/** Reads of each quarter, of which the fourth shows less than before. */
const reads = [0, 900, 1800, 1000, 3600, 4500, 5400].map((value, index) => readOn(quarters[index] ?? '', value));

const readHome = async (...batches: readonly (readonly ReturnType<typeof readOn>[])[]) => {
  const ground = await judgedHomeSince('2025-01-01T00:00:00.000Z');
  const { home } = ground;
  const send = async (...records: readonly ReturnType<typeof readOn>[]) => {
    const outcomes = await home.ingest.take(records);
    expect(outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
    await home.settleAll();
  };
  for (const batch of batches) await send(...batch);
  const place = { meter: await ground.meterOf(), register: 'E1' };
  const standing = async () =>
    (await readExceptions(home.readings, place, 0, 9_999_999_999))
      .filter(({ state }) => state === 'open' || state === 'filled')
      .map(({ exception, state }) => [exception.ruleId, exception.from, exception.to, state, exception.evidence]);
  const judged = async () => [await firstJudged(home.readings, place), await lastJudged(home.readings, place)];
  /** A look at the meter at noon of a date, as the hourly run does it. */
  const look = async (date: string) => {
    home.clock.set(`${date}T12:00:00.000Z`);
    const parts = { profile: home.profile, readings: home.readings, clock: home.clock };
    const judge = new JudgeRegister({ ...parts, metrics: new RecordedMetrics() });
    const looking = { ...parts, judge, metrics: new RecordedMetrics(), logger: new RecordedLogger() };
    await judgeSilent(looking, undefined, () => false);
    await home.settleAll();
    return (await readMeterTasks(home.readings, place.meter)).map(({ kind, isOpen }) => [kind, isOpen]);
  };
  return { ...ground, place, send, standing, judged, look };
};

describe('a meter that is read each quarter', () => {
  it('misses no day: that it went back is all that is said of it', async () => {
    const { standing, judged, look } = await readHome(reads);
    expect(await standing()).toMatchObject([
      [
        'register-backwards',
        startOfDate(zone, '2025-07-01'),
        startOfDate(zone, '2026-01-01'),
        'open',
        { start: 1800, end: 1000, fault: 'went-back', by: 'reads' },
      ],
    ]);
    expect(await judged()).toEqual([undefined, undefined]);
    expect(await look('2026-07-05')).toEqual([]);
    expect(await judged()).toEqual([undefined, undefined]);
  });

  it('shows what it used by day and month, as shares of what it advanced (11)', async () => {
    const { home, day } = await readHome(reads);
    const shown = await day('2026-02-14');
    expect(shown.total).toMatchObject({ value: 10, count: 48, missing: 0 });
    expect(shown.total.byQuality).toEqual([{ quality: 11, count: 48, value: 10 }]);
    expect(shown.asOf).toBe('2026-06-30T23:00:00.000Z');
    const item = await readUsage(home.profile, placeFor(home, 'ana'));
    expect(item?.summary.newestDay).toBe('2026-06-30');
    const months = item?.summary.months.map(({ value }) => value ?? 0) ?? [];
    // The quarter that ends with June, and the one before it.
    expect(months.slice(0, 3).reduce((sum, value) => sum + value, 0)).toBe(900);
    expect(months.slice(3, 6).reduce((sum, value) => sum + value, 0)).toBe(900);
  });

  it('says of insights that there is not enough data', async () => {
    const { home } = await readHome(reads);
    const supplied = await new SupplyReader(home.profile).of(home.idOf('svp'));
    if (supplied === undefined) throw new Error('no such point');
    const answer = await new ShowInsights({ profile: home.profile, readings: home.readings }).answer(
      supplied,
      undefined,
    );
    expect(answer.data.map(({ register }) => register)).toEqual(['E1']);
    expect(answer.data[0]?.insights.length).toBeGreaterThan(0);
    expect(answer.data[0]?.insights.filter(({ enough }) => enough)).toEqual([]);
  });

  it('is silent once no read came for twice as long as it usually takes, and no longer after the next', async () => {
    const { look, send } = await readHome(reads);
    expect(await look('2026-12-31')).toEqual([]);
    expect(await look('2027-01-02')).toEqual([['silent', true]]);
    await send(readOn('2027-01-02', 6300));
    expect(await look('2027-01-03')).toEqual([['silent', false]]);
  });

  it('is taken for one that should send until its first read, which takes all back that was missed', async () => {
    const { home, look, judged, standing, send } = await readHome([]);
    expect(await look('2025-01-20')).toEqual([
      ['prolonged-estimation', true],
      ['silent', true],
    ]);
    expect((await judged())[0]).toBe('2025-01-01');
    expect(await standing()).not.toEqual([]);
    home.clock.set('2025-04-01T12:00:00.000Z');
    await send(readOn('2025-04-01', 900));
    expect(await judged()).toEqual([undefined, undefined]);
    expect(await standing()).toEqual([]);
    expect(await look('2025-04-02')).toEqual([
      ['prolonged-estimation', false],
      ['silent', false],
    ]);
  });
});

describe('a register that is read, and then sends intervals', () => {
  const week = Array.from({ length: 5 }, (_, n) => dayOf(addDays('2026-05-04', n)));

  it('is judged by days from its first interval on, whichever came first', async () => {
    const [readsFirst, intervalsFirst] = [await readHome(reads, week), await readHome(week, reads)];
    for (const { judged } of [readsFirst, intervalsFirst]) expect((await judged())[0]).toBe('2026-04-01');
    expect(await intervalsFirst.standing()).toEqual(await readsFirst.standing());
    const [was] = await readsFirst.standing();
    expect(was?.slice(0, 2)).toEqual(['register-backwards', startOfDate(zone, '2025-07-01')]);
    expect((await readsFirst.day('2026-02-14')).total.value).toBe(10);
  });
});

describe('reads of a register that come in any order, and twice', () => {
  it('end in the same exceptions', async () => {
    const expected = await (await readHome(reads)).standing();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...reads, ...reads.slice(2, 4)], { minLength: reads.length + 2 }),
        fc.integer({ min: 1, max: 4 }),
        async (order, size) => {
          const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, at) =>
            order.slice(at * size, (at + 1) * size),
          );
          expect(await (await readHome(...batches)).standing()).toEqual(expected);
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe('how long a read is waited for', () => {
  const today = '2026-06-01';
  it('is twice the longest time between its last reads, of a daily one three days', () => {
    const daily = ['2026-05-30', '2026-05-29', '2026-05-28'] as const;
    expect(silenceOfReads(daily, { today, ended: undefined })).toMatchObject({ isSilent: false, next: '2026-06-03' });
    expect(silenceOfReads(daily, { today: '2026-06-03', ended: undefined })).toMatchObject({
      isSilent: true,
      from: '2026-05-31',
    });
  });

  it('is not known of a single read, nor of a meter that was removed, and ends after 400 days more', () => {
    const single = ['2026-01-01'] as const;
    expect(silenceOfReads(single, { today, ended: undefined })).toMatchObject({ isSilent: false, isForgotten: false });
    const daily = ['2026-01-02', '2026-01-01'] as const;
    expect(silenceOfReads(daily, { today, ended: '2026-01-05' })).toMatchObject({ isSilent: false, next: undefined });
    const old = ['2017-01-02', '2016-10-01'] as const;
    expect(silenceOfReads(old, { today, ended: undefined })).toMatchObject({ isSilent: false, isForgotten: true });
  });
});
