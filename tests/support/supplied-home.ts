import { FollowInsights } from '#functions/insight/follow-judged.ts';
import { toldInsightReader } from '#functions/insight/stream.ts';
import { keepOverwritten } from '#functions/readings/block-conflicts.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { placeWaiting } from '#functions/readings/redrive.ts';
import { followReadings, followSupply } from '#functions/usage/follow-readings.ts';
import { UsageRecompute } from '#functions/usage/recompute-usage.ts';
import { CloseMonths } from '#functions/validation/close-months.ts';
import { followPlaces } from '#functions/validation/follow-places.ts';
import { judgeReadings } from '#functions/validation/follow-readings.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { keepPlaceEvents } from '#functions/validation/keep-place-events.ts';
import { judgedReader } from '#functions/validation/stream.ts';
import type { Taken } from '#shared/edge/changes.ts';
import { newMeterWrites } from '#shared/profile/store/meters.ts';
import type { Change, Table } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { aMeter, halfHours } from './meters/telemetry.ts';
import { machine, openProfileSystem } from './profile-system.ts';
import { RecordedMetrics } from './recorders.ts';

const fact = (event: string, type: string, occurredAt: string, data: Record<string, unknown>) => ({
  type,
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt,
  data,
});
const named = (namespace: string, value: string) => ({ namespace, value });
export const homePoint = named('mpan', 'home');
const theAccount = (name: string) => named('billing', name);

/** Facts of a home with one electricity point, and of people with an account each. */
export const homeFacts = (
  people: readonly string[],
  zone = 'Europe/London',
  alsoKnown: readonly Reference[] = [],
  region?: string,
) => [
  fact('prm', 'premise.premise.registered.v1', '2024-01-01T00:00:00.000Z', {
    address: { lines: ['12 Quay Street'], country: 'GB' },
    ...(region === undefined ? {} : { region }),
    references: [named('uprn', 'home')],
  }),
  fact('svp', 'premise.service-point.registered.v1', '2024-01-01T00:00:01.000Z', {
    premise: named('uprn', 'home'),
    commodity: 'electricity',
    zone,
    references: [homePoint, ...alsoKnown],
  }),
  ...people.flatMap((name) => [
    fact(`cus-${name}`, 'customer.profile.registered.v1', '2024-01-01T00:00:02.000Z', {
      kind: 'person',
      name: { given: name, family: 'Okafor' },
      references: [named('crm', name)],
    }),
    fact(`acc-${name}`, 'account.account.opened.v1', '2024-01-01T00:00:03.000Z', {
      currency: 'GBP',
      references: [theAccount(name)],
    }),
    fact(`rol-${name}`, 'account.role.granted.v1', '2024-01-01T00:00:04.000Z', {
      account: theAccount(name),
      customer: named('crm', name),
      role: 'holder',
      from: '2024-01-01',
    }),
  ]),
];
export const agreed = (name: string, from: string, to?: string) =>
  fact(`agr-${name}-${from}`, 'account.agreement.started.v1', '2024-01-02T00:00:00.000Z', {
    account: theAccount(name),
    servicePoint: homePoint,
    tariff: 'STANDARD',
    from,
    ...(to === undefined ? {} : { to }),
  });
export const installed = (meter: string, from: string) =>
  fact(`ins-${meter}-${from}`, 'metering.meter.installed.v1', from, {
    servicePoint: homePoint,
    meter: named('serial', meter),
  });
export const removed = (meter: string, at: string) =>
  fact(`rem-${meter}-${at}`, 'metering.meter.removed.v1', at, {
    servicePoint: homePoint,
    meter: named('serial', meter),
  });

