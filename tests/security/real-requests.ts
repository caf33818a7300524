import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { ToldInsight } from '#functions/insight/rules/told-insights.ts';
import { insightIdOf, toldInsightWrite } from '#functions/insight/store/told-insights.ts';
import type { OperationId } from '#functions/routes.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import { standardPaymentBounds } from '#shared/vocabulary/payment-policy.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import type { Request } from '#tests/support/api-client.ts';
import { disputedFrom, disputedHome } from '#tests/support/disputes.ts';
import type { RunningSystem } from '#tests/support/running-system.ts';
import { freshKey, type Household, mergeOneMore, meterBody } from '#tests/support/small-world.ts';

const nobodys = (kind: IdKind): string => mintedId(kind, 'nobody');

/** Ids in the right form of things that do not exist. */
export const nobody: Household = {
  customer: nobodys('customer'),
  account: nobodys('account'),
  premise: nobodys('premise'),
  servicePoint: nobodys('servicePoint'),
  meter: nobodys('meter'),
  outage: nobodys('outage'),
  fact: nobodys('fact'),
  duplicate: nobodys('duplicate'),
  contactPoint: nobodys('contactPoint'),
  merge: nobodys('merge'),
};

const DuplicateList = z.object({
  data: z.array(z.object({ id: z.string(), customers: z.array(z.object({ id: z.string() })) })),
});

const money = { amountMinor: 1000, currency: 'GBP' };

const correctionFrom = (start: string) => ({
  register: '1',
  start,
  values: [210],
  quality: 7,
  reason: 'Read from the display on site.',
});

const aTariff = {
  commodity: 'electricity',
  currency: 'GBP',
  unit: 'kWh',
  prices: [{ from: '2025-01-01', energyPrice: '0.2486' }],
};

/** Why the changes are made whose body does not say it. */
export const whyChanged = 'Asked for in a letter.';

/** Something that a system may say of a household, and whose log it stands in. */
export const wordOf = (client: string, { customer, account, premise, servicePoint, meter }: Household) => {
  switch (client) {
    case 'payments':
      return {
        type: 'billing.payment.received.v1',
        data: { account, amount: money, method: 'card' },
        about: account,
      } as const;
    case 'head-end':
      return {
        type: 'metering.event.recorded.v1',
        data: { servicePoint, meter, event: 'clock' },
        about: premise,
      } as const;
    default:
      return {
        type: 'contact.interaction.logged.v1',
        data: { customer, channel: 'web', reason: 'billing.high-bill' },
        about: customer,
      } as const;
  }
};

type Bodies = Readonly<Partial<Record<OperationId, (home: Prepared, client: string) => unknown>>>;

