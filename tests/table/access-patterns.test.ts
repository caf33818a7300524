import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { listAgreements } from '#functions/accounts/list-agreements.ts';
import { listBills } from '#functions/accounts/read-money.ts';
import { billing } from '#functions/accounts/rules/billing.ts';
import { dueDays } from '#functions/accounts/rules/due.ts';
import { listWaitingReversals } from '#functions/accounts/store/waiting-reversals.ts';
import { toldAll } from '#functions/accounts/told-to-reader.ts';
import { listAccounts } from '#functions/customers/list-accounts.ts';
import { readTimeline } from '#functions/customers/read-timeline.ts';
import { listChangeRequests } from '#functions/customers/store/open-change-requests.ts';
import { findDuplicates } from '#functions/duplicates/find-duplicates.ts';
import { listDuplicates } from '#functions/duplicates/store/duplicates.ts';
import {
  claimRegister,
  dependentsOf,
  importsOfRegister,
  relyOnRegister,
} from '#functions/imports/store/imported-registers.ts';
import { pendingImports, readImport } from '#functions/imports/store/imports.ts';
import { decisionOperations } from '#functions/insight/api-decisions.ts';
import { FollowInsights } from '#functions/insight/follow-judged.ts';
import type { ToldInsight } from '#functions/insight/rules/told-insights.ts';
import { ShowInsights } from '#functions/insight/show-insights.ts';
import { readHomeUses } from '#functions/insight/store/similar-homes.ts';
import { insightIdOf, readToldInsights, toldInsightWrite } from '#functions/insight/store/told-insights.ts';
import { toldInsightReader } from '#functions/insight/stream.ts';
import { meterInstallationHook } from '#functions/meters/store/meter-claims.ts';
import { newReplay, showReplay } from '#functions/operations/replay.ts';
import { putReplay } from '#functions/operations/store/replays.ts';
import { listWaitingErasures } from '#functions/privacy/store/waiting-erasures.ts';
import { lastReadingAt, readRuns } from '#functions/readings/store/readings.ts';
import { allRegisterReads, lastRegisterRead } from '#functions/readings/store/register-reads.ts';
import { listTariffs, putTariff, readTariff } from '#functions/reference/store/tariffs.ts';
import { listWeatherAreas, putTemperatures, readTemperatures } from '#functions/reference/store/temperatures.ts';
import { searchHash } from '#functions/search/store/search-hash.ts';
import { lookUpExact } from '#functions/search/store/search-lookup.ts';
import { validationOperations } from '#functions/validation/api.ts';
import { followPlaces } from '#functions/validation/follow-places.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { keepPlaceEvents } from '#functions/validation/keep-place-events.ts';
import { listExceptions } from '#functions/validation/list-exceptions.ts';
import { GroundReader } from '#functions/validation/register-ground.ts';
import { readIssuedMonth } from '#functions/validation/store/closed-months.ts';
import { readDaysLeft } from '#functions/validation/store/days-left.ts';
import { lastDigest, readJudgedMonths } from '#functions/validation/store/judged-months.ts';
import { readCorrections } from '#functions/validation/store/made-blocks.ts';
import { noteEvidence, readMeterTasks } from '#functions/validation/store/meter-tasks.ts';
import { readPlaceEvents } from '#functions/validation/store/place-events.ts';
import { pageExceptions, readException } from '#functions/validation/store/reading-exceptions.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import { metersToLookAt } from '#functions/validation/store/watched-meters.ts';
import { type CountedTable, createCountedTable } from '#scripts/bench/counted-table.ts';
import { fullView } from '#shared/access/field-matrix.ts';
import { recordAccess } from '#shared/facts/audit.ts';
import { createCommitter } from '#shared/facts/commit.ts';
import { creatorOf } from '#shared/facts/grounds.ts';
import { accountAsKept } from '#shared/facts/placing/account-currency.ts';
import { createPrepareFacts } from '#shared/facts/prepare-facts.ts';
import { listQuarantine, waitingFor } from '#shared/facts/quarantine.ts';
import { recordRefused } from '#shared/facts/refusals.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { completeDigest } from '#shared/profile/store/accounts-today.ts';
import { onceServedAt } from '#shared/profile/store/former-occupants.ts';
import { metersWithDueCertificates } from '#shared/profile/store/meters.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { accountsHeld } from '#shared/profile/store/roles-held.ts';
import { readServiceOf } from '#shared/profile/store/service.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { dataKeyKey, factIdKey, idempotencyKey, meterKey, servicePointKey } from '#shared/table/keys.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, aMeter, arrived, meterId, putMeter, telemetryGround } from '#tests/support/meters/telemetry.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { ownTimeOf } from '#tests/support/own-time.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';
import { agreed, type Home, homeFacts, installed, openHome, removed } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const lastDay = '2026-11-23';

