import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type OperationId, routes } from '#functions/routes.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import type { Answer, Request } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { familyOf, type Marker, mayKnow, names, people, selfOf } from './promised-time.ts';
import { buildHouse, type House } from './shared-house.ts';

/** Everybody who has to do with one house asks every route of everything there, of every time: each is told of their own alone. */

let system: RunningSystem;
let house: House;
let cases = 0;
beforeAll(async () => {
  system = await RunningSystem.start();
  house = await buildHouse(system);
}, 300_000);
afterAll(() => system.stop());

const nobodys = (kind: IdKind): string => mintedId(kind, 'nobody');
/** The time of each who lived in the flat, and all of it. */
const ranges = [
  ['2026-01-01', '2026-03-11'],
  ['2026-03-11', '2026-05-21'],
  ['2026-05-21', '2026-08-01'],
  ['2026-01-01', '2026-09-01'],
].map(([from, to]) => `from=${from}&to=${to}`);
const moments = ['2026-02-15', '2026-04-20', '2026-07-01'].map((date) => `asOf=${date}T12:00:00Z`);

/** Requests of a route about everything in the house; those of nobody's things first, for what is not there. */
type Asked = (all: House, name: string) => readonly string[];
const of = (
  path: string,
  ids: (all: House) => readonly string[],
  kind: IdKind,
  queries: readonly string[] = [''],
): Asked => {
  const requests = (id: string) =>
    queries.map((query) => `${path.replace('{id}', id)}${query === '' ? '' : `?${query}`}`);
  return (all) => [nobodys(kind), ...ids(all)].flatMap(requests);
};
/** Each record once, one's own in each way. */
const ofCustomers = (path: string, ...queries: readonly [string, ...string[]]): Asked => {
  const once = of(path, ({ customers }) => [...customers.values()], 'customer', queries.slice(0, 1));
  return (all, name) => {
    const own = [name, selfOf(name)].flatMap((one) => all.customers.get(one) ?? []);
    return [...once(all, name), ...of(path, () => own, 'customer', queries.slice(1))(all, name)];
  };
};
const ofAccounts = (path: string, ...queries: readonly string[]) =>
  of(path, ({ accounts }) => [...accounts.values()], 'account', ['', ...queries]);
const ofPoints = (path: string, queries: readonly string[] = ['']) =>
  of(path, ({ points }) => points, 'servicePoint', queries);
const explained = [
  'premises[0].servicePoints[0].meter.id',
  'premises[0].address',
  'usage',
  'alerts',
  'service.openOutages',
];

/** Every route that reads: how it is asked, or why it tells a customer of nobody. */
const reading: Readonly<Partial<Record<OperationId, Asked | 'of nobody' | 'not for customers'>>> = {
  readHealth: 'of nobody',
  readOpenApi: 'of nobody',
  listTariffs: 'of nobody',
  readTariff: 'of nobody',
  listDuplicates: 'not for customers',
  listChangeRequests: 'not for customers',
  listReversalRequests: 'not for customers',
  readErasure: 'not for customers',
  listErasureRequests: 'not for customers',
  listReadingExceptions: 'not for customers',
  listCorrections: 'not for customers',
  readImport: 'not for customers',
  listImportErrors: 'not for customers',
  listWeatherAreas: 'not for customers',
  readTemperatures: 'not for customers',
  searchCustomers: () =>
    ['Given', ...names.map(familyOf), 'quay street'].map((q) => `/v1/customers?q=${encodeURIComponent(q)}`),
  readCustomer: ofCustomers('/v1/customers/{id}', ''),
  read360: ofCustomers('/v1/customers/{id}/360', '', ...moments),
  readTimeline: ofCustomers(
    '/v1/customers/{id}/timeline',
    '',
    'limit=100',
    'family=metering,outage,supply,premise',
    ...ranges,
  ),
  explainField: ofCustomers(
    '/v1/customers/{id}/explain',
    'field=customer.name',
    ...explained.map((field) => `field=${encodeURIComponent(field)}`),
  ),
  listCustomerAccounts: ofCustomers('/v1/customers/{id}/accounts', ''),
  readChangeRequests: ofCustomers('/v1/customers/{id}/change-requests', ''),
  readAccessLog: ofCustomers('/v1/customers/{id}/access-log', ''),
  readAccount: ofAccounts('/v1/accounts/{id}', ...moments),
  listAgreements: ofAccounts('/v1/accounts/{id}/agreements'),
  listBills: ofAccounts('/v1/accounts/{id}/bills'),
  listPayments: ofAccounts('/v1/accounts/{id}/payments'),
  readLedger: ofAccounts('/v1/accounts/{id}/ledger'),
  readOutage: of('/v1/outages/{id}', ({ outages }) => outages.map(({ id }) => id), 'outage'),
  readPremise: of('/v1/premises/{id}', ({ premise }) => [premise], 'premise'),
  readServicePoint: ofPoints('/v1/service-points/{id}'),
  readUsage: ofPoints(
    '/v1/service-points/{id}/usage',
    ranges.map((range) => `${range}&resolution=interval`),
  ),
  downloadUsage: ofPoints('/v1/service-points/{id}/usage-file', ranges),
  downloadGreenButton: ofPoints('/v1/service-points/{id}/green-button', ranges),
  readInsights: ofPoints('/v1/service-points/{id}/insights'),
  readMeter: of('/v1/meters/{id}', ({ meters }) => meters, 'meter'),
};

