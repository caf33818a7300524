import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { ShownView } from '#cli/shown-view.ts';
import { viewScreen } from '#cli/view-screen.ts';
import { type OperationId, routes } from '#functions/routes.ts';
import { purposesOfRole } from '#shared/access/acts.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import type { Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildMarkedHouse, type Marked, type MarkedHouse, marked } from './marked-house.ts';

/** What the matrix hides from a role is in no answer of any route that reads, for any purpose, whichever way it is asked for. */

const today = localDateAt('Europe/London', Math.floor(Date.now() / 1000));
const all: readonly Marked[] = ['name', 'identity', 'contact', 'financial', 'usage', 'freeText'];
/** Which classes each role was promised to see, written down once more and not taken from the matrix. */
const promised: Readonly<Record<StaffRole, readonly Marked[]>> = {
  agent: all,
  supervisor: all,
  billing: all,
  privacy: all,
  field: ['name'],
  auditor: [],
  operator: [],
};

let system: RunningSystem;
let house: MarkedHouse;
let facts: readonly string[] = [];
beforeAll(async () => {
  system = await RunningSystem.start();
  house = await buildMarkedHouse(system, today);
  const path = `/v1/customers/${house.customer}/timeline?limit=100`;
  const told = await system.must({ path, as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'test' } });
  facts = z
    .array(z.object({ id: z.string() }))
    .parse(told.json.data)
    .map(({ id }) => id);
  expect(facts.length).toBeGreaterThan(12);
}, 120_000);
afterAll(() => system.stop());

/** Parts of the view whose explanation is asked for; a part that is not there for a role is refused. */
const explained = [
  'customer.name',
  'customer.dateOfBirth',
  'customer.status',
  'contact.preferences.language',
  'contact.points',
  'contact.points[0].value',
  'contact.points[0].kind',
  'alerts',
  ...[0, 1, 2].flatMap((n) => [`alerts[${n}]`, `alerts[${n}].text`, `alerts[${n}].because`, `alerts[${n}].since`]),
  'accounts',
  'accounts[0].balance',
  'accounts[0].overdue',
  'accounts[0].lastBill',
  'accounts[0].lastBill.id',
  'accounts[0].lastPayments',
  'accounts[0].lastPayments[0].id',
  'accounts[0].agreements',
  'premises',
  'premises[0].address',
  'premises[0].servicePoints',
  'usage',
  'usage[0].months',
  'usage[0].recentDays[0].value',
  'service',
  'interactions',
  'interactions.recent',
  'interactions.recent[0].summary',
  'interactions.recent[0].reason',
  'interactions.counts',
  'interactions.handover',
  'interactions.handover.text',
  'nextSteps',
  'freshness.sources',
  'omitted',
];
const searched = [
  'Zyxwold',
  '01632 960444',
  'zyx.w@example.com',
  'B-marked',
  '9 Markergate',
  'Zyxwold ZZ1 4QS',
  'RT-marked',
];

/** Every way to ask by each route that reads. */
const waysBy: Readonly<Partial<Record<OperationId, () => readonly string[]>>> = {
  readHealth: () => ['/v1/health'],
  readOpenApi: () => ['/v1/openapi.json'],
  readFact: () => facts.map((id) => `/v1/facts/${id}`),
  searchCustomers: () => searched.map((q) => `/v1/customers?q=${encodeURIComponent(q)}`),
  listCustomerAccounts: () => [`/v1/customers/${house.customer}/accounts`],
  readCustomer: () => [`/v1/customers/${house.customer}`],
  read360: () => ['', `?asOf=${new Date().toISOString()}`].map((at) => `/v1/customers/${house.customer}/360${at}`),
  readTimeline: () =>
    ['', '?family=interactions', '?family=contact', '?family=billing', '?family=metering', '?family=outage'].map(
      (family) => `/v1/customers/${house.customer}/timeline${family}`,
    ),
  explainField: () =>
    explained.map((field) => `/v1/customers/${house.customer}/explain?field=${encodeURIComponent(field)}`),
  listChangeRequests: () => ['/v1/change-requests'],
  readChangeRequests: () => [`/v1/customers/${house.customer}/change-requests`],
  readErasure: () => [`/v1/customers/${house.customer}/erasure`],
  listErasureRequests: () => ['/v1/erasure-requests'],
  listReversalRequests: () => ['/v1/reversal-requests'],
  readAccessLog: () => [`/v1/customers/${house.customer}/access-log`],
  listDuplicates: () => ['/v1/duplicates', '/v1/duplicates?band=separate'],
  readAccount: () => ['', `?asOf=${new Date().toISOString()}`].map((at) => `/v1/accounts/${house.account}${at}`),
  listAgreements: () => [`/v1/accounts/${house.account}/agreements`],
  listBills: () => [`/v1/accounts/${house.account}/bills`],
  listPayments: () => [`/v1/accounts/${house.account}/payments`],
  readLedger: () => [`/v1/accounts/${house.account}/ledger`],
  readOutage: () => [`/v1/outages/${house.outage}`],
  readPremise: () => [`/v1/premises/${house.premise}`],
  readServicePoint: () => [`/v1/service-points/${house.servicePoint}`],
  readUsage: () =>
    ['', '&resolution=day'].map(
      (resolution) =>
        `/v1/service-points/${house.servicePoint}/usage?from=${addDays(today, -4)}&to=${addDays(today, -1)}${resolution}`,
    ),
  downloadGreenButton: () => [`/v1/service-points/${house.servicePoint}/green-button`],
  downloadUsage: () => [`/v1/service-points/${house.servicePoint}/usage-file?format=csv`],
  listReadingExceptions: () => [`/v1/service-points/${house.servicePoint}/exceptions`],
  listCorrections: () => [`/v1/service-points/${house.servicePoint}/corrections?from=2026-01-01&to=2026-03-01`],
  readInsights: () => [`/v1/service-points/${house.servicePoint}/insights`],
  readMeter: () => [`/v1/meters/${house.meter}`],
  readImport: () => ['/v1/imports/imp_00000000000000000000000000'],
  listImportErrors: () => ['/v1/imports/imp_00000000000000000000000000/errors'],
  listWeatherAreas: () => ['/v1/weather-areas'],
  readTemperatures: () => [
    '/v1/weather-areas/region:NORTH-03/temperatures?from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z',
  ],
  listTariffs: () => ['/v1/tariffs'],
  readTariff: () => ['/v1/tariffs/STANDARD'],
};

