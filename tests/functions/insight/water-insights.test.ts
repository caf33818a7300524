import { describe, expect, it } from 'vitest';
import { readToldInsights } from '#functions/insight/store/told-insights.ts';
import { isShared, sharedText } from '#scripts/bench/anomalies/shared-series.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { readFacts } from '#shared/profile/store/subjects.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import type { Presence } from '#shared/vocabulary/statuses.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { agreed, type Home, homePoint, installed, openHome } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const hour = 3600;
const water = { id: 'W1', commodity: 'water', unit: 'L', powerOfTen: 0, intervalSeconds: hour } as const;

const waterHome = async (): Promise<Home> => {
  const home = await openHome({ insights: true });
  await home.meter('m1', water);
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  return home;
};

let words = 0;
const saidPresence = (at: number, presence: Presence) => {
  words += 1;
  return {
    type: 'premise.service-point.changed.v1',
    source: { system: 'billing' },
    sourceEventId: `presence-${words}`,
    occurredAt: new Date(at * 1000).toISOString(),
    data: { servicePoint: homePoint, presence },
  };
};

/** Litres of hours; what follows without a hole comes in one block. */
const blocksOf = (hours: readonly { readonly at: number; readonly litres: number }[]) => {
  const blocks: { readonly start: number; readonly values: number[] }[] = [];
  for (const { at, litres } of hours) {
    const open = blocks.at(-1);
    if (open !== undefined && open.start + open.values.length * hour === at && open.values.length < 24) {
      open.values.push(litres);
    } else blocks.push({ start: at, values: [litres] });
  }
  return blocks.map(({ start, values }) => arrived(aBlock('m1', start, values, { register: 'W1', interval: hour })));
};

const told = async (home: Home) =>
  (await readToldInsights(home.readings, { servicePoint: home.idOf('svp'), register: 'W1' })).map(
    ({ kind, from, to, value, headline, text, standing }) => ({ kind, from, to, value, headline, text, standing }),
  );