/** What bills, payments and balances an account shows by the kind of a role has a test of its own. */
const moneyElsewhere: readonly OperationId[] = [
  'readAccount',
  'listBills',
  'listPayments',
  'readLedger',
  'read360',
  'explainField',
];

type Changing = (all: House) => readonly (Pick<Request, 'json'> & { readonly path: string; readonly whose: string })[];
const changeOf =
  (path: string, json: unknown): Changing =>
  (all) =>
    [...all.customers].map(([whose, id]) => ({
      path: path.replace('{id}', id).replace('{pointId}', nobodys('contactPoint')),
      json,
      whose,
    }));
/** Every route that changes something, and that a customer may call of their own. */
const changing: Readonly<Partial<Record<OperationId, Changing>>> = {
  changeCustomer: changeOf('/v1/customers/{id}', { language: 'cy' }),
  logInteraction: changeOf('/v1/customers/{id}/interactions', { channel: 'web', reason: 'other' }),
  addContactPoint: changeOf('/v1/customers/{id}/contact-points', { kind: 'email', value: 'amara@example.com' }),
  changeContactPoint: changeOf('/v1/customers/{id}/contact-points/{pointId}', { preferred: true }),
  removeContactPoint: changeOf('/v1/customers/{id}/contact-points/{pointId}', undefined),
};
const notForCustomers: readonly OperationId[] = [
  'sendFacts',
  'createCustomer',
  'pinAttribute',
  'unpinAttribute',
  'settleServicePoint',
  'unsettleServicePoint',
  'settleMeter',
  'unsettleMeter',
  'mergeCustomers',
  'requestErasure',
  'decideErasure',
  'undoMerge',
  'decideDuplicate',
  'decideChangeRequest',
  'reversePayment',
  'decideReversal',
  'restoreOutage',
  'decideInsight',
  'resolveReadingException',
  'correctReadings',
  'undoCorrection',
  'registerMeter',
  'exchangeMeterKey',
  'startImport',
  'undoImport',
  'putTemperatures',
  'putTariff',
];
/** Asked apart, below. */
const apart: readonly OperationId[] = ['readFact', 'takePayment', 'reportOutage'];

const as = (name: string) => ({ customer: house.customers.get(selfOf(name)) ?? '' });
const Problem = z.object({ code: z.string(), title: z.string(), detail: z.string().optional(), status: z.int() });
const refusalOf = ({ text }: Answer) => Problem.parse(JSON.parse(text));
const knownIn = (text: string, markers: readonly Marker[] = house.markers): readonly string[] =>
  markers.filter((marker) => text.includes(marker.text)).map((marker) => marker.text);
const strangeTo = (name: string): readonly Marker[] => house.markers.filter((marker) => !mayKnow(name, marker));
const isMoney = ({ of: what }: Marker): boolean => 'matter' in what && what.matter === 'bills';
const row = <Value>(table: Readonly<Partial<Record<string, Value>>>, name: string): Value | undefined => table[name];

/** All pages of a timeline, three entries at a time. */
const pagesOf = async (asker: Request['as'], customer: string, headers = {}): Promise<string> => {
  let [text, next]: [string, unknown] = ['', ''];
  while (typeof next === 'string') {
    const cursor = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page = await system.must({ path: `/v1/customers/${customer}/timeline?limit=3${cursor}`, as: asker, headers });
    text += page.text;
    next = page.json.next;
    cases += 1;
  }
  return text;
};

