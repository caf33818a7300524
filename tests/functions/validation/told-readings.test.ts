import { describe, expect, it } from 'vitest';
import { CloseMonths } from '#functions/validation/close-months.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { lookAtMeter } from '#functions/validation/look-at-meter.ts';
import { judgedReader } from '#functions/validation/stream.ts';
import { metering } from '#shared/profile/rules/installations.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject, readFacts } from '#shared/profile/store/subjects.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { addDays, daysBetween, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived, changesOf, meterId } from '#tests/support/meters/telemetry.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';
import {
  agreed,
  type Home,
  homePoint,
  installed,
  openHome,
  openMeteredHome,
  removed,
} from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';

const usual = (index: number): number => 100 + ((index * 37) % 90);
const dayOf = (meter: string, date: string, valueAt: (index: number) => number | null, revision = 0) => {
  const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(index));
  return arrived(aBlock(meter, startOfDate(zone, date), values, { revision }));
};
const daysOf = (meter: string, first: string, last: string) =>
  Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => dayOf(meter, addDays(first, index), usual));
const send = async (home: Home, ...records: readonly ReturnType<typeof arrived>[]): Promise<void> => {
  await home.ingest.take(records);
  await home.settleAll();
};

/** What the premise's record says of readings: types with what tells them apart. */
const toldOf = async (home: Home) =>
  (await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering'))
    .map(({ fact }) => fact)
    .filter(({ type }) => type.startsWith('metering.') && !type.startsWith('metering.meter'))
    .map(({ type, data }: KeptFact) => ({ type: type.split('.').slice(1, 3).join('.'), data }));
const standingOf = async (home: Home) =>
  stateOf((await loadSubject(home.profile, home.idOf('prm'))).states, metering)
    .state.exceptions?.filter(({ standing }) => standing)
    .map(({ id }) => id.split('.').slice(1, 3).join('.'));

const dayTotal = Array.from({ length: 48 }, (_, index) => usual(index)).reduce((sum, value) => sum + value, 0);

describe('an exception', () => {
  it('becomes a fact of the premise once, and another when measured values end it', async () => {
    const home = await openMeteredHome();
    await send(
      home,
      dayOf('m1', '2026-05-04', (index) => (index === 10 ? null : usual(index))),
    );
    expect(await toldOf(home)).toMatchObject([
      {
        type: 'exception.raised',
        data: {
          rule: 'missing-intervals',
          severity: 'fail',
          start: '2026-05-04T04:00:00.000Z',
          end: '2026-05-04T04:30:00.000Z',
        },
      },
    ]);
    expect(await standingOf(home)).toEqual(['E1.missing-intervals']);
    await send(home, dayOf('m1', '2026-05-04', usual, 1), dayOf('m1', '2026-05-04', usual, 1));
    expect((await toldOf(home)).map(({ type, data }) => [type, data.outcome])).toEqual([
      ['exception.raised', undefined],
      ['exception.resolved', 'resolved'],
    ]);
    expect(await standingOf(home)).toEqual([]);
  });

  it('is one fact however often the change comes', async () => {
    const home = await openMeteredHome();
    await send(
      home,
      dayOf('m1', '2026-05-04', (index) => (index === 10 ? null : usual(index))),
    );
    const close = new CloseMonths({ profile: home.profile, readings: home.readings });
    const { profile, readings, submit } = home;
    const again = judgedReader({ profile, readings, submit, close });
    expect(await again(await changesOf(home.store, 'readings'))).toEqual({});
    expect(await toldOf(home)).toHaveLength(1);
  });
});

describe('a month', () => {
  it('is told once all its days are judged, and again when a late reading changes it', async () => {
    const home = await openMeteredHome();
    await send(home, ...daysOf('m1', '2026-05-01', '2026-05-30'));
    expect(await toldOf(home)).toEqual([]);
    await send(
      home,
      dayOf('m1', '2026-05-31', (index) => (index === 10 ? null : usual(index))),
    );
    const months = async () =>
      (await toldOf(home)).filter(({ type }) => type === 'month.closed').map(({ data }) => data);
    const line = Math.round((usual(9) + usual(11)) / 2);
    const first = (await months()).at(-1);
    expect(first).toMatchObject({
      month: '2026-05',
      unit: 'Wh',
      value: 31 * dayTotal - usual(10) + line,
      expected: 1488,
      missing: 0,
      days: 31,
      daysComplete: 31,
      openExceptions: 1,
      byQuality: [
        { quality: 0, count: 1487 },
        { quality: 9, count: 1, value: line },
      ],
    });
    await send(home, dayOf('m1', '2026-05-31', usual, 1));
    const last = (await months()).at(-1);
    expect(last).toMatchObject({ value: 31 * dayTotal, excluded: 0, openExceptions: 0, estimatedPerMille: 0 });
    expect(last?.issue).toBeGreaterThan(Number(first?.issue));
    const told = (await months()).length;
    await send(home, dayOf('m1', '2026-05-31', usual, 1), dayOf('m1', '2026-05-12', usual));
    expect(await months()).toHaveLength(told);
  });

  it.each(['one after the other', 'together'])(
    'waits for the last day of a meter that was exchanged within it, their readings %s',
    async (order) => {
      const home = await openMeteredHome();
      await home.meter('m2');
      const exchange = Date.parse('2026-05-10T09:00:00.000Z') / 1000;
      const at = new Date(exchange * 1000).toISOString();
      await home.tell([removed('m1', at), installed('m2', at)]);
      await home.settleAll();
      const ofDay = Array.from({ length: 48 }, (_, index) => usual(index));
      const midnight = startOfDate(zone, '2026-05-10');
      const [old, next] = [
        [...daysOf('m1', '2026-05-01', '2026-05-09'), arrived(aBlock('m1', midnight, ofDay.slice(0, 19)))],
        [arrived(aBlock('m2', exchange, ofDay.slice(20))), ...daysOf('m2', '2026-05-11', '2026-05-31')],
      ];
      if (order === 'one after the other') await send(home, ...old);
      await send(home, ...next, ...(order === 'together' ? old : []));
      const months = async () => (await toldOf(home)).filter(({ type }) => type === 'month.closed');
      expect(await months()).toEqual([]);
      home.clock.set('2026-06-04T12:00:00.000Z');
      const { profile, readings } = home;
      const metrics = new RecordedMetrics();
      const judge = new JudgeRegister({ profile, readings, metrics });
      await lookAtMeter({ profile, readings, judge, metrics }, meterId('m1'), home.clock.now() / 1000);
      await home.settleAll();
      expect(
        (await months()).map(({ data: { issue, month, missing, value } }) => [issue, month, missing, value]),
      ).toEqual([[1, '2026-05', 0, 31 * dayTotal]]);
    },
  );

  it('in which others moved in holds what each used, and is told anew where it is said later that they did, or when', async () => {
    const home = await openHome({ people: ['ana', 'ben'], judged: true });
    await home.meter('m1');
    await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
    await home.settleAll();
    await send(home, ...daysOf('m1', '2026-05-01', '2026-05-31'));
    const months = async () =>
      (await toldOf(home)).filter(({ type }) => type === 'month.closed').map(({ data }) => data);
    const partsOf = async () => {
      const last = (await months()).at(-1);
      const parts = Array.isArray(last?.parts) ? last.parts : [];
      return [last?.value, ...parts.map(({ from, to, value, days }) => [from, to, value, days])];
    };
    expect(await partsOf()).toEqual([31 * dayTotal]);
    const ended = (event: string, to: string) => ({
      type: 'account.agreement.ended.v1',
      source: { system: 'billing' },
      sourceEventId: event,
      occurredAt: '2026-06-10T00:00:00.000Z',
      data: { account: { namespace: 'billing', value: 'ana' }, servicePoint: homePoint, to },
    });
    await home.tell([ended('left', '2026-05-11')]);
    await home.settleAll();
    const first = ['2026-05-01', '2026-05-11', 10 * dayTotal, 10];
    expect(await partsOf()).toEqual([31 * dayTotal, first, ['2026-05-11', '2026-06-01', 21 * dayTotal, 21]]);
    await home.tell([agreed('ben', '2026-05-21')]);
    await home.settleAll();
    expect(await partsOf()).toEqual([
      31 * dayTotal,
      first,
      ['2026-05-11', '2026-05-21', 10 * dayTotal, 10],
      ['2026-05-21', '2026-06-01', 11 * dayTotal, 11],
    ]);
    const told = (await months()).length;
    await send(home, dayOf('m1', '2026-05-31', usual));
    expect(await months()).toHaveLength(told);
  });

  it('in which the meter was exchanged holds what both measured', async () => {
    const home = await openMeteredHome();
    await home.meter('m2');
    const exchange = '2026-05-10T23:00:00.000Z';
    await home.tell([removed('m1', exchange), installed('m2', exchange)]);
    await home.settleAll();
    await send(home, ...daysOf('m2', '2026-05-11', '2026-05-31'));
    await send(home, ...daysOf('m1', '2026-05-01', '2026-05-10'));
    const last = (await toldOf(home)).findLast(({ type }) => type === 'month.closed');
    expect(last?.data).toMatchObject({ month: '2026-05', value: 31 * dayTotal, missing: 0, daysComplete: 31 });
  });
});
