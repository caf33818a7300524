import { describe, expect, it } from 'vitest';
import { insightIdOf, readToldInsights, toldInsightWrite } from '#functions/insight/store/told-insights.ts';
import { packPremiseDigest, readPremiseDigest } from '#functions/premises/rules/premise-digest.ts';
import { metering } from '#shared/profile/rules/installations.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject, readFacts } from '#shared/profile/store/subjects.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { agreed, type Home, installed, openHome } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const first = '2026-01-05';

const measuredHome = async (): Promise<Home> => {
  const home = await openHome({ insights: true });
  await home.meter('m1');
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  return home;
};

/** A home's half-hours: a base, an evening, and what a seeded number makes of each. */
const usual = (day: number, index: number): number =>
  100 + (index >= 34 && index < 44 ? 400 : 0) + ((day * 7919 + index * 104_729 + day * index * 31) % 97);
const dayOf = (day: number, valueAt = usual, revision = 0) => {
  const date = addDays(first, day);
  const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(day, index));
  // What replaces a day is the head end's.
  return arrived(aBlock('m1', startOfDate(zone, date), values, { revision }), { headEnd: revision > 0 });
};

const send = async (home: Home, ...records: readonly ReturnType<typeof arrived>[]): Promise<void> => {
  await home.ingest.take(records);
  await home.settleAll();
};
const upTo = (home: Home, day: number): void =>
  home.clock.set(startOfDate(zone, addDays(first, day)) * 1000 + 7_200_000);
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at);

const told = async (home: Home) =>
  (await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering'))
    .map(({ fact }) => fact)
    .filter(({ type }) => type.startsWith('metering.insight'))
    .map(({ type, data }: KeptFact) => ({ ...data, type: type.split('.')[2], outcome: data.outcome }));
const kept = async (home: Home) =>
  (await readToldInsights(home.readings, { servicePoint: home.idOf('svp'), register: 'E1' })).map(
    ({ kind, from, standing, state }) => ({ kind, from, standing, state }),
  );

/** A kiln: five evening hours of 4 kWh. */
const kiln = (day: number, index: number): number => (index >= 36 && index < 46 ? 2_000 : usual(day, index));

describe('an insight', () => {
  it('is told once when a day closes, with a reason, evidence and an expiry, and ended when it is over', async () => {
    const home = await measuredHome();
    upTo(home, 70);
    await send(home, ...range(0, 70).map((day) => dayOf(day)));
    expect(await told(home)).toEqual([]);
    upTo(home, 71);
    await send(home, dayOf(70, kiln));
    const [one, ...others] = await told(home);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ type: 'found', kind: 'unusual-use', revision: 1, register: 'E1' });
    expect(one).toMatchObject({ reason: expect.stringMatching(/^Unusual use, .* kWh more than expected/) });
    await send(home, dayOf(70, kiln));
    expect(await told(home)).toHaveLength(1);
    for (const day of range(71, 76)) {
      upTo(home, day + 1);
      await send(home, dayOf(day));
    }
    expect((await told(home)).map(({ type }) => type)).toEqual(['found', 'ended']);
    const { state } = stateOf((await loadSubject(home.profile, home.idOf('prm'))).states, metering);
    expect(state.insights).toMatchObject([{ kind: 'unusual-use', standing: false, state: 'new' }]);
  }, 60_000);

  it('comes out the same whatever the order in which the days of two weeks came, and however often', async () => {
    const [calm, shuffled] = [await measuredHome(), await measuredHome()];
    for (const home of [calm, shuffled]) {
      upTo(home, 70);
      await send(home, ...range(0, 70).map((day) => dayOf(day)));
    }
    const days = range(70, 76);
    const of = (day: number) => (day === 71 || day === 75 ? dayOf(day, kiln) : dayOf(day));
    for (const day of days) {
      upTo(calm, day + 1);
      await send(calm, of(day));
    }
    upTo(shuffled, 76);
    for (const day of days.toSorted((left, right) => ((left * 5) % 6) - ((right * 5) % 6))) {
      await send(shuffled, of(day), of(day));
    }
    expect(await kept(calm)).not.toEqual([]);
    expect(await kept(shuffled)).toEqual(await kept(calm));
  }, 60_000);

  it('is withdrawn where corrected readings no longer say so, and is told again where they do', async () => {
    const home = await measuredHome();
    upTo(home, 71);
    await send(home, ...range(0, 70).map((day) => dayOf(day)), dayOf(70, kiln));
    expect((await told(home)).map(({ type }) => type)).toEqual(['found']);
    await send(home, dayOf(70, usual, 1));
    expect((await told(home)).map(({ type, outcome }) => [type, outcome])).toEqual([
      ['found', undefined],
      ['ended', 'withdrawn'],
    ]);
    await send(home, dayOf(70, kiln, 2));
    expect((await told(home)).map(({ type }) => type)).toEqual(['found', 'ended', 'found']);
  });

  it('is not told of days that were handed in long after', async () => {
    const home = await measuredHome();
    upTo(home, 200);
    await send(home, ...range(0, 70).map((day) => dayOf(day)), dayOf(70, kiln));
    expect(await told(home)).toEqual([]);
  });

  it('is a dead meter once nothing was counted for two days, and over when it counts again', async () => {
    const home = await measuredHome();
    upTo(home, 70);
    await send(home, ...range(0, 70).map((day) => dayOf(day)));
    for (const day of range(70, 75)) {
      upTo(home, day + 1);
      await send(
        home,
        dayOf(day, () => 0),
      );
    }
    const of = async (kind: string) => (await kept(home)).filter((one) => one.kind === kind);
    expect(await of('dead-meter')).toMatchObject([{ standing: 'standing' }]);
    upTo(home, 76);
    await send(home, dayOf(75));
    expect(await of('dead-meter')).toMatchObject([{ standing: 'over' }]);
  });

  it('that was dead is told as that alone, until the day on which it counted again, and a rise after it is another', async () => {
    const home = await measuredHome();
    upTo(home, 70);
    await send(home, ...range(0, 70).map((day) => dayOf(day)));
    for (const day of range(70, 73)) {
      upTo(home, day + 1);
      await send(
        home,
        dayOf(day, () => 0),
      );
    }
    const standing = async () =>
      (await kept(home)).filter((one) => one.standing !== 'withdrawn').map(({ kind, standing: is }) => [kind, is]);
    expect(await standing()).toEqual([['dead-meter', 'standing']]);
    upTo(home, 77);
    await send(home, ...range(73, 75).map((day) => dayOf(day)), dayOf(75, kiln), dayOf(76));
    expect(await standing()).toEqual([
      ['unusual-use', 'standing'],
      ['dead-meter', 'over'],
    ]);
    const last = (await told(home)).slice(-2);
    expect(last.find(({ type }) => type === 'ended')).toMatchObject({
      outcome: 'over',
      end: `${addDays(first, 73)}T00:00:00.000Z`,
    });
    expect(last.find(({ type }) => type === 'found')).toMatchObject({
      kind: 'unusual-use',
      reason: expect.stringMatching(/ kWh more than expected/),
    });
  }, 60_000);
});