const bodies: Bodies = {
  sendFacts: (home, client) => {
    const { about: _about, ...said } = wordOf(client, home);
    const sent = { source: { system: client }, sourceEventId: freshKey(), occurredAt: '2026-03-01T09:00:00Z' };
    return { facts: [{ ...said, ...sent }] };
  },
  createCustomer: () => ({ kind: 'person', name: { family: 'Svensson' } }),
  changeCustomer: () => ({ language: 'cy' }),
  logInteraction: () => ({ channel: 'web', reason: 'billing.high-bill' }),
  decideChangeRequest: () => ({ outcome: 'declined', reason: 'The passport says otherwise.' }),
  addContactPoint: () => ({ kind: 'email', value: 'amara@example.com' }),
  changeContactPoint: () => ({ label: 'in the evening' }),
  pinAttribute: () => ({ field: 'contact.preferences.language', value: 'cy', reason: 'Asked on the phone.' }),
  settleServicePoint: (home) => ({ accountId: home.account, from: disputedFrom, reason: 'The contract says so.' }),
  settleMeter: (home) => ({
    servicePointId: home.servicePoint,
    from: `${disputedFrom}T00:00:00Z`,
    reason: 'Its number was read on site.',
  }),
  undoMerge: () => ({ reason: 'Father and son.' }),
  requestErasure: () => ({ ground: 'no-longer-needed', reason: 'Request 2026-118.' }),
  decideErasure: (home) => ({ request: home.erasure ?? nobody.fact, decision: 'declined', reason: whyChanged }),
  takePayment: () => ({ amount: money, method: 'card' }),
  reversePayment: () => ({ reason: 'error', note: 'Booked twice.' }),
  decideReversal: (home) => ({
    request: home.reversal ?? nobody.fact,
    decision: 'confirmed',
    note: 'The bank says so too.',
  }),
  reportOutage: (home) => ({ premise: home.premise }),
  decideDuplicate: () => ({ decision: 'different', reason: 'Father and son.' }),
  restoreOutage: () => ({ cause: 'cable-fault' }),
  decideInsight: () => ({ state: 'dismissed', reason: 'Nobody was at home.' }),
  resolveReadingException: () => ({ decision: 'dismissed', reason: 'Nobody was at home.' }),
  undoImport: () => ({ reason: 'The file was sent by mistake.' }),
  unsettleServicePoint: () => ({ reason: 'The contract was another.' }),
  unsettleMeter: () => ({ reason: 'The meter was another.' }),
  undoCorrection: () => ({ reason: 'The display of the neighbour was read.' }),
  correctReadings: () => correctionFrom('2026-02-01T00:00:00Z'),
  putTariff: () => aTariff,
  putTemperatures: () => ({ start: '2026-02-01T00:00:00Z', celsiusTenths: [83, null, 85] }),
  exchangeMeterKey: () => ({ reason: 'The module was replaced.' }),
  startImport: () => ({ format: 'nem12', bytes: 100, sha256: createHash('sha256').update(freshKey()).digest('hex') }),
};

const queries: Readonly<Partial<Record<OperationId, string>>> = {
  searchCustomers: '?q=okafor',
  explainField: '?field=customer.name',
  readUsage: '?from=2026-02-01&to=2026-03-01',
  listCorrections: '?from=2026-02-01&to=2026-03-01',
  downloadUsage: '?format=csv',
  readTemperatures: '?from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z',
};

const at = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined => record[name];

/** A customer of whom nothing else is known, to be merged away. */
const oneMore = async (system: RunningSystem): Promise<string> => {
  const json = { kind: 'person', name: { family: 'Twice' } };
  return String((await system.must({ method: 'POST', path: '/v1/customers', as: { role: 'agent' }, json })).json.id);
};

/** Registers one person twice; answers the id of the question whether both are one. */
const twoAlike = async (system: RunningSystem): Promise<string> => {
  const as = { role: 'agent' };
  const email = `${freshKey()}@example.com`;
  const json = {
    kind: 'person',
    name: { given: 'Ines', family: 'Calder' },
    contactPoints: [{ kind: 'email', value: email }],
  };
  const first = await system.must({ method: 'POST', path: '/v1/customers', as, json });
  await system.must({ method: 'POST', path: '/v1/customers', as, json });
  await system.settle();
  const listed = await system.must({ path: '/v1/duplicates?limit=100', as });
  const { data } = DuplicateList.parse(listed.json);
  const question = data.find(({ customers }) => customers.some(({ id }) => id === first.json.id));
  if (question === undefined) throw new Error('nobody asks whether both are one');
  return question.id;
};

const ExceptionList = z.object({ data: z.array(z.object({ id: z.string() })) });
/** Days corrected so far of each system. */
const correctedDays = new WeakMap<RunningSystem, number>();

/** Gives one value of a day of its own; answers the fact of the correction. */
const aCorrection = async (system: RunningSystem, { servicePoint }: Household): Promise<string> => {
  const day = (correctedDays.get(system) ?? 0) + 1;
  correctedDays.set(system, day);
  const json = correctionFrom(`${addDays('2025-11-01', day)}T03:00:00Z`);
  const path = `/v1/service-points/${servicePoint}/corrections`;
  const headers = { 'rotunda-purpose': 'test' };
  const { factId } = (await system.must({ method: 'POST', path, as: { role: 'supervisor' }, headers, json })).json;
  await system.settle();
  return String(factId);
};