/** A home that was billed and paid each month, with a half-hourly meter, as its tables count what is asked of them. */
interface CountedHome {
  readonly home: Home;
  readonly profile: CountedTable;
  readonly readings: CountedTable;
  readonly keys: CountedTable;
}

const monthsBack = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, back) => {
    const month = new Date(Date.UTC(2026, 10 - back, 1));
    return month.toISOString().slice(0, 10);
  }).reverse();

const moneyFacts = (month: string) => [
  {
    type: 'billing.bill.issued.v1',
    source: { system: 'billing' },
    sourceEventId: `bill-${month}`,
    occurredAt: `${month}T08:00:00.000Z`,
    data: {
      account: { namespace: 'billing', value: 'ana' },
      number: `B-${month}`,
      amount: { amountMinor: 8000 + Number(month.slice(5, 7)), currency: 'GBP' },
      issuedOn: month,
      dueOn: addDays(month, 14),
    },
  },
  {
    type: 'billing.payment.received.v1',
    source: { system: 'billing' },
    sourceEventId: `paid-${month}`,
    occurredAt: `${addDays(month, 10)}T08:00:00.000Z`,
    data: {
      account: { namespace: 'billing', value: 'ana' },
      amount: { amountMinor: 8000 + Number(month.slice(5, 7)), currency: 'GBP' },
      method: 'card',
    },
  },
  {
    type: 'contact.interaction.logged.v1',
    source: { system: 'billing' },
    sourceEventId: `call-${month}`,
    occurredAt: `${addDays(month, 11)}T08:00:00.000Z`,
    data: {
      customer: { namespace: 'crm', value: 'ana' },
      channel: 'phone',
      reason: 'billing.high-bill',
      summary: 'Asked why the bill is higher than last month.',
    },
  },
];

const aTariff = {
  code: 'STANDARD',
  commodity: 'electricity',
  currency: 'GBP',
  unit: 'kWh',
  prices: [{ from: '2025-01-01', energyPrice: '0.2486' }],
} as const;

/** Hours of so many days with their nights and their fronts. */
const temperaturesOf = (from: number, days: number) => ({
  from,
  tenths: Array.from({ length: days * 24 }, (_, at) =>
    Math.round(90 + 40 * Math.sin(at / 3.8) + 50 * Math.sin(at / 97)),
  ),
});

const homeOf = async (months: number): Promise<CountedHome> => {
  const home = await openHome();
  await home.meter('m1');
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  for (const month of monthsBack(months)) await home.tell(moneyFacts(month));
  await home.ingest.take(
    Array.from({ length: 40 }, (_, back) => {
      const date = addDays(lastDay, -back);
      return arrived(aBlock('m1', startOfDate(zone, date), Array(expectedIntervals(zone, date, 1800)).fill(250)));
    }),
  );
  await home.settleAll();
  await putTemperatures(home.store.table('readings'), 'region north', temperaturesOf(range(394).from, 394));
  // Reads that may be old are one write behind here.
  await putTemperatures(home.store.table('readings'), 'region south', temperaturesOf(range(1).from, 1));
  const replay = newReplay({ events: false, dryRun: false }, 16, home.clock.now());
  await putReplay(home.profile, replay, undefined);
  return {
    home,
    profile: createCountedTable(home.profile),
    readings: createCountedTable(home.store.table('readings')),
    keys: createCountedTable(home.store.table('keys')),
  };
};