const facts = async (home: Home, prefix: string) =>
  (await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering'))
    .map(({ fact }) => fact)
    .filter(({ type }) => type.startsWith(prefix));

const set = 'water-leak-scenarios';
const present = isShared(set);
if (!present) console.log(`skipped: the data set ${set} is not beside this checkout`);

interface Row {
  readonly userId: number;
  readonly time: string;
  readonly consume: number;
  readonly isAtHome: string;
  readonly isAnomalous: number;
}
interface Hour {
  readonly at: number;
  readonly litres: number;
  readonly presence: Presence;
  readonly due: boolean;
}

const presences: Readonly<Partial<{ [letter: string]: Presence }>> = { Y: 'home', N: 'away' };

/** The homes of these tests are known since 2024. */
const yearsLater = 7;

/** Hours of each home of a scenario, some years later; its times are those of the clock on the wall. */
const homesOf = (file: string): readonly (readonly Hour[])[] => {
  const rows: readonly Row[] = JSON.parse(sharedText(`${set}/${file}.json`));
  const homes = new Map<number, Hour[]>();
  for (const { userId, time, consume, isAtHome, isAnomalous } of rows) {
    const date = `${Number(time.slice(0, 4)) + yearsLater}${time.slice(4, 10)}`;
    const at = startOfDate(zone, date) + Number(time.slice(11, 13)) * hour;
    const own = homes.get(userId) ?? [];
    homes.set(userId, own);
    own.push({ at, litres: consume, presence: presences[isAtHome] ?? 'unknown', due: isAnomalous === 1 });
  }
  return [...homes.values()];
};

/** Lets the days of a home come one by one, who is at home being told as it changes. */
const live = async (hours: readonly Hour[]): Promise<Home> => {
  const home = await waterHome();
  let last: Presence = 'unknown';
  const dates = [...new Set(hours.map(({ at }) => localDateAt(zone, at)))];
  for (const date of dates) {
    const own = hours.filter(({ at }) => localDateAt(zone, at) === date);
    home.clock.set(startOfDate(zone, addDays(date, 1)) * 1000 + 7_200_000);
    for (const { at, presence } of own) {
      if (presence !== last) await home.tell([saidPresence(at, presence)]);
      last = presence;
    }
    await home.ingest.take(blocksOf(own));
    // A day with holes is closed when a later one comes.
    const next = startOfDate(zone, addDays(date, 1));
    if (hours.every(({ at }) => at !== next)) await home.ingest.take(blocksOf([{ at: next, litres: 0 }]));
    await home.settleAll();
  }
  return home;
};

/** Of each hour that an alert is due for: which insight was told of it, or that its reading is an exception. */
const alertsOf = async (hours: readonly Hour[]) => {
  const home = await live(hours);
  const insights = await told(home);
  const exceptions = (await facts(home, 'metering.exception.raised')).filter(
    ({ data }: KeptFact) => data.rule === 'negative',
  );
  return {
    insights: insights.filter(({ standing }) => standing !== 'withdrawn'),
    negative: exceptions.length,
    found: hours
      .filter(({ due }) => due)
      .map(({ at }) => insights.find(({ from, to }) => from <= at && at < to)?.kind ?? 'none'),
  };
};

describe.skipIf(!present)('the scenarios of water, sent to the running pieces', () => {
  it('are not told where three hours are merely alike', async () => {
    const homes = await Promise.all(homesOf('anomalous_consume_similar_ACS').map(alertsOf));
    expect(homes.map(({ insights }) => insights)).toEqual([[], []]);
  }, 120_000);

  it('are told where an hour is high, and as use while nobody is at home where that is known', async () => {
    const homes = await Promise.all(homesOf('anomalous_high_consume_week_AHCW').map(alertsOf));
    expect(homes.map(({ found }) => found)).toEqual([
      ['high-flow'],
      ['high-flow', 'high-flow', 'high-flow'],
      ['high-flow', 'away-flow'],
    ]);
    // Three hours of two days that follow each other are one cause.
    expect(homes.map(({ insights }) => insights.length)).toEqual([1, 1, 2]);
  }, 120_000);

  it('are exceptions of their readings where a register runs back, and are not told a second time', async () => {
    const homes = await Promise.all(homesOf('anomalous_consume_negative_ACN').map(alertsOf));
    expect(homes.map(({ negative }) => negative)).toEqual([1, 1, 1]);
    expect(homes.map(({ insights }) => insights)).toEqual([[], [], []]);
  }, 120_000);

  it.each(['normal_consume_first_day_NCFD', 'normal_consume_week_NCW', 'normal_high_consume_is_at_home_NHCIAH'])(
    'are silent where nothing is wrong: %s',
    async (file) => {
      const homes = await Promise.all(homesOf(file).map(alertsOf));
      expect(homes.flatMap(({ insights }) => insights)).toEqual([]);
    },
    120_000,
  );
});

describe('water of a home whose people are away', () => {
  it('is told as it is used, shown with a whole sentence, and over three days later', async () => {
    const home = await waterHome();
    const first = '2026-04-01';
    const dayOf = (day: number, litresAt: (of: number) => number) => {
      const start = startOfDate(zone, addDays(first, day));
      return blocksOf(Array.from({ length: 24 }, (_, of) => ({ at: start + of * hour, litres: litresAt(of) })));
    };
    const usual = (day: number) => (of: number) => (of < 6 ? 0 : 5 + ((day * 7 + of * of * 13) % 53));
    const upTo = (day: number): void => home.clock.set(startOfDate(zone, addDays(first, day)) * 1000 + 7_200_000);
    upTo(30);
    await home.ingest.take(Array.from({ length: 30 }, (_, day) => dayOf(day, usual(day))).flat());
    await home.settleAll();
    expect(await told(home)).toEqual([]);
    await home.tell([saidPresence(startOfDate(zone, addDays(first, 30)), 'away')]);
    for (const day of [30, 31, 32, 33, 34, 35]) {
      upTo(day + 1);
      await home.ingest.take(dayOf(day, (of) => (day === 31 && (of === 3 || of === 4) ? 61 + of : 0)));
      await home.settleAll();
    }
    const of = (await facts(home, 'metering.insight')).map(({ type, data }: KeptFact) => [
      type.split('.')[2],
      data.kind,
    ]);
    expect(of).toEqual([
      ['found', 'away-flow'],
      ['ended', undefined],
    ]);
    expect(await told(home)).toMatchObject([
      {
        standing: 'over',
        headline: '129 litres of water used while nobody was at home',
        text: 'Water was used while nobody was at home, 2026-05-02 03:00 to 05:00: 129 litres in 2 hours, at most 65 litres in one. Something may leak, or somebody is there after all.',
      },
    ]);
    const today = addDays(first, 36);
    const asked = { profile: home.profile, now: () => home.clock.now(), today: () => today };
    expect((await show360(asked, home.idOf('cus-ana')))?.alerts.map(({ text }) => text)).toEqual([
      '129 litres of water used while nobody was at home, since 2026-05-02',
    ]);
  }, 60_000);
});
