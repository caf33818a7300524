import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Usage } from '#functions/premises/contract/premises.ts';
import { ShowUsage, type UsageQuestion } from '#functions/usage/show-usage.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { dayRuns, households, householdsAbsent, householdsAreHere } from '#tests/support/meters/households.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { ownTimeOf } from '#tests/support/own-time.ts';
import { agreed, type Home, homePoint, installed, openHome, removed } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const day = (meter: string, date: string, values: number | null | (number | null)[], more = {}) => {
  const count = expectedIntervals(zone, date, 1800);
  return aBlock(meter, startOfDate(zone, date), Array.isArray(values) ? values : Array(count).fill(values), more);
};
const ask = (home: Home, question: Partial<UsageQuestion> & Pick<UsageQuestion, 'from' | 'to'>) =>
  new ShowUsage(home).answer({ servicePoint: home.idOf('svp'), resolution: 'day', limit: 10_000, ...question });

const opened = async (): Promise<Home> => {
  const home = await openHome();
  await home.meter('m1');
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  return home;
};
const codeOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof DomainError) return `${error.kind} ${error.code}`;
    throw error;
  }
  return 'no error';
};

describe('the usage of a service point', () => {
  it('says each interval, gaps too, and the total of the whole range', async () => {
    const home = await opened();
    const values = [1, null, 3, ...Array(45).fill(2)];
    await home.ingest.take([
      arrived(
        day('m1', '2026-05-01', values, {
          quality: [
            [2, 8],
            [3, 0],
          ],
        }),
      ),
    ]);
    const usage = await ask(home, { from: '2026-05-01', to: '2026-05-02', resolution: 'interval' });
    expect(Usage.safeParse(usage).success).toBe(true);
    expect(usage.data).toHaveLength(48);
    expect(usage.data.slice(0, 3)).toEqual([
      {
        start: '2026-04-30T23:00:00.000Z',
        end: '2026-04-30T23:30:00.000Z',
        value: 1,
        quality: 0,
        count: 1,
        expected: 1,
        estimatedShare: 0,
      },
      {
        start: '2026-04-30T23:30:00.000Z',
        end: '2026-05-01T00:00:00.000Z',
        value: null,
        quality: null,
        count: 0,
        expected: 1,
        estimatedShare: 0,
      },
      {
        start: '2026-05-01T00:00:00.000Z',
        end: '2026-05-01T00:30:00.000Z',
        value: 3,
        quality: 8,
        count: 1,
        expected: 1,
        estimatedShare: 1,
      },
    ]);
    expect(usage.total).toEqual({
      value: 94,
      count: 47,
      expected: 48,
      missing: 1,
      byQuality: [
        { quality: 0, count: 46, value: 91 },
        { quality: 8, count: 1, value: 3 },
      ],
    });
    expect(usage).toMatchObject({
      register: 'E1',
      commodity: 'electricity',
      flow: 'forward',
      unit: 'Wh',
      powerOfTen: 0,
      zone,
      next: null,
      asOf: '2026-05-01T23:00:00.000Z',
    });
  });

  it('cuts days and months where the clocks of the place do, also on the days they change', async () => {
    const home = await opened();
    const from = '2026-03-01';
    await home.ingest.take(Array.from({ length: 61 }, (_, index) => arrived(day('m1', addDays(from, index), 1))));
    const months = await ask(home, { from: '2026-03-01', to: '2026-05-01', resolution: 'month' });
    expect(months.data.map(({ start, end, value, expected }) => [start, end, value, expected])).toEqual([
      ['2026-03-01T00:00:00.000Z', '2026-03-31T23:00:00.000Z', 31 * 48 - 2, 31 * 48 - 2],
      ['2026-03-31T23:00:00.000Z', '2026-04-30T23:00:00.000Z', 30 * 48, 30 * 48],
    ]);
    const days = await ask(home, { from: '2026-03-28', to: '2026-03-31' });
    expect(days.data.map(({ value, expected }) => [value, expected])).toEqual([
      [48, 48],
      [46, 46],
      [48, 48],
    ]);
    const part = await ask(home, { from: '2026-03-28T12:00:00Z', to: '2026-03-29T12:00:00+01:00' });
    expect(part.data.map(({ start, end, value }) => [start, end, value])).toEqual([
      ['2026-03-28T12:00:00.000Z', '2026-03-29T00:00:00.000Z', 24],
      ['2026-03-29T00:00:00.000Z', '2026-03-29T11:00:00.000Z', 22],
    ]);
  });

  it('does not call missing what has not been read yet, nor what lies before the meter came', async () => {
    const home = await opened();
    await home.ingest.take([arrived(aBlock('m1', startOfDate(zone, '2026-05-03'), [5, 5]))]);
    const usage = await ask(home, { from: '2026-05-02', to: '2026-06-01' });
    expect(usage.data.map(({ value, count, expected }) => [value, count, expected])).toEqual([
      [null, 0, 48],
      [10, 2, 2],
    ]);
    expect(usage.total).toMatchObject({ value: 10, count: 2, expected: 50, missing: 48 });
    expect((await ask(home, { from: '2024-06-01', to: '2024-07-01' })).data).toEqual([]);
    const none = await ask(await opened(), { from: '2026-05-02', to: '2026-06-01' });
    expect(none).toMatchObject({ data: [], asOf: null, total: { value: 0, count: 0, expected: 0, missing: 0 } });
  });

  it('comes by pages that together are the whole, the total standing on each', async () => {
    const home = await opened();
    await home.ingest.take(
      Array.from({ length: 9 }, (_, index) => arrived(day('m1', addDays('2026-05-01', index), index))),
    );
    const whole = await ask(home, { from: '2026-05-01', to: '2026-05-10', resolution: 'interval' });
    const gathered: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await ask(home, { from: '2026-05-01', to: '2026-05-10', resolution: 'interval', limit: 100, after });
      expect(page.total).toEqual(whole.total);
      expect(page.data.length).toBeLessThanOrEqual(100);
      gathered.push(...page.data);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(gathered).toEqual(whole.data);
    expect(gathered).toHaveLength(9 * 48);
  });

  it('joins meters at their exchange and names the later one', async () => {
    const home = await openHome();
    await home.meter('m1', { powerOfTen: 1 });
    await home.meter('m2');
    await home.tell([
      installed('m1', '2025-01-01T00:00:00.000Z'),
      removed('m1', '2026-05-02T11:00:00.000Z'),
      installed('m2', '2026-05-02T12:00:00.000Z'),
    ]);
    await home.settleAll();
    await home.ingest.take(
      ['2026-05-01', '2026-05-02', '2026-05-03'].flatMap((date) => [
        arrived(day('m1', date, 1)),
        arrived(day('m2', date, 7)),
      ]),
    );
    const usage = await ask(home, { from: '2026-05-01', to: '2026-05-04' });
    // An hour between removal and installation has no meter: nothing is expected there.
    expect(usage.data.map(({ value, expected }) => [value, expected])).toEqual([
      [480, 48],
      [240 + 22 * 7, 46],
      [336, 48],
    ]);
    const shown = await ask(home, { from: '2026-05-01', to: '2026-05-02' });
    expect(usage.meterId).not.toBe(shown.meterId);
    expect(usage.powerOfTen).toBe(0);
  });

  it('shows a customer the time of their own agreements alone, and staff all of it', async () => {
    const home = await openHome({ people: ['ana', 'ben'] });
    await home.meter('m1');
    await home.tell([
      installed('m1', '2025-01-01T00:00:00.000Z'),
      agreed('ana', '2025-01-01'),
      agreed('ben', '2026-05-03'),
    ]);
    await home.settleAll();
    await home.ingest.take(
      Array.from({ length: 5 }, (_, index) => arrived(day('m1', addDays('2026-05-01', index), 1))),
    );
    const range = { from: '2026-05-01', to: '2026-05-06' };
    const ownOf = (customer?: string) => (customer === undefined ? {} : { own: ownTimeOf(home.profile, customer) });
    const of = async (customer?: string) => (await ask(home, { ...range, ...ownOf(customer) })).total.count;
    expect(await of()).toBe(240);
    expect(await of(home.idOf('cus-ben'))).toBe(144);
    expect(await of('cus_00000000000000000000000000')).toBe(0);
    await home.tell([
      {
        type: 'account.agreement.ended.v1',
        source: { system: 'billing' },
        sourceEventId: 'ana-left',
        occurredAt: '2026-05-03T00:00:00.000Z',
        data: { account: { namespace: 'billing', value: 'ana' }, servicePoint: homePoint, to: '2026-05-03' },
      },
    ]);
    await home.settleAll();
    expect(await of(home.idOf('cus-ana'))).toBe(96);
    const ben = await ask(home, { ...range, ...ownOf(home.idOf('cus-ben')) });
    expect(ben.data.map(({ start }) => start)).toEqual(
      ['2026-05-02', '2026-05-03', '2026-05-04'].map((date) => `${date}T23:00:00.000Z`),
    );
  });

  it('refuses ranges and registers that mean nothing', async () => {
    const home = await opened();
    expect(await codeOf(ask(home, { from: '2026-05-02', to: '2026-05-02' }))).toBe('invalid range.empty');
    expect(await codeOf(ask(home, { from: '2000-01-01', to: '2026-05-02' }))).toBe('invalid range.too-long');
    expect(await codeOf(ask(home, { from: '2026-05-01', to: '2026-05-02', register: 'B9' }))).toBe(
      'invalid register.unknown',
    );
    expect(
      await codeOf(ask(home, { from: '2026-05-01', to: '2026-05-02', servicePoint: 'svp_00000000000000000000000000' })),
    ).toBe('not-found service-point.unknown');
    const bare = await openHome();
    expect(await codeOf(ask(bare, { from: '2026-05-01', to: '2026-05-02' }))).toBe('not-found service-point.no-meter');
  });
});

