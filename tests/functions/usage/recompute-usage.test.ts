import { describe, expect, it } from 'vitest';
import { viewUsage } from '#functions/readings/rules/usage-view.ts';
import { readUsage } from '#functions/usage/store/usage-view.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { subjectPartition } from '#shared/table/keys.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { leaveByOtherRules } from '#tests/support/other-rules.ts';
import {
  agreed,
  type Home,
  homePoint,
  installed,
  openHome,
  openMeteredHome,
  placeFor,
  removed,
} from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
/** A whole day of one value each half-hour. */
const day = (meter: string, date: string, value: number | null, more = {}) =>
  aBlock(meter, startOfDate(zone, date), Array(expectedIntervals(zone, date, 1800)).fill(value), more);
const days = (meter: string, from: string, count: number, value: number) =>
  Array.from({ length: count }, (_, index) => arrived(day(meter, addDays(from, index), value)));

const shown = async (home: Home, person: string) => {
  const place = placeFor(home, person);
  const item = await readUsage(home.profile, place);
  return item === undefined ? undefined : viewUsage(item.bytes, place.servicePoint, place.register);
};

describe('usage in the view', () => {
  it('shows months, the last seven days and the last reading of a home', async () => {
    const home = await openMeteredHome();
    await home.ingest.take(days('m1', '2026-03-01', 45, 10));
    await home.settleAll();
    expect(await shown(home, 'ana')).toEqual({
      servicePointId: home.idOf('svp'),
      register: 'E1',
      flow: 'forward',
      unit: 'Wh',
      powerOfTen: 0,
      months: [
        { month: '2026-04', value: 14 * 480, estimatedShare: 0 },
        { month: '2026-03', value: 31 * 480 - 20, estimatedShare: 0 },
      ],
      recentDays: Array.from({ length: 7 }, (_, back) => ({ date: addDays('2026-04-14', -back), value: 480 })),
      asOf: '2026-04-14T23:00:00.000Z',
    });
  });

  it('appears in the 360 view of the account holder', async () => {
    const home = await openMeteredHome();
    await home.ingest.take(days('m1', '2026-11-01', 3, 10));
    await home.settleAll();
    const view = await show360(
      { profile: home.profile, now: () => home.clock.now(), today: () => '2026-11-24' },
      home.idOf('cus-ana'),
    );
    expect(view?.usage).toEqual([await shown(home, 'ana')]);
    expect(view?.premises[0]?.servicePoints[0]?.meter?.lastReadingAt).toBe('2026-11-04T00:00:00.000Z');
  });

  it('is left as it is, and said to be so, while a state it rests on is one of other rules, and made of it once that is folded anew', async () => {
    const home = await openMeteredHome();
    await home.ingest.take(days('m1', '2026-03-01', 3, 10));
    await home.settleAll();
    for (const subject of [home.idOf('prm'), home.idOf('acc-ana')]) {
      const before = await shown(home, 'ana');
      await leaveByOtherRules(home.profile, [subject]);
      await expect(home.recompute.premise(home.idOf('prm'))).rejects.toMatchObject({ code: 'rules.older' });
      const register = home.recompute.register(home.idOf('svp'), home.idOf('prm'), 'E1', undefined);
      await expect(register).rejects.toMatchObject({ code: 'rules.older' });
      expect(await shown(home, 'ana')).toEqual(before);
      await home.ingest.take(days('m1', subject === home.idOf('prm') ? '2026-03-04' : '2026-03-05', 1, 10));
      await home.committer.refold(subject);
      await home.settleAll();
    }
    expect((await shown(home, 'ana'))?.months).toEqual([{ month: '2026-03', value: 5 * 480, estimatedShare: 0 }]);
  });

  it('counts a day once, whatever came twice, in parts, revised, or as an estimate', async () => {
    const home = await openMeteredHome();
    const date = '2026-05-10';
    const start = startOfDate(zone, date);
    await home.ingest.take([
      arrived(aBlock('m1', start, [1, 1])),
      arrived(aBlock('m1', start + 3600, [1, null])),
      arrived(day('m1', date, 2)),
      arrived(
        day('m1', date, 3, {
          revision: 1,
          quality: [
            [0, 8],
            [12, 0],
          ],
        }),
        { headEnd: true },
      ),
      arrived(day('m1', '2026-05-11', 4)),
      arrived(day('m1', '2026-05-11', 4)),
    ]);
    await home.settleAll();
    const usage = await shown(home, 'ana');
    expect(usage?.recentDays.slice(0, 3)).toEqual([
      { date: '2026-05-11', value: 192 },
      { date: '2026-05-10', value: 144 },
      { date: '2026-05-09', value: null },
    ]);
    expect(usage?.months).toEqual([{ month: '2026-05', value: 336, estimatedShare: 0.13 }]);
  });

  it('is cut to who took service when, and goes with the reader', async () => {
    const home = await openMeteredHome({ people: ['ana', 'ben'] });
    await home.ingest.take(days('m1', '2026-06-01', 10, 10));
    await home.settleAll();
    expect((await shown(home, 'ana'))?.months).toEqual([{ month: '2026-06', value: 4800, estimatedShare: 0 }]);
    expect(await shown(home, 'ben')).toBeUndefined();
    await home.tell([
      {
        type: 'account.agreement.ended.v1',
        source: { system: 'billing' },
        sourceEventId: 'ended',
        occurredAt: '2026-06-05T00:00:00.000Z',
        data: {
          account: { namespace: 'billing', value: 'ana' },
          servicePoint: { namespace: 'mpan', value: 'home' },
          to: '2026-06-05',
        },
      },
      agreed('ben', '2026-06-06'),
    ]);
    await home.settleAll();
    expect(await shown(home, 'ana')).toBeUndefined();
    expect((await shown(home, 'ben'))?.months).toEqual([{ month: '2026-06', value: 5 * 480, estimatedShare: 0 }]);
    expect((await shown(home, 'ben'))?.recentDays.map(({ value }) => value)).toEqual([
      480,
      480,
      480,
      480,
      480,
      null,
      null,
    ]);
  });

  it('joins the meters of a home at their exchange, in the finer scale', async () => {
    const home = await openHome();
    await home.meter('m1', { powerOfTen: 2 });
    await home.meter('m2');
    await home.tell([
      agreed('ana', '2025-01-01'),
      installed('m1', '2025-01-01T00:00:00.000Z'),
      removed('m1', '2026-05-03T11:00:00.000Z'),
      installed('m2', '2026-05-03T11:00:00.000Z'),
    ]);
    await home.settleAll();
    await home.ingest.take([...days('m1', '2026-05-01', 3, 1), ...days('m2', '2026-05-03', 2, 7)]);
    await home.settleAll();
    const usage = await shown(home, 'ana');
    // The day of the exchange: 24 half-hours of 100 Wh by the old meter, 24 of 7 Wh by the new.
    expect(usage?.recentDays.slice(0, 4).map(({ value }) => value)).toEqual([336, 2400 + 168, 4800, 4800]);
    expect(usage?.powerOfTen).toBe(0);
  });

  it('stays within 190 bytes, the oldest months left out, and is not written for news that changes nothing', async () => {
    const home = await openMeteredHome();
    const everyDay = days('m1', '2025-06-01', 500, 41_000);
    await home.ingest.take(everyDay);
    await home.settleAll();
    const place = placeFor(home, 'ana');
    const before = await readUsage(home.profile, place);
    const item = (
      await home.profile.query({ pk: subjectPartition(place.customer), prefix: 'VIEW#5#', consistent: true })
    ).items.at(-1);
    if (before === undefined || item === undefined) throw new Error('no usage item');
    expect(itemBytes(item)).toBeLessThanOrEqual(190);
    expect(before.summary.months.length).toBeGreaterThanOrEqual(6);
    expect(before.summary.months.length + before.summary.more).toBe(13);
    await home.ingest.take(everyDay.toReversed());
    await home.settleAll();
    await home.recompute.premise(home.idOf('prm'));
    expect((await readUsage(home.profile, place))?.counter).toBe(before.counter);
  });

  it('is looked at again where supply changed, and not where an exception, an event or a connection is told', async () => {
    const home = await openMeteredHome();
    await home.ingest.take(days('m1', '2026-11-01', 3, 10));
    await home.settleAll();
    const looks = () => home.metrics.of('usage.items:written') + home.metrics.of('usage.items:same');
    const looksFor = async (facts: readonly object[]): Promise<number> => {
      const before = looks();
      await home.tell(facts);
      await home.settleAll();
      return looks() - before;
    };
    const told = (event: string, type: string, more: object, system = 'field') => ({
      type,
      source: { system },
      sourceEventId: event,
      occurredAt: '2026-11-05T00:00:00.000Z',
      data: { servicePoint: homePoint, ...more },
    });
    const meter = { namespace: 'serial', value: 'm1' };
    const exception = (revision: number) => ({ meter, register: 'E1', exception: 'm1.E1.spike.1', revision });
    const found = { rule: 'spike', ruleVersion: 1, severity: 'warn' };
    const when = { start: '2026-11-02T10:00:00.000Z', end: '2026-11-02T10:30:00.000Z' };
    const others = [
      told('raised', 'metering.exception.raised.v1', { ...exception(1), ...found, ...when }, ownSystem),
      told('resolved', 'metering.exception.resolved.v1', { ...exception(2), outcome: 'resolved' }, ownSystem),
      told('event', 'metering.event.recorded.v1', { meter, event: 'tamper' }),
      told('off', 'premise.service-point.changed.v1', { connection: 'logically-disconnected' }),
    ];
    const looked: number[] = [];
    for (const fact of others) looked.push(await looksFor([fact]));
    expect(looked).toEqual([0, 0, 0, 0]);
    const before = await shown(home, 'ana');
    expect(await looksFor([removed('m1', '2026-11-03T00:00:00.000Z')])).toBeGreaterThan(0);
    expect(before?.asOf).toBe('2026-11-04T00:00:00.000Z');
    expect((await shown(home, 'ana'))?.asOf).toBe('2026-11-03T00:00:00.000Z');
  });

  it('is not lost where two write it at once', async () => {
    const home = await openMeteredHome();
    const records = days('m1', '2026-05-01', 28, 10);
    const since = startOfDate(zone, '2026-05-01');
    for (const record of records) {
      await home.ingest.take([record]);
      await Promise.all([
        home.recompute.register(home.idOf('svp'), home.idOf('prm'), 'E1', since),
        home.recompute.premise(home.idOf('prm')),
        home.recompute.register(home.idOf('svp'), home.idOf('prm'), 'E1', since),
      ]);
    }
    expect((await shown(home, 'ana'))?.months).toEqual([{ month: '2026-05', value: 28 * 480, estimatedShare: 0 }]);
  });
});
