import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { premiseOperations } from '#functions/premises/api.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { judgeSilent } from '#functions/validation/judge-silent.ts';
import { silenceOf } from '#functions/validation/look-at-meter.ts';
import { lastJudged } from '#functions/validation/store/judged-months.ts';
import { readMeterTasks } from '#functions/validation/store/meter-tasks.ts';
import { metersToLookAt } from '#functions/validation/store/watched-meters.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { readFacts } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { upToDate } from '#tests/functions/told-household.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';
import { removed } from '#tests/support/supplied-home.ts';
import { dayOf, judgedHomeSince, usual } from './judged-home.ts';

const noLook = { round: 'none', meters: 0, failed: 0, unfinished: true };
const day = (n: number): string => addDays('2026-11-01', n);
const week = Array.from({ length: 7 }, (_, n) => dayOf(day(n)));

/** A home whose meter sent a week and then nothing; the clock stands at noon of the last day. */
const silentHome = async (
  records = week,
  since = '2025-01-01T00:00:00.000Z',
  profileOf: (table: Table) => Table = (table) => table,
) => {
  const ground = await judgedHomeSince(since, ...records);
  const { home } = ground;
  home.clock.set(`${day(7)}T12:00:00.000Z`);
  const metrics = new RecordedMetrics();
  const judge = new JudgeRegister({ profile: home.profile, readings: home.readings, metrics });
  /** The runs of some days, one a day at noon. */
  const pass = async (days: number) => {
    const runs = [];
    for (let n = 0; n < days; n += 1) {
      home.clock.set(home.clock.now() + 86_400_000);
      // The index may be a commit behind.
      await upToDate(home);
      const parts = { ...home, profile: profileOf(home.profile), judge, metrics, logger: new RecordedLogger() };
      runs.push((await judgeSilent(parts, undefined, () => false)) ?? noLook);
      await home.settleAll();
    }
    return runs;
  };
  const tasks = async () => readMeterTasks(home.readings, await ground.meterOf());
  const told = async () =>
    (await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering'))
      .filter(({ fact }) => fact.type.startsWith('metering.task.'))
      .map(({ fact: { type, data } }: { readonly fact: KeptFact }) => [type.split('.')[2], data.task, data.number]);
  const last = async () => lastJudged(home.readings, { meter: await ground.meterOf(), register: 'E1' });
  return { ...ground, metrics, pass, tasks, told, last };
};

describe('a meter that sends nothing', () => {
  it('is left alone for three days, then its missing days are judged one by one', async () => {
    const { pass, last, list } = await silentHome();
    await pass(2);
    expect(await last()).toBe(day(6));
    await pass(1);
    expect(await last()).toBe(day(7));
    await pass(2);
    expect(await last()).toBe(day(9));
    expect((await list({ rule: 'missing-intervals' })).data.map(({ start, state }) => [start, state])).toEqual(
      [9, 8, 7].map((n) => [`${day(n)}T00:00:00.000Z`, 'open']),
    );
  });

  it('is a task once, which a service agent sees, and no longer when it is heard again', async () => {
    const { home, pass, told, tasks, metrics, asked } = await silentHome();
    await pass(5);
    expect(await told()).toEqual([['opened', 'silent', 1]]);
    expect(metrics.of('meter.silent')).toBe(1);
    const point = await premiseOperations({ ...home, now: () => home.clock.now() }).readServicePoint({
      ...asked(),
      body: undefined,
    });
    expect(point.body.tasks).toEqual([
      { task: 'silent', number: 1, state: 'open', since: `${day(7)}T00:00:00.000Z`, evidence: ['E1'] },
    ]);
    const view = await show360(
      { profile: home.profile, now: () => home.clock.now(), today: () => day(12) },
      home.idOf('cus-ana'),
    );
    expect(view?.premises[0]?.servicePoints[0]?.attention).toEqual({ exceptions: 0, worst: null, tasks: ['silent'] });
    await home.ingest.take([dayOf(day(10))]);
    await home.settleAll();
    expect(await told()).toEqual([
      ['opened', 'silent', 1],
      ['closed', 'silent', 1],
    ]);
    await pass(1);
    expect((await tasks()).map(({ kind, isOpen }) => [kind, isOpen])).toEqual([['silent', false]]);
  });

  it('that falls silent again is another task', async () => {
    const { home, pass, told } = await silentHome();
    await pass(5);
    await home.ingest.take([dayOf(day(10))]);
    await home.settleAll();
    await pass(5);
    expect(await told()).toEqual([
      ['opened', 'silent', 1],
      ['closed', 'silent', 1],
      ['opened', 'silent', 2],
    ]);
  });

  it('becomes work for the field crew after more than seven days, which ends when the days come', async () => {
    const { home, pass, told, tasks, list } = await silentHome();
    await pass(11);
    const [found] = (await list({ rule: 'prolonged-estimation' })).data;
    const prolonged = (await tasks()).find(({ kind }) => kind === 'prolonged-estimation');
    expect(prolonged).toMatchObject({ isOpen: true, number: 1, evidence: [found?.id] });
    await home.ingest.take(Array.from({ length: 12 }, (_, n) => dayOf(day(7 + n))));
    await home.settleAll();
    expect((await tasks()).map(({ isOpen }) => isOpen)).toEqual([false, false]);
    expect((await told()).toSorted()).toEqual([
      ['closed', 'prolonged-estimation', 1],
      ['closed', 'silent', 1],
      ['opened', 'prolonged-estimation', 1],
      ['opened', 'silent', 1],
    ]);
  });

  it('that never sent anything since it was installed is silent too', async () => {
    const { home, pass, told, last } = await silentHome([], `${day(4)}T09:00:00.000Z`);
    await pass(2);
    expect(await last()).toBe(day(6));
    expect(await told()).toEqual([['opened', 'silent', 1]]);
    await home.ingest.take([dayOf(day(7)), dayOf(day(8))]);
    await home.settleAll();
    expect((await told()).at(-1)).toEqual(['closed', 'silent', 1]);
  });

  it('for more than a year before anybody looked, as one whose old readings were imported, is left alone', async () => {
    const { pass, told, last, list } = await silentHome([]);
    expect(await pass(1)).toMatchObject([{ meters: 1, failed: 0, unfinished: false }]);
    expect([await last(), await told(), (await list()).data]).toEqual([undefined, [], []]);
    // Looked at again in a week, not each day.
    expect((await pass(3)).map(({ meters }) => meters)).toEqual([0, 0, 0]);
  });

  it('and was removed is judged to its end and not looked at again', async () => {
    const { home, pass, last, told } = await silentHome();
    await pass(4);
    await home.tell([removed('m1', `${day(9)}T12:00:00.000Z`)]);
    await home.settleAll();
    await pass(6);
    expect(await last()).toBe(day(9));
    expect((await told()).at(-1)).toEqual(['closed', 'silent', 1]);
    const waiting: string[] = [];
    for await (const { meter } of metersToLookAt(await upToDate(home), '2099-01-01')) waiting.push(meter);
    expect(waiting).toEqual([]);
  });

  it('does not hold up the others where it cannot be looked at, and is met again', async () => {
    let isBroken = true;
    const { home, pass, last, meterOf, metrics } = await silentHome(week, undefined, (table) => ({
      name: table.name,
      get: async (key, options) => {
        if (isBroken && key.pk === `MTR#${await meterOf()}`) throw new Error('no answer');
        return table.get(key, options);
      },
      query: (query) => table.query(query),
      scan: (scan) => table.scan(scan),
      batchPut: (items) => table.batchPut(items),
      close: () => table.close(),
      commit: (writes) => table.commit(writes),
    }));
    expect((await pass(4)).map(({ failed }) => failed)).toEqual([1, 1, 1, 1]);
    expect(metrics.of('meter.look-failed')).toBe(4);
    isBroken = false;
    await pass(1);
    expect(await last()).toBe(day(9));
    expect(home.clock.now()).toBeGreaterThan(0);
  });
});

describe('a meter that is heard', () => {
  it('with zeros alone for two days is a task that its register speaks for, until it shows something', async () => {
    const zeros = [7, 8, 9].map((n) => dayOf(day(n), () => 0));
    const { home, told, tasks, list } = await silentHome([...week, ...zeros]);
    home.clock.set(`${day(12)}T12:00:00.000Z`);
    expect(await told()).toEqual([['opened', 'zero', 1]]);
    expect((await tasks())[0]?.evidence).toEqual((await list({ rule: 'zero' })).data.map(({ id }) => id));
    await home.ingest.take([dayOf(day(10))]);
    await home.settleAll();
    expect((await told()).at(-1)).toEqual(['closed', 'zero', 1]);
    // A late copy of a day within the row does not open it again.
    await home.ingest.take([dayOf(day(9), () => 0, 1)]);
    await home.settleAll();
    expect((await told()).at(-1)).toEqual(['closed', 'zero', 1]);
  });

  it('is a task no longer where a person says that it is nothing', async () => {
    const zeros = [7, 8, 9].map((n) => dayOf(day(n), () => 0));
    const { home, told, list, operations, asked } = await silentHome([...week, ...zeros]);
    home.clock.set(`${day(12)}T12:00:00.000Z`);
    const [found] = (await list({ rule: 'zero' })).data;
    const body = { decision: 'dismissed' as const, reason: 'The house stands empty.' };
    await operations.resolveReadingException({ ...asked(), params: { exceptionId: found?.id ?? '' }, body });
    await home.settleAll();
    await home.ingest.take([dayOf(day(10), () => 0)]);
    await home.settleAll();
    expect(await told()).toEqual([
      ['opened', 'zero', 1],
      ['closed', 'zero', 1],
    ]);
  });

  it('is not looked at before it could be late, and judged no other than it was', async () => {
    const { home, pass, told, list } = await silentHome();
    for (let n = 7; n < 14; n += 1) {
      await pass(1);
      await home.ingest.take([dayOf(day(n), usual)]);
      await home.settleAll();
    }
    expect(await told()).toEqual([]);
    expect((await list()).data).toEqual([]);
  });
});

describe('how a register stands', () => {
  const date = fc.integer({ min: 0, max: 900 }).map((n) => addDays('2024-01-01', n));
  const heard = fc.record({
    first: date,
    ended: fc.option(date, { nil: undefined }),
    today: date,
    last: fc.option(
      fc.record({ date, count: fc.nat(48), estimatedDays: fc.nat(30) }).map(({ date: of, count, estimatedDays }) => ({
        ...{ date: of, expected: 48, count, estimated: 0, missing: 48 - count, total: 0, byQuality: [] },
        ...{ firstAt: null, lastAt: null, tail: null, estimatedDays },
      })),
      { nil: undefined },
    ),
  });
  it('is judged to the end of a meter that was removed, however long ago that was', () => {
    const last = { expected: 48, count: 48, estimated: 0, missing: 0, total: 0, byQuality: [] };
    const heardLast = { ...last, firstAt: null, lastAt: null, tail: null, estimatedDays: 0, date: '2024-05-09' };
    const removedThen = { first: '2024-01-01', ended: '2024-05-10', today: '2026-01-01', last: heardLast };
    expect(silenceOf(removedThen)).toMatchObject({ isBehind: true, isForgotten: false, until: '2024-05-10' });
    expect(silenceOf({ ...removedThen, last: undefined })).toMatchObject({ isBehind: false, isForgotten: true });
  });
  it('never judges a day that is not three days past or after the removal, and is looked at again unless all is judged', () => {
    const holds = fc.property(heard, (one) => {
      const { until, isBehind, isSilent, next } = silenceOf(one);
      expect(until <= addDays(one.today, -3)).toBe(true);
      if (one.ended !== undefined) expect(until <= one.ended && !isSilent).toBe(true);
      if (isBehind) expect(one.last === undefined || one.last.date < until).toBe(true);
      if (next !== undefined) expect(next > one.today).toBe(true);
      else expect(one.ended).toBeDefined();
    });
    fc.assert(holds);
  });
});