const ofMeter = { meter: meterId('m1'), register: 'E1' };

type Ask = (counted: CountedHome) => Promise<unknown>;
const consistent = { consistent: true } as const;
const range = (days: number) => ({
  from: startOfDate(zone, addDays(lastDay, 1 - days)),
  to: startOfDate(zone, addDays(lastDay, 1)),
});
const runsOf = ({ readings }: CountedHome, days: number) => {
  const { from, to } = range(days);
  return readRuns(readings, meterId('m1'), 'E1', from, to);
};

/** What is asked, by the words of the document's first table. */
const questions: Readonly<Record<string, Ask>> = {
  'The 360 view of a customer': ({ home, profile }) =>
    show360({ profile, now: () => home.clock.now(), today: () => '2026-11-24' }, home.idOf('cus-ana')),
  'A customer, an account, a premise, an outage': ({ home, profile }) => loadSubject(profile, home.idOf('acc-ana')),
  'The accounts of a customer, by account': async ({ home, profile }) => {
    const customer = await loadSubject(profile, home.idOf('cus-ana'));
    return listAccounts(profile, customer, { limit: 25, after: undefined, today: lastDay });
  },
  "Which accounts are a customer's now": async ({ home, profile }) =>
    accountsHeld(profile, await loadSubject(profile, home.idOf('cus-ana')), lastDay),
  'The agreements of an account, by place': ({ home, profile }) =>
    listAgreements(profile, {
      account: home.idOf('acc-ana'),
      told: toldAll,
      limit: 50,
      after: undefined,
      today: lastDay,
    }),
  'Who takes service at a point': ({ home, profile }) => readServiceOf(profile, home.idOf('prm'), home.idOf('svp')),
  'What a reference names': ({ profile }) => resolveNamed(profile, 'account', { namespace: 'billing', value: 'ana' }),
  'Where a fact is': ({ profile }) => profile.get(factIdKey('fct_00000000000000000000000000'), consistent),
  'What a meter is': ({ profile }) => profile.get(meterKey(meterId('m1')), consistent),
  'Where an import stands': ({ profile }) => readImport(profile, mintedId('import', 'none')),
  'How the replay under way stands': ({ profile }) => showReplay({ profile }, {}),
  'Which premise has a service point': ({ home, profile }) =>
    profile.get(servicePointKey(home.idOf('svp')), consistent),
  'Whether a request was answered before': ({ profile }) =>
    profile.get(idempotencyKey('machine:billing', 'k'), consistent),
  'Who has this phone, e-mail or number': ({ home, profile }) =>
    lookUpExact(profile, searchHash(home.sealer), { kind: 'code', value: 'ana' }),
  'Who was at a premise before': ({ home, profile }) => onceServedAt(profile, home.idOf('prm')),
  'In which currency an account is kept': ({ home, profile }) => accountAsKept(profile, home.idOf('acc-ana')),
  'What is due on an account whose digest no longer tells': ({ home, profile }) =>
    completeDigest(profile, home.idOf('acc-ana'), {
      by: billing.name,
      with: (states) => dueDays(stateOf(states, billing).state),
    }),
  'The bills of an account, newest first': async ({ home, profile }) => {
    const account = home.idOf('acc-ana');
    const { states } = await loadSubject(profile, account);
    return listBills(profile, { account, states, told: toldAll, limit: 25, before: undefined });
  },
  'Which payments wait for a second person': ({ profile }) => listWaitingReversals(profile, { limit: 25 }),
  'Which erasures wait': ({ profile }) => listWaitingErasures(profile, { limit: 25 }),
  'The timeline of a customer': ({ home, profile }) =>
    readTimeline(
      { profile, sealer: home.sealer },
      ownTimeOf(profile, home.idOf('cus-ana')),
      { families: [], from: undefined, to: undefined, limit: 25, before: undefined },
      fullView,
      false,
    ),
  'Which fact made what another one names': async ({ home, profile }) => {
    const [paid = ''] = monthsBack(1).map((month) => home.idOf(`paid-${month}`));
    if ((await creatorOf(profile, 'payment', paid)) === undefined) throw new Error('no such payment');
  },
  'What waits for a thing': async ({ profile }) => {
    for await (const entry of waitingFor(profile, { kind: 'account', namespace: 'billing', value: 'nobody' }))
      return entry;
    return undefined;
  },
  'What is in quarantine': ({ profile }) => listQuarantine(profile, { limit: 25 }),
  'Which meters have a certificate to retire': async ({ profile }) => {
    for await (const meter of metersWithDueCertificates(profile, '2026-11-24T00:00:00.000Z')) return meter;
    return undefined;
  },
  'Which imports rely on what a register was told': async ({ profile }) => {
    for await (const dependent of dependentsOf(profile, ofMeter)) return dependent;
    return undefined;
  },
  'Which imports told a register': ({ profile }) => importsOfRegister(profile, ofMeter),
  'Which imports have work to do': async ({ profile }) => {
    for await (const item of pendingImports(profile)) return item;
    return undefined;
  },
  'Which customers may be one': ({ profile }) => listDuplicates(profile, { bands: ['auto', 'steward'], limit: 25 }),
  'What customers asked to be changed': ({ profile }) => listChangeRequests(profile, { limit: 25 }),
  'What a dial stood at last': ({ readings }) => lastRegisterRead(readings, meterId('m1'), 'E1'),
  'What a dial stood at over a month': ({ readings }) =>
    allRegisterReads(readings, meterId('m1'), 'E1', 1_790_000_000, 1_792_592_000),
  'Readings of a day': (counted) => runsOf(counted, 1),
  'Readings of 30 days': (counted) => runsOf(counted, 30),
  'When a register was last read': ({ readings }) => lastReadingAt(readings, meterId('m1'), 'E1'),
  'The judged days of a month': ({ readings }) =>
    readJudgedMonths(readings, ofMeter, { first: '2026-11-01', last: lastDay }),
  'The last judged day of a register': ({ readings }) => lastDigest(readings, ofMeter),
  'The exceptions of a register, the latest first': ({ readings }) => pageExceptions(readings, ofMeter, 25, undefined),
  'One exception': ({ readings }) => readException(readings, `${meterId('m1')}.E1.spike.1780000200`),
  'The exceptions of a service point': async ({ home, profile, readings }) => {
    const supplied = await new SupplyReader(profile).of(home.idOf('svp'));
    return listExceptions({ profile, readings }, supplied?.meters ?? [], { limit: 25 });
  },
  'The corrections of a register in 30 days': (counted) => {
    const { from, to } = range(30);
    return readCorrections(counted.readings, ofMeter, from, to);
  },
  'What readings tell of a service point': async ({ home, profile, readings }) => {
    const supplied = await new SupplyReader(profile).of(home.idOf('svp'));
    return supplied && new ShowInsights({ profile, readings }).answer(supplied, undefined);
  },
  'What similar homes use': ({ readings }) =>
    readHomeUses(readings, { commodity: 'electricity Wh', area: 'region north' }, 'svp_none', '2026-10-20'),
  "What a tariff's prices are": ({ profile }) => readTariff(profile, 'STANDARD'),
  'Which tariffs there are': ({ profile }) => listTariffs(profile, 25, undefined),
  'Temperatures of an area over 13 months': async ({ readings }) => {
    readings.reset();
    const { from } = range(394);
    return readTemperatures(readings, 'region north', { from, to: range(1).to });
  },
  "Which areas' temperatures matter": ({ readings }) => listWeatherAreas(readings, 25, undefined),
  'What was told of a register': ({ home, readings }) =>
    readToldInsights(readings, { servicePoint: home.idOf('svp'), register: 'E1' }),
  'What happened at a premise in 30 days': ({ home, readings }) =>
    readPlaceEvents(readings, home.idOf('prm'), range(30)),
  'What is known of a register besides its readings': ({ profile }) => new GroundReader(profile).of(ofMeter, range(1)),
  'Which days are left to be judged': ({ readings }) => readDaysLeft(readings, ofMeter),
  'A month as it was issued last': ({ home, readings }) => readIssuedMonth(readings, home.idOf('svp'), 'E1', '2026-10'),
  'What is to be done about a meter': ({ readings }) => readMeterTasks(readings, meterId('m1')),
  'Which meters are to be looked at': async ({ profile }) => {
    for await (const meter of metersToLookAt(profile, '2020-01-01')) return meter;
    return undefined;
  },
  'The key of a person': ({ home, keys }) => keys.get(dataKeyKey(home.idOf('cus-ana')), consistent),
};