const Facts = z.record(
  z.string(),
  z.object({ rows: z.number(), first: z.string(), last: z.string(), missingIntervals: z.number(), sum: z.number() }),
);

it.skipIf(!householdsAreHere)(
  `reads six real households back to the watt-hour, whatever came twice and in which order (skipped where ${householdsAbsent})`,
  async () => {
    const facts = Facts.parse(JSON.parse(readFileSync('../shared/data/sgsc-au-halfhourly/facts.json', 'utf8')));
    const instant = (local: string): string => new Date(`${local.replace(' ', 'T')}+10:00`).toISOString();
    for (const household of households()) {
      const fact = facts[household.id];
      if (fact === undefined) throw new Error(`no facts of ${household.id}`);
      const home = await openHome({ zone: '+10:00' });
      await home.meter(household.id);
      await home.tell([installed(household.id, instant(fact.first))]);
      await home.settleAll();
      const records = dayRuns(household).map(({ start, values }) => arrived(aBlock(household.id, start, values)));
      await home.ingest.take([...records.toReversed(), ...records.slice(0, 70)]);
      const usage = await ask(home, { from: '2012-01-01', to: '2014-12-31', resolution: 'interval', limit: 1 });
      expect(usage.total).toMatchObject({
        value: Math.round(fact.sum * 1000),
        count: fact.rows,
        expected: fact.rows + fact.missingIntervals,
        missing: fact.missingIntervals,
      });
      expect(usage.data[0]?.start).toBe(instant(fact.first));
      expect(usage.asOf).toBe(new Date(Date.parse(instant(fact.last)) + 1_800_000).toISOString());
    }
  },
  60_000,
);