/** Gives one value of a day, and of the day after, so that the first is closed with holes; answers the exception of one. */
const anException = async (system: RunningSystem, home: Household): Promise<string> => {
  const { servicePoint } = home;
  const as = { role: 'supervisor' };
  const headers = { 'rotunda-purpose': 'test' };
  const path = `/v1/service-points/${servicePoint}`;
  for (let day = 0; day < 2; day += 1) await aCorrection(system, home);
  const listed = await system.must({ path: `${path}/exceptions`, as, headers });
  const [found] = ExceptionList.parse(listed.json).data;
  if (found === undefined) throw new Error('no exception stands');
  return found.id;
};
let toldInsights = 0;

/** Has the system tell of something in a home's readings; answers the id of the insight. */
const anInsight = async (system: RunningSystem, { servicePoint }: Household): Promise<string> => {
  toldInsights += 1;
  const from = 1_769_904_000 + toldInsights;
  const place = { servicePoint, register: '1' };
  const told: ToldInsight = {
    kind: 'unusual-use',
    from,
    to: from,
    headline: 'Unusual use',
    text: 'Unusual use.',
    value: {},
    standing: 'over',
    state: 'new',
    foundAt: from,
    at: from,
    expires: '2026-03-01',
  };
  await system.served.system.store.table('readings').commit([toldInsightWrite(place, told, undefined)]);
  await system.settle();
  return insightIdOf({ ...place, ...told });
};
/** Has a customer ask for another name; answers the request. */
const aChangeRequest = async (system: RunningSystem, { customer }: Household): Promise<string> => {
  const [path, as] = [`/v1/customers/${customer}`, { customer }];
  const headers = { 'if-match': (await system.must({ path, as })).headers.get('etag') ?? '' };
  const json = { name: { family: freshKey() } };
  return String((await system.ask({ method: 'PATCH', path, as, headers, json })).json.interactionId);
};

/** Imports a file of meter data; answers the id of the import once it is done. */
const anImport = async (system: RunningSystem): Promise<string> => {
  const file = `100,NEM12,202601010000,${freshKey()},RETAILER\n900\n`;
  const as = { client: 'head-end' };
  const sha256 = createHash('sha256').update(file).digest('hex');
  const json = { format: 'nem12', bytes: Buffer.byteLength(file), sha256 };
  const begun = await system.must({ method: 'POST', path: '/v1/imports', as, json });
  const { upload } = z.object({ upload: z.object({ url: z.string() }) }).parse(begun.json);
  await fetch(upload.url, { method: 'PUT', body: file });
  const path = `/v1/imports/${begun.json.id}`;
  while ((await system.must({ path, as })).json.state !== 'done') await wait(20);
  return String(begun.json.id);
};
const ofOneImport: ReadonlySet<string> = new Set(['readImport', 'listImportErrors', 'undoImport']);

/** A household, and what was brought about in it for one request. */
type Prepared = Household & {
  readonly etag?: string;
  readonly pin?: string;
  readonly settled?: string;
  readonly alias?: string;
  readonly exception?: string;
  readonly insight?: string;
  readonly correction?: string;
  readonly import?: string;
  readonly tariff?: string;
  readonly payment?: string;
  /** That somebody asked for the payment to be taken back. */
  readonly reversal?: string;
  /** That somebody asked for a person to be erased. */
  readonly erasure?: string;
  /** That a customer asked for a change. */
  readonly request?: string;
};