const countsOf = async (counted: CountedHome, ask: Ask) => {
  const tables = [counted.profile, counted.readings, counted.keys];
  for (const table of tables) table.reset();
  await ask(counted);
  const counts = tables.map((table) => table.counts());
  const sum = (of: (count: (typeof counts)[number]) => number) => counts.reduce((total, count) => total + of(count), 0);
  return { requests: sum((count) => count.requests), readUnits: sum((count) => count.readUnits) };
};

/** A row of one of the document's tables, cell by cell. */
const rowsUnder = async (heading: string): Promise<readonly (readonly string[])[]> => {
  const text = await readFile(new URL('../../shared/table/ACCESS-PATTERNS.md', import.meta.url), 'utf8');
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

/** A figure of the document: a number, or `≤` and the most it may be. */
const meets = (figure: string | undefined, value: number): boolean =>
  figure?.startsWith('≤') === true ? value <= Number(figure.slice(1)) && value > 0 : value === Number(figure);

describe('what each question costs', () => {
  let young: CountedHome;
  let old: CountedHome;
  beforeAll(async () => {
    young = await homeOf(12);
    old = await homeOf(120);
  }, 60_000);

  test('is written down, for each question once', async () => {
    const written = (await rowsUnder('Questions')).map(([question]) => question);
    expect(written.toSorted()).toEqual(Object.keys(questions).toSorted());
  });

  test.each(Object.entries(questions))('%s: as written, after a year and after ten', async (name, ask) => {
    const row = (await rowsUnder('Questions')).find(([question]) => question === name);
    const [, , requests, afterOne, afterTen] = row ?? [];
    const [one, ten] = [await countsOf(young, ask), await countsOf(old, ask)];
    expect(one.requests).toBe(Number(requests));
    expect(ten.requests).toBe(Number(requests));
    expect([name, one.readUnits, meets(afterOne, one.readUnits)]).toEqual([name, one.readUnits, true]);
    expect([name, ten.readUnits, meets(afterTen, ten.readUnits)]).toEqual([name, ten.readUnits, true]);
  });
});

const correction = {
  register: 'E1',
  start: '2026-11-20T10:00:00.000Z',
  values: [310],
  quality: 7 as const,
  reason: 'Read from the display on site.',
};

/** The way in for facts of a request, on a table that counts. */
const prepareOn = ({ sealer, clock }: Home, profile: CountedTable) => {
  const committer = createCommitter({
    ...{ profile, sealer, clock, today: () => '2026-11-24', random: () => 0.5, sleep: async () => {} },
    hooks: [meterInstallationHook(profile)],
  });
  const contentKey = new Uint8Array(32).fill(7);
  return createPrepareFacts({
    profile,
    sealer,
    clock,
    committer,
    contentKey,
    country: 'GB',
    payments: standardPaymentPolicy,
    zone: 'UTC',
    metrics: { count: () => {} },
  });
};

/** A home whose days were judged, and what people do with them; its profile table is counted, and what it writes beside it. */
const judgedCount = async () => {
  const { home, readings } = await homeOf(12);
  const profile = createCountedTable(home.profile);
  let requests = 0;
  const sam = operationRequest({ kind: 'staff', id: 'sam', roles: ['supervisor'] });
  const asked = (of: Home) => {
    requests += 1;
    const audit = { ...sam.audit, id: String(requests).padStart(26, '0') };
    return { ...sam, audit, subjectId: of.idOf('svp'), query: {} };
  };
  const prepare = prepareOn(home, profile);
  const operations = validationOperations({ profile, readings, prepare, now: () => home.clock.now() });
  profile.reset();
  return { home, readings, profile, operations, asked };
};

/** Has an insight told of a home's readings. */
const toldIn = async (home: Home, readings: CountedTable): Promise<ToldInsight> => {
  const from = startOfDate(zone, '2026-11-20');
  const told: ToldInsight = {
    kind: 'unusual-use',
    from,
    to: from,
    headline: 'Unusual use, 9.4 kWh more',
    text: 'Unusual use. Ask whether something is known of it.',
    value: { excess: 9412 },
    standing: 'over',
    state: 'new',
    foundAt: from,
    at: from,
    expires: '2026-12-24',
  };
  await home.news('readings');
  await readings.commit([toldInsightWrite({ servicePoint: home.idOf('svp'), register: 'E1' }, told, undefined)]);
  await toldInsightReader(home.submit)(await home.news('readings'));
  return told;
};

describe('what each act costs', () => {
  let profile: CountedTable;
  let system: ProfileSystem;
  beforeAll(async () => {
    let counted: CountedTable | undefined;
    system = await openProfileSystem({
      profile: (table) => {
        counted = createCountedTable(table);
        return counted;
      },
    });
    if (counted === undefined) throw new Error('the profile table was not opened');
    profile = counted;
    await system.submit(homeFacts(['ana']), machine);
    await system.submit([agreed('ana', '2025-01-01')], machine);
    await system.settle();
    for (const month of monthsBack(12)) await system.submit(moneyFacts(month), machine);
  });

  const [bill, payment, call] = moneyFacts('2026-11-12');
  const kept = async (fact: object | undefined, status: string): Promise<void> => {
    const results = await system.submit([fact], machine);
    expect(results.map((result) => result.status)).toEqual([status]);
  };
  const acts: Readonly<Record<string, () => Promise<CountedTable>>> = {
    'A bill is issued': async () => {
      await kept(bill, 'accepted');
      return profile;
    },
    'A bill comes late': async () => {
      await kept(moneyFacts('2026-10-05')[0], 'accepted');
      return profile;
    },
    'The same bill comes again': async () => {
      await kept(bill, 'duplicate');
      return profile;
    },
    'A payment comes in': async () => {
      await kept(payment, 'accepted');
      return profile;
    },
    'An agreement starts': async () => {
      await kept({ ...agreed('ana', '2026-11-01'), occurredAt: '2026-11-01T08:00:00.000Z' }, 'accepted');
      return profile;
    },
    'A role is granted': async () => {
      const [account, customer] = ['billing', 'crm'].map((namespace) => ({ namespace, value: 'ana' }));
      const data = { account, customer, role: 'payer', from: '2026-11-01' };
      const granted = { type: 'account.role.granted.v1', sourceEventId: 'payer', data };
      await kept({ ...bill, ...granted, occurredAt: '2026-11-01T09:00:00.000Z' }, 'accepted');
      return profile;
    },
    'A call is logged': async () => {
      await kept(call, 'accepted');
      return profile;
    },
    'A fact waits for what it names': async () => {
      const data = { ...bill?.data, account: { namespace: 'billing', value: 'nobody' } };
      await kept({ ...bill, sourceEventId: 'bill-nobody', data }, 'waiting');
      return profile;
    },
    'An import claims a register': async () => {
      profile.reset();
      await claimRegister(profile, ofMeter, { id: mintedId('import', 'one'), stint: 1 }, async () => false);
      return profile;
    },
    'An import takes a register over from another': async () => {
      const claimed = { ...ofMeter, register: 'E2' };
      await claimRegister(profile, claimed, { id: mintedId('import', 'one'), stint: 1 }, async () => false);
      profile.reset();
      await claimRegister(profile, claimed, { id: mintedId('import', 'two'), stint: 1 }, async () => true);
      return profile;
    },
    'An import finds there what it says': async () => {
      profile.reset();
      await relyOnRegister(profile, ofMeter, mintedId('import', 'one'));
      return profile;
    },
    '25 meters send a day': async () => {
      let readings: CountedTable | undefined;
      const ground = await telemetryGround({
        readings: (table) => {
          readings = createCountedTable(table);
          return readings;
        },
      });
      const names = Array.from({ length: 25 }, (_, n) => `n${n}`);
      for (const name of names) await putMeter(ground, aMeter(name));
      const day = Array(48).fill(250);
      await ground.ingest.take(names.map((name) => arrived(aBlock(name, '2026-03-02T00:00:00Z', day))));
      await ground.store.close();
      if (readings === undefined) throw new Error('the readings table was not opened');
      return readings;
    },
    'A new customer is looked for among all others': async () => {
      const registered = {
        type: 'customer.profile.registered.v1',
        source: { system: 'crm' },
        sourceEventId: 'new-ines',
        occurredAt: '2026-11-24T08:00:00.000Z',
        data: { kind: 'person', name: { given: 'Ines', family: 'Calder' }, dateOfBirth: '1985-03-04' },
      };
      const [result] = await system.submit([registered], machine);
      profile.reset();
      const id = result !== undefined && 'fact' in result ? (result.fact.entity ?? '') : '';
      await findDuplicates({ profile, now: () => system.clock.now() }, id, false);
      return profile;
    },
    'A day of a register closes': async () => {
      const { home, readings } = await judgedCount();
      await home.ingest.take([arrived(aBlock('m1', startOfDate(zone, '2026-11-24'), Array(48).fill(250)))]);
      readings.reset();
      const judge = new JudgeRegister({ profile: home.profile, readings, metrics: new RecordedMetrics() });
      await judge.news(ofMeter, [startOfDate(zone, '2026-11-24')]);
      return readings;
    },
    'An outage that ended is kept beside the readings': async () => {
      const { home, readings } = await homeOf(1);
      const outage = { namespace: 'field', value: 'OUT-1' };
      const fact = (type: string, occurredAt: string, data: object) =>
        home.tell([{ type, source: { system: 'billing' }, sourceEventId: `${type} ${occurredAt}`, occurredAt, data }]);
      const premise = { namespace: 'uprn', value: 'home' };
      await fact('service.outage.reported.v1', '2026-11-20T18:00:00.000Z', { premise, references: [outage] });
      await home.settleAll();
      await fact('service.outage.restored.v1', '2026-11-20T20:00:00.000Z', { outage });
      readings.reset();
      for (const change of await home.news('profile'))
        await keepPlaceEvents({ profile: home.profile, readings }, change);
      return readings;
    },
    'What else is known of a meter is noted': async () => {
      const { home, readings } = await homeOf(1);
      await home.tell([removed('m1', '2026-11-20T10:00:00.000Z')]);
      readings.reset();
      for (const change of await home.news('profile')) await followPlaces({ profile: home.profile, readings }, change);
      return readings;
    },
    'A closed day is looked at for what it tells': async () => {
      const { home, readings } = await judgedCount();
      await home.ingest.take([arrived(aBlock('m1', startOfDate(zone, '2026-11-24'), Array(48).fill(250)))]);
      await home.news('readings');
      await new JudgeRegister({ profile: home.profile, readings, metrics: new RecordedMetrics() }).news(ofMeter, [
        startOfDate(zone, '2026-11-24'),
      ]);
      const judged = await home.news('readings');
      readings.reset();
      const insights = new FollowInsights({ profile: home.profile, readings, now: () => home.clock.now() });
      await insights.changes(judged);
      return readings;
    },
    'A tariff is put': async () => {
      profile.reset();
      await putTariff(profile, aTariff, { at: '2026-11-24T00:00:00.000Z', by: 'machine:billing' });
      return profile;
    },
    'Temperatures of a day are put': async () => {
      const { readings } = await homeOf(1);
      readings.reset();
      await putTemperatures(readings, 'region north', { from: range(1).from, tenths: Array(24).fill(-21) });
      return readings;
    },
    'An insight is dismissed': async () => {
      const { home, readings, profile: counted, asked } = await judgedCount();
      const servicePoint = home.idOf('svp');
      const insight = await toldIn(home, readings);
      const prepare = prepareOn(home, counted);
      counted.reset();
      const body = { state: 'dismissed' as const, reason: 'A kiln was fired that night.' };
      await decisionOperations({ profile: counted, readings, prepare, now: () => home.clock.now() }).decideInsight({
        ...asked(home),
        params: { insightId: insightIdOf({ ...insight, servicePoint, register: 'E1' }) },
        body,
      });
      return counted;
    },
    'Readings are corrected': async () => {
      const { home, operations, asked, profile: counted } = await judgedCount();
      await operations.correctReadings({ ...asked(home), body: correction });
      return counted;
    },
    'A correction is taken back': async () => {
      const { home, operations, asked, profile: counted } = await judgedCount();
      const { factId } = (await operations.correctReadings({ ...asked(home), body: correction })).body;
      counted.reset();
      await operations.undoCorrection({ ...asked(home), params: { factId }, body: { reason: 'The wrong display.' } });
      return counted;
    },
    'An exception is dismissed': async () => {
      const { home, operations, asked, profile: counted } = await judgedCount();
      const query = { limit: 1, rule: 'identical' };
      const list = await operations.listReadingExceptions({ ...asked(home), query, body: undefined });
      const params = { exceptionId: list.body.data[0]?.id ?? '' };
      counted.reset();
      const body = { decision: 'dismissed' as const, reason: 'A heater that is always on.' };
      await operations.resolveReadingException({ ...asked(home), params, body });
      return counted;
    },
    'A task for a meter is opened': async () => {
      const { home, readings } = await judgedCount();
      readings.reset();
      const since = startOfDate(zone, lastDay);
      await noteEvidence(readings, { meter: meterId('m1'), kind: 'silent' }, { stands: true, id: 'E1', since });
      expect(home.clock.now()).toBeGreaterThan(since);
      return readings;
    },
    'An attempt is refused, the first of its kind that day': async () => {
      const audit = createCountedTable(system.store.table('audit'));
      await recordRefused(audit, {
        at: '2026-11-24T12:00:00.000Z',
        id: '00000000000000000000000001',
        actor: 'cus_00000000000000000000000001',
        actorKind: 'customer',
        act: 'customer.read',
        requestId: 'r',
        route: 'GET /v1/customers/{id}/360',
        outcome: 'refused:not-found',
        fields: [],
        count: 0,
        subject: 'cus_00000000000000000000000000',
        named: [],
      });
      return audit;
    },
    'A look at personal data is recorded': async () => {
      const audit = createCountedTable(system.store.table('audit'));
      await recordAccess(audit, {
        at: '2026-11-24T12:00:00.000Z',
        id: '00000000000000000000000000',
        actor: 'staff:1',
        actorKind: 'staff',
        act: 'customer.read',
        purpose: 'service',
        requestId: 'r',
        route: 'GET /v1/customers/{id}/360',
        outcome: 'allowed',
        fields: ['identity', 'contact'],
        count: 1,
        subject: 'cus_00000000000000000000000000',
        named: [],
      });
      return audit;
    },
  };

  test('is written down, for each act once', async () => {
    const written = (await rowsUnder('Acts')).map(([act]) => act);
    expect(written.toSorted()).toEqual(Object.keys(acts).toSorted());
  });

  test.each(Object.entries(acts))('%s: as written', async (name, act) => {
    const [, , requests, items, writeUnits] = (await rowsUnder('Acts')).find(([written]) => written === name) ?? [];
    profile.reset();
    const counts = (await act()).counts();
    expect(counts).toMatchObject({
      requests: Number(requests),
      itemsWritten: Number(items),
      writeUnits: Number(writeUnits),
    });
  });
});