describe('the usage of a gas point that is measured in m3', () => {
  const conversion = { kilojoulesPerM3: 39_500, correctionPerMillion: 1_022_640, source: 'National Gas, 2026-05' };
  const gas = { commodity: 'gas', unit: 'm3', powerOfTen: -3 } as const;
  const saying = (meter: string, from: string, said?: object) => {
    const fact = installed(meter, from);
    const registers = said === undefined ? {} : { registers: [{ register: 'E1', validation: { gas: said } }] };
    return { ...fact, data: { ...fact.data, ...registers } };
  };
  const opened = async (first: object | undefined, second?: object): Promise<Home> => {
    const home = await openHome();
    await home.meter('m1', gas);
    await home.meter('m2', gas);
    await home.tell([
      saying('m1', '2025-01-01T00:00:00.000Z', first),
      removed('m1', '2026-05-02T11:00:00.000Z'),
      saying('m2', '2026-05-02T11:00:00.000Z', second),
      agreed('ana', '2025-01-01'),
    ]);
    await home.settleAll();
    for (const [meter, date] of [
      ['m1', '2026-05-01'],
      ['m1', '2026-05-02'],
      ['m2', '2026-05-02'],
      ['m2', '2026-05-03'],
    ] as const)
      await home.ingest.take([arrived(day(meter, date, 57))]);
    return home;
  };
  /** Wh of litres: m3 x correction x calorific value / 3.6. */
  const wattHours = (litres: number, { kilojoulesPerM3, correctionPerMillion } = conversion): number =>
    Math.round((litres * kilojoulesPerM3 * correctionPerMillion) / 3.6 / 1e9);

  it('says energy beside volume, days that add up to the whole, where the register tells how', async () => {
    const home = await opened(conversion, conversion);
    const usage = await ask(home, { from: '2026-05-01', to: '2026-05-05' });
    expect(Usage.safeParse(usage).success).toBe(true);
    expect([usage.unit, usage.powerOfTen, usage.total.value]).toEqual(['m3', -3, 3 * 48 * 57]);
    expect(usage.total.energy).toBe(wattHours(3 * 48 * 57));
    expect(usage.data.map(({ value, energy }) => [value, energy !== undefined && energy !== null])).toEqual([
      [48 * 57, true],
      [48 * 57, true],
      [48 * 57, true],
    ]);
    expect(usage.data.reduce((sum, { energy }) => sum + (energy ?? 0), 0)).toBe(usage.total.energy);
    expect(usage.conversions).toEqual([conversion]);
    const intervals = await ask(home, { from: '2026-05-01', to: '2026-05-02', resolution: 'interval' });
    expect(intervals.data.reduce((sum, { energy }) => sum + (energy ?? 0), 0)).toBe(wattHours(48 * 57));
  });

  it('turns what each meter measured by its own figures, also on the day it was exchanged', async () => {
    const other = { ...conversion, kilojoulesPerM3: 38_000, source: 'National Gas, 2026-06' };
    const usage = await ask(await opened(conversion, other), { from: '2026-05-01', to: '2026-05-05' });
    const [first, exchanged, last] = usage.data.map(({ energy }) => energy ?? 0);
    expect(usage.conversions).toEqual([conversion, other]);
    const exact = [wattHours(48 * 57), wattHours(24 * 57) + wattHours(24 * 57, other), wattHours(48 * 57, other)];
    // Rounded together, so that the days add up: each is at most one away from what it would be alone.
    for (const [place, energy] of [first, exchanged, last].entries())
      expect(Math.abs((energy ?? 0) - (exact[place] ?? 0))).toBeLessThanOrEqual(1);
    expect(usage.total.energy).toBe((first ?? 0) + (exchanged ?? 0) + (last ?? 0));
  });

  it('says no energy of a day of which a part has no figures, and none at all where there are no figures', async () => {
    const partly = await ask(await opened(conversion), { from: '2026-05-01', to: '2026-05-05' });
    expect(partly.data.map(({ energy }) => typeof energy)).toEqual(['number', 'object', 'object']);
    expect(partly.data.slice(1).map(({ energy }) => energy)).toEqual([null, null]);
    expect([partly.total.energy, partly.total.value]).toEqual([null, 3 * 48 * 57]);
    const none = await ask(await opened(undefined), { from: '2026-05-01', to: '2026-05-05' });
    expect([none.conversions, none.total, none.data[0]].map((one) => JSON.stringify(one ?? {}))).not.toContain(
      'energy',
    );
    expect('conversions' in none).toBe(false);
  });
});