/** Profile, readings and usage in memory, with every consumer of a feed run by hand. */
export const openHome = async (
  options: {
    readonly people?: readonly string[];
    readonly zone?: string;
    /** Outage region the home lies in; none by default. */
    readonly region?: string;
    /** References of the point beside its MPAN. */
    readonly alsoKnown?: readonly Reference[];
    readonly readings?: (table: Table) => Table;
    readonly profile?: (table: Table) => Table;
    /** Whether days are judged as they close; else readings stay as they came. */
    readonly judged?: boolean;
    /** Whether what judged days make known is told. */
    readonly insights?: boolean;
  } = {},
) => {
  const people = options.people ?? ['ana'];
  const zone = options.zone ?? 'Europe/London';
  const system = await openProfileSystem();
  const { store, sealer, clock } = system;
  const metrics = new RecordedMetrics();
  const profile = options.profile?.(system.profile) ?? system.profile;
  const readings = options.readings?.(store.table('readings')) ?? store.table('readings');
  const ingest = new Ingest({ profile: system.profile, readings, sealer, submit: system.submit, clock, metrics });
  const judge = new JudgeRegister({ profile: system.profile, readings, metrics });
  const close = new CloseMonths({ profile: system.profile, readings });
  const tellJudged = judgedReader({ profile: system.profile, readings, submit: system.submit, close });
  const tellInsights = toldInsightReader(system.submit);
  const insights = new FollowInsights({ profile: system.profile, readings, now: () => clock.now() });
  const [recompute, again] = [0, 1].map(() => new UsageRecompute({ profile, readings, metrics }));
  if (recompute === undefined || again === undefined) throw new Error('no consumers');
  const ids = new Map<string, string>();
  const tell = async (facts: readonly object[]): Promise<void> => {
    for (const result of await system.submit(facts, machine)) {
      if (result.status !== 'accepted') throw new Error(`a fact was not accepted: ${JSON.stringify(result)}`);
      if (result.fact.entity !== undefined) ids.set(result.fact.sourceEventId, result.fact.entity);
    }
  };
  const meter = (name: string, ...registers: readonly Partial<Register>[]): Promise<void> =>
    system.profile.commit(
      newMeterWrites(
        aMeter(name, {
          installations: [],
          registers: (registers.length === 0 ? [{}] : registers).map((more) => halfHours(zone, more)),
        }),
      ),
    );

  const positions = new Map<string, string>();
  /** News of a feed since the last call, by shard. */
  const news = async (table: 'profile' | 'readings'): Promise<Change[]> => {
    const feed = store.feed(table);
    const changes: Change[] = [];
    for (let shard = 0; shard < feed.shards; shard += 1) {
      const batch = await feed.read(shard, positions.get(`${table}${shard}`), 100_000);
      const last = batch.at(-1);
      if (last !== undefined) positions.set(`${table}${shard}`, last.position);
      changes.push(...batch.map(({ entry, position }) => ({ ...entry, position })));
    }
    return changes;
  };
  const ofPlaces = { profile: system.profile, readings: store.table('readings') };
  const followPlace = async (changes: readonly Change[]): Promise<void> => {
    for (const change of changes) {
      await keepPlaceEvents(ofPlaces, change);
      await followPlaces(ofPlaces, change);
    }
  };
  const taken = async (reading: Promise<Taken>): Promise<void> => {
    const { failed, cause } = await reading;
    if (failed !== undefined) throw cause;
  };
  /** Runs every consumer until nothing is left. */
  const settle = async (): Promise<void> => {
    for (;;) {
      await system.settle();
      const [ofProfile, ofReadings] = [await news('profile'), await news('readings')];
      if (ofProfile.length + ofReadings.length === 0) return;
      await placeWaiting({ profile: system.profile, sealer, ingest }, ofProfile);
      // Two consumers of their own, at the same time, as two functions would.
      await Promise.all([
        followSupply(recompute, ofProfile),
        options.judged === false ? undefined : followPlace(ofProfile),
        followReadings({ profile: system.profile, recompute: again }, ofReadings),
        keepOverwritten({ profile: system.profile, sealer, clock }, ofReadings),
        options.judged === false ? undefined : judgeReadings(judge, ofReadings),
      ]);
      if (options.insights === true) {
        await insights.changes(ofReadings);
        await taken(tellInsights(ofReadings));
      }
      await taken(tellJudged(ofReadings));
    }
  };
  await tell(homeFacts(people, zone, options.alsoKnown, options.region));
  await system.settle();
  const idOf = (event: string): string => ids.get(event) ?? '';
  return {
    ...system,
    profile,
    readings,
    ingest,
    judge,
    recompute,
    metrics,
    tell,
    meter,
    news,
    settleAll: settle,
    idOf,
  };
};
export type Home = Awaited<ReturnType<typeof openHome>>;

/** A home that the first of its people took service at as 2025 began, with the meter `m1`; all of it followed. */
export const openMeteredHome = async (
  options: Parameters<typeof openHome>[0] & { /** When the meter was installed. */ readonly since?: string } = {},
): Promise<Home> => {
  const home = await openHome(options);
  await home.meter('m1');
  const since = options.since ?? '2025-01-01T00:00:00.000Z';
  await home.tell([installed('m1', since), agreed(options.people?.[0] ?? 'ana', '2025-01-01')]);
  await home.settleAll();
  return home;
};

/** The place where a person's view shows the home's register. */
export const placeFor = (home: Home, person: string, register = 'E1') => ({
  customer: home.idOf(`cus-${person}`),
  account: home.idOf(`acc-${person}`),
  premise: home.idOf('prm'),
  servicePoint: home.idOf('svp'),
  register,
});
