import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Usage } from '#functions/premises/contract/premises.ts';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { readIssuedMonth } from '#functions/validation/store/closed-months.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { agreed, type Home, installed, openHome, removed } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const date = '2026-05-04';
const midnight = startOfDate(zone, date);
const halfHour = 1800;
/** The half-hour within which the meter is exchanged begins at ten o'clock. */
const cut = midnight + 20 * halfHour;

/** A home whose meter is exchanged at ten past ten; each of both tells the half-hour or has nothing of it. */
const exchanged = async (first: number | null, second: number | null, minutes = 10): Promise<Home> => {
  const home = await openHome();
  await home.meter('m1');
  await home.meter('m2');
  const at = new Date((cut + minutes * 60) * 1000).toISOString();
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.tell([removed('m1', at), installed('m2', at)]);
  await home.settleAll();
  home.clock.set((midnight + 86_400 + 7200) * 1000);
  await home.ingest.take([
    arrived(aBlock('m1', midnight, [...Array<number>(20).fill(100), first])),
    arrived(aBlock('m2', cut, [second, ...Array<number>(27).fill(200)])),
  ]);
  await home.settleAll();
  return home;
};
const ask = (home: Home, resolution: 'interval' | 'day') =>
  new ShowUsage(home).answer({
    servicePoint: home.idOf('svp'),
    from: date,
    to: '2026-05-05',
    resolution,
    limit: 10_000,
  });
const others = 20 * 100 + 27 * 200;

describe('a half-hour within which a meter was exchanged', () => {
  it('is the sum of both meters, in its own row and in the day', async () => {
    const home = await exchanged(30, 70);
    const usage = await ask(home, 'interval');
    expect(Usage.safeParse(usage).success).toBe(true);
    expect(usage.data).toHaveLength(48);
    expect(usage.data[20]).toMatchObject({ start: '2026-05-04T09:00:00.000Z', value: 100, count: 1, expected: 1 });
    expect(usage.total).toMatchObject({ value: others + 100, count: 48, expected: 48, missing: 0 });
    expect(usage.exchanges).toEqual([
      {
        start: '2026-05-04T09:00:00.000Z',
        end: '2026-05-04T09:30:00.000Z',
        exchangedAt: '2026-05-04T09:10:00.000Z',
      },
    ]);
    expect((await ask(home, 'day')).data).toMatchObject([{ value: others + 100, count: 48 }]);
  });

  it.each([
    ['the meter that was removed', null, 70, 'the meter that was removed told nothing of its part'],
    ['the meter that was installed', 30, null, 'the meter that was installed told nothing of its part'],
  ])('is missing, and says why, where %s told nothing of it, and is not estimated', async (_, first, second, why) => {
    const usage = await ask(await exchanged(first, second), 'interval');
    expect(usage.data[20]).toMatchObject({ value: null, quality: null, count: 0, expected: 1 });
    expect(usage.total).toMatchObject({ value: others, count: 47, expected: 48, missing: 1 });
    expect(usage.exchanges).toMatchObject([{ missing: why }]);
  });

  it('is the same in the month that is closed', async () => {
    const monthOf = async (first: number | null, second: number | null) => {
      const home = await exchanged(first, second);
      home.clock.set(Date.parse('2026-06-04T00:00:00Z'));
      await home.ingest.take([
        arrived(aBlock('m2', startOfDate(zone, '2026-05-31'), Array<number>(48).fill(1))),
        arrived(aBlock('m2', startOfDate(zone, '2026-06-01'), Array<number>(48).fill(1))),
        arrived(aBlock('m2', startOfDate(zone, '2026-06-02'), Array<number>(48).fill(1))),
      ]);
      await home.settleAll();
      const closed = (await readIssuedMonth(home.readings, home.idOf('svp'), 'E1', '2026-05'))?.closed;
      const usage = await new ShowUsage(home).answer({
        servicePoint: home.idOf('svp'),
        from: '2026-05-01',
        to: '2026-06-01',
        resolution: 'month',
        limit: 10,
      });
      return { closed: [closed?.value, closed?.missing], shown: [usage.total.value, usage.total.missing] };
    };
    for (const [first, second] of [
      [30, 70],
      [null, 70],
      [30, null],
    ] as const) {
      const { closed, shown } = await monthOf(first, second);
      expect(closed, `${first} and ${second}`).toEqual(shown);
    }
  }, 60_000);

  it('loses nothing and adds nothing, whenever the meter was exchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 29 }), fc.nat(500), fc.nat(500), async (minutes, first, second) => {
        const usage = await ask(await exchanged(first, second, minutes), 'interval');
        expect(usage.total.value).toBe(others + first + second);
        expect(usage.data.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(others + first + second);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
