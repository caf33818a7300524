import { beforeAll, describe, expect, it } from 'vitest';
import { decisionOperations } from '#functions/insight/api-decisions.ts';
import { ShowInsights } from '#functions/insight/show-insights.ts';
import { putHomeUse, readHomeUses } from '#functions/insight/store/similar-homes.ts';
import { putTariff } from '#functions/reference/store/tariffs.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { ownTimeOf } from '#tests/support/own-time.ts';
import { agreed, type Home, installed, openHome } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const first = '2026-01-05';
const days = 84;
const group = { commodity: 'electricity Wh', area: 'region north' };

/** 100 Wh each half-hour and 500 in the evening: 6,400 Wh a day. */
const valueAt = (day: number, index: number): number =>
  day === 80 && index === 40 ? 9_000 : index >= 34 && index < 38 ? 500 : 100;
const dayOf = (day: number) => {
  const date = addDays(first, day);
  const values = Array.from(
    { length: expectedIntervals(zone, date, 1800) },
    (_, index) => valueAt(day, index) + ((day * 7 + index) % 5),
  );
  return arrived(aBlock('m1', startOfDate(zone, date), values));
};

describe('insights of a service point', () => {
  let home: Home;
  const answer = async (customer?: string) => {
    const supplied = await new SupplyReader(home.profile).of(home.idOf('svp'));
    if (supplied === undefined) throw new Error('no such point');
    return new ShowInsights({ profile: home.profile, readings: home.readings }).answer(
      { ...supplied, area: group.area },
      customer === undefined ? undefined : ownTimeOf(home.profile, customer),
    );
  };
  const insight = async (kind: string) => (await answer()).data[0]?.insights.find((one) => one.kind === kind);

  beforeAll(async () => {
    home = await openHome({ insights: true, people: ['ana', 'ben'] });
    await home.meter('m1');
    await home.tell([
      installed('m1', '2025-01-01T00:00:00.000Z'),
      agreed('ben', '2025-01-01', addDays(first, 20)),
      agreed('ana', addDays(first, 20)),
    ]);
    home.clock.set(startOfDate(zone, addDays(first, days)) * 1000 + 7_200_000);
    await home.ingest.take(Array.from({ length: days }, (_, day) => dayOf(day)));
    await home.settleAll();
  }, 60_000);

  it('are all answered, each with its numbers in a sentence, or with what is missing', async () => {
    const { servicePointId, data, told } = await answer();
    expect(servicePointId).toBe(home.idOf('svp'));
    expect(data).toMatchObject([{ register: 'E1', unit: 'Wh', zone, asOf: '2026-03-29T23:00:00.000Z' }]);
    for (const one of data[0]?.insights ?? []) {
      expect(one.text).toMatch(/^[A-Z0-9].*[.]$/);
      expect(one.enough).toBe(one.value !== undefined);
      if (!one.enough) expect(one.text).toMatch(/^Not enough data: /);
    }
    expect(await insight('use-per-day')).toMatchObject({
      value: { perDay: expect.any(Number) },
      text: expect.stringMatching(/^6[.]\d kWh were used a day in the four weeks from 2026-03-02[.]$/),
    });
    expect(await insight('peak-window')).toMatchObject({
      value: { weekendsStartMinute: 1020, weekendsEndMinute: 1140 },
    });
    expect(await insight('trend')).toMatchObject({ enough: false });
    expect(told).toMatchObject([{ kind: 'unusual-use', state: 'new', register: 'E1', revision: 1 }]);
  });

  it('say what the base load and what is unusual cost by the agreed tariff, or that its prices are not known', async () => {
    const unpriced = await insight('base-load');
    expect(unpriced).toMatchObject({ evidence: { cost: 'not known: no prices of tariff STANDARD are known' } });
    expect(unpriced?.value).not.toHaveProperty('costOfYear');
    expect(unpriced?.text).toMatch(/ What that costs is not known: no prices of tariff STANDARD are known[.]$/);
    const tariff = { code: 'STANDARD', commodity: 'electricity', currency: 'GBP', unit: 'kWh' } as const;
    const change = { at: '2026-03-30T00:00:00.000Z', by: 'machine:billing' };
    const prices = [
      { from: '2025-01-01', energyPrice: '0.25' },
      { from: '2026-03-27', energyPrice: '0.5' },
    ];
    await putTariff(home.profile, { ...tariff, prices }, change);
    // Reads that may be old are one write behind here.
    await putTariff(home.profile, { ...tariff, code: 'OTHER', prices }, change);
    const base = await insight('base-load');
    const perYear = Number(base?.value?.perYear);
    expect(base?.value).toMatchObject({ costOfYear: Math.round(perYear * 0.05), currency: 'GBP' });
    expect(base?.evidence).toMatchObject({ tariff: 'STANDARD', energyPrice: '0.5 GBP a kWh' });
    expect(base?.text).toMatch(/ That costs \d+[.]\d\d GBP a year at 0[.]5 GBP a kWh[.]$/);
    const unusual = await insight('unusual-use');
    expect(unusual?.value).toMatchObject({
      excessCost: Math.round(Number(unusual?.value?.excess) * 0.025),
      currency: 'GBP',
    });
    expect(unusual?.evidence).toMatchObject({ tariff: 'STANDARD', energyPrice: '0.25 GBP a kWh' });
    expect(unusual?.text).toMatch(/ kWh more than expected [(]\d+[.]\d\d GBP[)][.]$/);
  });

  it('say nothing of what others used before, and nothing to those who left', async () => {
    expect(await insight('unusual-use')).toMatchObject({ evidence: { daysBefore: days - 20 - 28 } });
    expect((await answer(home.idOf('cus-ana'))).data).toHaveLength(1);
    expect(await answer(home.idOf('cus-ben'))).toMatchObject({ data: [], told: [] });
  });

  it('compare with similar homes once twenty are known, and put the home among them', async () => {
    expect(await insight('similar-homes')).toMatchObject({
      enough: false,
      text: 'Not enough data: 20 similar homes are needed.',
    });
    for (let other = 0; other < 20; other += 1) {
      const servicePoint = `svp_${String(other).padStart(26, '0')}`;
      await putHomeUse(
        home.readings,
        group,
        { servicePoint, register: 'E1' },
        { perDay: 5_000_000 + other * 1000, on: addDays(first, days - 1) },
      );
    }
    // Reads that may be old are one write behind here.
    await putHomeUse(
      home.readings,
      { ...group, area: 'region south' },
      { servicePoint: home.idOf('svp'), register: 'E1' },
      { perDay: 1, on: first },
    );
    const similar = await insight('similar-homes');
    expect(similar).toMatchObject({ enough: true, value: { homes: 20, rank: 1 } });
    expect(similar?.text).toMatch(/^Use is \d+ % higher than in the middle one of 20 similar homes/);
    expect(await readHomeUses(home.readings, group, 'svp_00000000000000000000000000', addDays(first, days))).toEqual(
      [],
    );
  });

  it('are decided by people once, with a reason where they dismiss one', async () => {
    const operations = decisionOperations({
      profile: home.profile,
      readings: home.readings,
      prepare: home.prepare,
      now: () => home.clock.now(),
    });
    const asked = (audit: string) => {
      const sam = operationRequest({ kind: 'staff', id: 'sam', roles: ['agent'] });
      return { ...sam, audit: { ...sam.audit, id: audit.padStart(26, '0') }, subjectId: home.idOf('svp'), query: {} };
    };
    const [one] = (await answer()).told;
    const params = { insightId: one?.id ?? '' };
    const seen = await operations.decideInsight({ ...asked('1'), params, body: { state: 'seen' } });
    expect(seen).toMatchObject({ status: 201, body: { id: one?.id, state: 'seen' } });
    await expect(operations.decideInsight({ ...asked('2'), params, body: { state: 'seen' } })).rejects.toMatchObject({
      code: 'insight.decided',
    });
    const nobody = { insightId: `${home.idOf('svp')}.E1.night-flow.1` };
    await expect(
      operations.decideInsight({ ...asked('3'), params: nobody, body: { state: 'seen' } }),
    ).rejects.toMatchObject({ kind: 'not-found' });
    const body = { state: 'dismissed' as const, reason: 'A kiln was fired.' };
    await operations.decideInsight({ ...asked('4'), params, body });
    expect((await answer()).told).toMatchObject([{ state: 'dismissed', revision: 3 }]);
  });
});