/** Has an agent take a payment on an account, and ask for a large one to be taken back. */
const aPayment = async (system: RunningSystem, { account }: Household, amountMinor: number) => {
  const path = `/v1/accounts/${account}/payments`;
  const common = { method: 'POST', as: { role: 'agent' } };
  const asked = async (to: string, json: unknown) =>
    system.must({ ...common, path: to, headers: { 'idempotency-key': freshKey() }, json });
  const taken = await asked(path, { amount: { amountMinor, currency: 'GBP' }, method: 'card' });
  const payment = String(taken.json.id);
  if (amountMinor <= standardPaymentBounds.mostReversedAlone) return { payment };
  const request = await asked(`${path}/${payment}/reversal`, { reason: 'error', note: 'Booked twice.' });
  return { payment, reversal: String(request.json.requestId) };
};

/** A customer whom nothing stands against erasing, and, where it is to be decided on, that another person asked for it. */
const aPersonToErase = async (system: RunningSystem, home: Household, route: OperationId): Promise<Prepared> => {
  const customer = await oneMore(system);
  if (route === 'requestErasure') return { ...home, customer };
  const asked = await system.must({
    method: 'POST',
    path: `/v1/customers/${customer}/erasure`,
    as: { role: 'privacy-second' },
    headers: { 'idempotency-key': freshKey() },
    json: bodies.requestErasure?.({ ...home, customer }, ''),
  });
  return { ...home, customer, erasure: String(asked.json.requestId) };
};

/** A home in dispute, and what was settled of it. */
const aSettlement = async (system: RunningSystem, home: Household, route: OperationId): Promise<Prepared> => {
  const { account, servicePoint, meter } = await disputedHome(system);
  const ready = { ...home, account, servicePoint, meter };
  if (!route.startsWith('unsettle')) return ready;
  const [path, body] =
    route === 'unsettleMeter'
      ? [`/v1/meters/${meter}`, bodies.settleMeter?.(ready, '')]
      : [`/v1/service-points/${servicePoint}`, bodies.settleServicePoint?.(ready, '')];
  const as = { role: 'supervisor' };
  const headers = { 'rotunda-purpose': 'service' };
  const settled = await system.must({ method: 'POST', path: `${path}/settlements`, as, headers, json: body });
  return { ...ready, settled: String(settled.json.factId) };
};
const ofOneDispute: readonly OperationId[] = [
  'settleServicePoint',
  'unsettleServicePoint',
  'settleMeter',
  'unsettleMeter',
];