describe('every route', () => {
  it('is asked of, or said to tell a customer of nobody', () => {
    const known = [...Object.keys(reading), ...Object.keys(changing), ...notForCustomers, ...apart];
    expect(known.toSorted()).toEqual(routes.map(({ operationId }) => operationId).toSorted());
  });

  const read = routes.filter(({ operationId }) => typeof row(reading, operationId) === 'function');
  it.each(read.map((route) => [route.operationId, route] as const))(
    'tells nobody of what is not theirs, whatever they ask it: %s',
    async (operationId) => {
      const paths = row(reading, operationId);
      if (typeof paths !== 'function') throw new Error(`no row for ${operationId}`);
      for (const name of names) {
        const strange = strangeTo(name).filter(
          (marker) => !moneyElsewhere.some((one) => one === operationId) || !isMoney(marker),
        );
        let missing: z.infer<typeof Problem> | undefined;
        for (const path of paths(house, name)) {
          const answer = await system.ask({ path, as: as(name) });
          cases += 1;
          expect([name, path, knownIn(answer.text, strange)]).toEqual([name, path, []]);
          if (answer.status < 300) continue;
          const refusal = refusalOf(answer);
          // What stands in the question itself may be refused before anything is looked up.
          if (refusal.status === 422) continue;
          missing ??= refusal;
          expect([name, path, refusal]).toEqual([name, path, missing]);
        }
      }
    },
    300_000,
  );

  it.each(Object.entries(changing).map(([name, paths]) => [name, paths] as const))(
    'changes nothing of another, and tells nothing: %s',
    async (operationId, paths) => {
      const method = routes.find((route) => route.operationId === operationId)?.method ?? 'POST';
      for (const name of names) {
        for (const { whose, path, json } of paths?.(house) ?? []) {
          if (selfOf(whose) === selfOf(name)) continue;
          const headers = { 'if-match': '"v1"' };
          const answer = await system.ask({
            method,
            path,
            as: as(name),
            headers,
            ...(json === undefined ? {} : { json }),
          });
          cases += 1;
          expect([name, path, answer.status, knownIn(answer.text, strangeTo(name))]).toEqual([name, path, 404, []]);
        }
      }
    },
    300_000,
  );

  it('that is not for customers is refused to all of them alike', async () => {
    const refused = routes.filter(
      ({ operationId }) =>
        row(reading, operationId) === 'not for customers' || notForCustomers.some((one) => one === operationId),
    );
    for (const { method, path } of refused) {
      for (const name of names) {
        const asked = path.replace('{id}', house.points[0] ?? '').replace(/\{\w+\}/, nobodys('fact'));
        const answer = await system.ask({ method, path: asked, as: as(name) });
        cases += 1;
        expect([name, method, path, answer.status]).toEqual([name, method, path, 403]);
      }
    }
  });

  it('lets a customer tell of an outage of what they take there now, and of nothing else', async () => {
    const may = ['next', 'joint-now', 'landlord-now', 'nominee-now'];
    for (const name of names) {
      for (const commodity of ['electricity', 'gas', 'water']) {
        const isTheirs = commodity === 'electricity' ? may.includes(name) : commodity === 'gas' && name === 'neighbour';
        const json = { premise: house.premise, commodity };
        const answer = await system.ask({ method: 'POST', path: '/v1/outages', as: as(name), json });
        cases += 1;
        expect([name, commodity, answer.status < 300]).toEqual([name, commodity, isTheirs]);
        if (!isTheirs) expect(answer.status).toBe(404);
      }
    }
  });
});

describe('a payment', () => {
  it('is taken by nobody for an account they have nothing to do with', async () => {
    for (const name of names) {
      for (const [occupier, account] of house.accounts) {
        const isOwn = (people[selfOf(name)] ?? []).some((held) => held.account === occupier);
        if (isOwn) continue;
        const json = { amount: { amountMinor: 100, currency: 'GBP' }, method: 'card' };
        const headers = { 'idempotency-key': `${name}-${occupier}` };
        const answer = await system.ask({
          method: 'POST',
          path: `/v1/accounts/${account}/payments`,
          as: as(name),
          json,
          headers,
        });
        cases += 1;
        expect([name, occupier, [403, 404].includes(answer.status), knownIn(answer.text)]).toEqual([
          name,
          occupier,
          true,
          [],
        ]);
      }
    }
  }, 300_000);
});