const reading: readonly RouteDefinition[] = routes.filter(({ method }) => method === 'GET');
const waysOf = (route: RouteDefinition): readonly string[] => {
  const ways = Object.entries(waysBy).find(([operationId]) => operationId === route.operationId)?.[1];
  if (ways === undefined) throw new Error(`nobody has said how ${route.operationId} is asked`);
  return ways();
};

/** Classes of which something stands in an answer, in its body or its headers. */
const classesIn = (text: string): readonly Marked[] =>
  all.filter((one) => marked[one].some((mark) => text.includes(mark)));

const askAll = async (as: Asker, headers: Readonly<Record<string, string>>) => {
  const answers = [];
  for (const route of reading) {
    for (const path of waysOf(route)) {
      const answer = await system.ask({ path, as, headers });
      expect([path, answer.status < 500]).toEqual([path, true]);
      // Ids of requests are drawn, and may hold any figure.
      const said = `${answer.text} ${JSON.stringify([...answer.headers])}`.replaceAll(/[0-9a-f-]{30,}/g, '');
      // A refusal may repeat what was asked; it was the asker's own.
      answers.push({ path, said: route.operationId === 'readOpenApi' ? '' : said });
    }
  }
  return answers;
};

const cases = StaffRole.options.flatMap((role) => purposesOfRole[role].map((purpose) => ({ role, purpose })));

it.each(cases)(
  'a $role reading for $purpose is told of no class that is hidden from them',
  async ({ role, purpose }) => {
    const answers = await askAll({ role }, { 'rotunda-purpose': purpose });
    expect(answers.length).toBeGreaterThan(100);
    for (const { path, said } of answers) {
      const hidden = classesIn(said).filter((one) => !promised[role].includes(one));
      expect([path, hidden]).toEqual([path, []]);
    }
    const seen = new Set(answers.flatMap(({ said }) => classesIn(said)));
    expect([...seen].sort()).toEqual([...promised[role]].sort());
  },
  120_000,
);

it('each mark stands somewhere, so that hiding it means something', async () => {
  const said = (await askAll({ role: 'supervisor' }, { 'rotunda-purpose': 'service' })).map((one) => one.said).join();
  for (const mark of Object.values(marked).flat()) expect([mark, said.includes(mark)]).toEqual([mark, true]);
}, 120_000);

it('the view is drawn for staff in the field, too, with what they see of it', async () => {
  const path = `/v1/customers/${house.customer}/360`;
  const { json } = await system.must({ path, as: { role: 'field' }, headers: { 'rotunda-purpose': 'service' } });
  const lines = viewScreen(ShownView.parse(json), 120)
    .map(({ text }) => text)
    .join('\n');
  expect(lines).toContain('Zyxwold');
  expect(classesIn(lines)).toEqual(['name']);
});

it('staff in the field see when a meter was last read, and nothing of use', async () => {
  const as = { role: 'field' };
  const headers = { 'rotunda-purpose': 'service' };
  const point = await system.must({ path: `/v1/service-points/${house.servicePoint}`, as, headers });
  expect(point.text).toContain('lastReadingAt');
  for (const route of ['usage?from=2026-02-01&to=2026-02-02', 'insights', 'usage-file?format=csv', 'green-button']) {
    const refused = await system.ask({ path: `/v1/service-points/${house.servicePoint}/${route}`, as, headers });
    expect([route, refused.status, refused.json.code]).toEqual([route, 403, 'access.denied']);
  }
});