describe('the record of a premise', () => {
  it('shows an insight in the view of who takes service there, until somebody acts on it, and not to those who came later', async () => {
    const home = await measuredHome();
    upTo(home, 71);
    await send(home, ...range(0, 70).map((day) => dayOf(day)), dayOf(70, kiln));
    const today = addDays(first, 71);
    const shown = async (date: string) => {
      const { states } = await loadSubject(home.profile, home.idOf('prm'));
      return readPremiseDigest(packPremiseDigest(states, home.idOf('acc-ana'), date)).insights;
    };
    expect(await shown(today)).toMatchObject([
      {
        servicePoint: home.idOf('svp'),
        kind: 'unusual-use',
        headline: { unit: 'Wh', powerOfTen: 0, figures: [expect.any(Number)] },
      },
    ]);
    expect((await shown(today))[0]?.expires).toBe(addDays(today, 34));
    const asked = { profile: home.profile, now: () => home.clock.now(), today: () => today };
    expect((await show360(asked, home.idOf('cus-ana')))?.alerts).toMatchObject([
      {
        class: 'usage',
        text: expect.stringMatching(/^Unusual use, .* kWh more than expected, since 2026-03-1/),
        expires: addDays(today, 34),
      },
    ]);
    const { states } = await loadSubject(home.profile, home.idOf('prm'));
    expect(readPremiseDigest(packPremiseDigest(states, 'acc_0123456789ABCDEFGHJKMNPQRS', today)).insights).toEqual([]);
    const [insight] = await readToldInsights(home.readings, { servicePoint: home.idOf('svp'), register: 'E1' });
    if (insight === undefined) throw new Error('nothing was told');
    await home.tell([
      {
        type: 'metering.insight.decided.v1',
        source: { system: 'rotunda' },
        sourceEventId: 'decided',
        occurredAt: new Date(home.clock.now()).toISOString(),
        data: {
          servicePoint: home.idOf('svp'),
          register: 'E1',
          insight: insightIdOf(insight),
          revision: 2,
          state: 'dismissed',
          reason: 'A kiln was fired.',
        },
      },
    ]);
    expect(await shown(today)).toEqual([]);
  });

  it('stays silent on a cause that was dismissed, however often it is found again', async () => {
    const home = await measuredHome();
    upTo(home, 71);
    await send(home, ...range(0, 70).map((day) => dayOf(day)), dayOf(70, kiln));
    const place = { servicePoint: home.idOf('svp'), register: 'E1' };
    const [insight] = await readToldInsights(home.readings, place);
    if (insight === undefined) throw new Error('nothing was told');
    await home.readings.commit([toldInsightWrite(place, { ...insight, state: 'dismissed' }, insight)]);
    await send(home, dayOf(70, usual, 1));
    await send(home, dayOf(70, kiln, 2));
    upTo(home, 72);
    await send(home, dayOf(71));
    expect((await told(home)).map(({ type }) => type)).toEqual(['found']);
    expect(await kept(home)).toMatchObject([{ state: 'dismissed' }]);
  });
});