describe('facts', () => {
  // Whose figure of a month that two shared cannot be told where it has no parts; that it was closed can.
  const sharedOf = new Map([['month-of-old', ['own', 'alias', 'joint', 'next']]]);
  it('are told by their ids to those alone whose time they speak of, and look to all others like nothing', async () => {
    for (const name of names) {
      const missing = refusalOf(await system.ask({ path: `/v1/facts/${nobodys('fact')}`, as: as(name) }));
      for (const { id, event, markers, internal } of house.facts) {
        const isTheirs = !internal && markers.some((marker) => mayKnow(name, marker));
        const isTold = isTheirs || sharedOf.get(event)?.includes(name) === true;
        const answer = await system.ask({ path: `/v1/facts/${id}`, as: as(name) });
        cases += 1;
        expect([name, event, answer.status]).toEqual([name, event, isTold ? 200 : 404]);
        expect([name, event, knownIn(answer.text, strangeTo(name))]).toEqual([name, event, []]);
        if (!isTold) expect(refusalOf(answer)).toEqual(missing);
      }
    }
  }, 300_000);
});

describe('a timeline', () => {
  it('is the whole story of a customer, page by page, and of nobody else, whoever reads it', async () => {
    for (const name of names) {
      const customer = house.customers.get(selfOf(name)) ?? '';
      const theirs = house.facts.flatMap(({ markers, internal }) =>
        markers.filter((one) => !internal && mayKnow(name, one)),
      );
      const wanted = [...new Set(theirs.map(({ text }) => text))].sort();
      const own = await pagesOf(as(name), customer);
      expect([name, [...knownIn(own)].sort()]).toEqual([name, wanted]);
      const staff = await pagesOf({ role: 'agent' }, customer);
      expect([name, knownIn(staff, strangeTo(name))]).toEqual([name, []]);
      expect(wanted.filter((text) => !staff.includes(text))).toEqual([]);
    }
  }, 300_000);
});

describe('the log of a look', () => {
  const logged = async (request: Request): Promise<readonly string[]> => {
    const { requestId } = await system.must(request);
    cases += 1;
    const in_ = await Promise.all(
      names.map(async (name) =>
        (await system.entriesOf(house.customers.get(name) ?? '', requestId)).length > 0 ? [name] : [],
      ),
    );
    return in_.flat().sort();
  };
  const byDesk = { as: { role: 'billing' }, headers: { 'rotunda-purpose': 'billing' } } as const;

  it.each([
    ['2026-02-01', '2026-03-01', ['former']],
    ['2026-03-05', '2026-03-20', ['former', 'own']],
    ['2026-03-15', '2026-03-20', ['own']],
    ['2026-04-15', '2026-04-20', ['joint', 'own']],
    ['2026-06-10', '2026-06-20', ['joint-gone', 'joint-now', 'next']],
    ['2026-07-10', '2026-07-20', ['joint-now', 'next']],
  ])('stands with those whose time was looked at, from %s to %s: %j', async (from, to, whose) => {
    const [point] = house.points;
    for (const path of [
      `/v1/service-points/${point}/usage?from=${from}&to=${to}`,
      `/v1/service-points/${point}/usage-file?from=${from}&to=${to}`,
      `/v1/service-points/${point}/green-button?from=${from}&to=${to}`,
      `/v1/service-points/${point}/corrections?from=${from}&to=${to}`,
    ])
      expect([path, await logged({ path, ...byDesk })]).toEqual([path, whose]);
  });

  it('of a fact stands with those of whom it speaks, then', async () => {
    const whose = async (event: string) => {
      const id = house.facts.find((one) => one.event === event)?.id;
      return logged({ path: `/v1/facts/${id}`, ...byDesk });
    };
    expect(await whose('month-former')).toEqual(['former']);
    expect(await whose('month-shared')).toEqual(['former', 'own']);
    expect(await whose('corrected-own')).toEqual(['joint', 'own']);
    expect(await whose('insight-next')).toEqual(['joint-now', 'next']);
    expect(await whose('corrected-neighbour')).toEqual(['neighbour']);
    expect(await whose('spike-former')).toEqual(['former']);
    expect(await whose('dark-own')).toEqual(['joint', 'landlord', 'nominee', 'own']);
    expect(await whose('bill-own')).toEqual(['joint', 'nominee', 'own', 'payer']);
    expect(await whose('bill-former')).toEqual(['former']);
  });

  it('of a machine stands there, too', async () => {
    const path = `/v1/service-points/${house.points[0]}/usage?from=2026-02-01&to=2026-03-01`;
    expect(await logged({ path, as: { client: 'head-end' } })).toEqual(['former']);
  });
});

it('was tried in more than two thousand ways', () => {
  expect(cases).toBeGreaterThan(2000);
});