/** Brings about what a good request of a kind needs: the version as it is, a point to remove, an outage to restore. */
const prepared = async (system: RunningSystem, route: RouteDefinition, home: Household): Promise<Prepared> => {
  const as = { role: 'agent' };
  let ready: Prepared = home;
  if (route.operationId === 'removeContactPoint') {
    const path = `/v1/customers/${home.customer}/contact-points`;
    const added = await system.must({ method: 'POST', path, as, json: { kind: 'email', value: 'gone@example.com' } });
    ready = { ...home, contactPoint: String(added.json.id) };
  }
  if (route.operationId === 'restoreOutage') {
    const reported = await system.must({ method: 'POST', path: '/v1/outages', as, json: { premise: home.premise } });
    ready = { ...home, outage: String(reported.json.id) };
  }
  if (route.operationId === 'unpinAttribute') {
    const path = `/v1/customers/${home.customer}`;
    const etag = (await system.must({ path, as })).headers.get('etag') ?? '';
    const json = { field: 'customer.kind', value: 'person', reason: 'Asked on the phone.' };
    const headers = { 'if-match': etag };
    const pinned = await system.must({ method: 'POST', path: `${path}/pins`, as, headers, json });
    ready = { ...home, pin: String(pinned.json.factId) };
  }
  const settling = ofOneDispute.find((one) => one === route.operationId);
  if (settling !== undefined) ready = await aSettlement(system, home, settling);
  if (route.operationId === 'readTariff') {
    const tariff = freshKey().slice(0, 40);
    await system.must({ method: 'PUT', path: `/v1/tariffs/${tariff}`, as: { client: 'billing' }, json: aTariff });
    ready = { ...home, tariff };
  }
  if (route.operationId === 'decideChangeRequest') ready = { ...home, request: await aChangeRequest(system, home) };
  if (ofOneImport.has(route.operationId)) ready = { ...home, import: await anImport(system) };
  if (route.operationId === 'mergeCustomers') ready = { ...home, alias: await oneMore(system) };
  if (route.operationId === 'undoMerge') ready = { ...home, merge: await mergeOneMore(system, home.customer) };
  if (route.operationId === 'resolveReadingException') ready = { ...home, exception: await anException(system, home) };
  if (route.operationId === 'decideInsight') ready = { ...home, insight: await anInsight(system, home) };
  if (route.operationId === 'undoCorrection') ready = { ...home, correction: await aCorrection(system, home) };
  if (route.operationId === 'reversePayment') ready = { ...home, ...(await aPayment(system, home, 1000)) };
  if (route.operationId === 'decideReversal') ready = { ...home, ...(await aPayment(system, home, 60_000)) };
  if (route.operationId === 'requestErasure' || route.operationId === 'decideErasure')
    ready = await aPersonToErase(system, home, route.operationId);
  if (route.operationId === 'decideDuplicate') ready = { ...home, duplicate: await twoAlike(system) };
  if (route.ifMatch !== true) return ready;
  const seen = await system.must({ path: `/v1/customers/${home.customer}`, as });
  return { ...ready, etag: seen.headers.get('etag') ?? '' };
};

/**
 * A request to a route about a household that the operation behind it can do.
 * @param ready whether it is to succeed: then what it needs is brought about first
 */
export const realRequest = async (
  system: RunningSystem,
  route: RouteDefinition,
  home: Household,
  caller: { readonly ready: boolean; readonly client: string; readonly purpose: string | undefined },
): Promise<Request & { readonly path: string; readonly subject: string | undefined }> => {
  const about: Prepared = caller.ready ? await prepared(system, route, home) : home;
  const subject = route.subject === 'none' ? undefined : about[route.subject];
  const path = route.path
    .replace('tariffs/{id}', `tariffs/${about.tariff ?? 'STANDARD'}`)
    .replace('weather-areas/{id}', 'weather-areas/region:NORTH-03')
    .replace('{id}', subject ?? about.import ?? mintedId('import', 'nobody'))
    .replace('{pointId}', about.contactPoint)
    .replace('{paymentId}', about.payment ?? nobodys('payment'))
    .replace('{requestId}', about.request ?? mintedId('interaction', 'nobody'))
    .replace('{insightId}', about.insight ?? `${about.servicePoint}.1.unusual-use.1777867200`)
    .replace('{exceptionId}', about.exception ?? `${about.meter}.1.spike.1777867200`)
    .replace('{factId}', about.pin ?? about.settled ?? about.correction ?? nobody.fact);
  const json =
    route.operationId === 'registerMeter'
      ? await meterBody(`SN-${freshKey()}`)
      : route.operationId === 'mergeCustomers'
        ? { survivor: about.customer, alias: about.alias ?? nobody.customer, reason: 'One person.' }
        : at(bodies, route.operationId)?.(about, caller.client);
  return {
    method: route.method,
    path: `${path}${at(queries, route.operationId) ?? ''}`,
    subject,
    headers: {
      ...(route.ifMatch === true ? { 'if-match': about.etag ?? '"v1"' } : {}),
      ...(route.idempotency === 'required' ? { 'idempotency-key': freshKey() } : {}),
      ...(route.reason === 'header' || route.reason === 'optional' ? { 'rotunda-reason': whyChanged } : {}),
      ...(caller.purpose === undefined ? {} : { 'rotunda-purpose': caller.purpose }),
    },
    ...(json === undefined ? {} : { json }),
  };
};
