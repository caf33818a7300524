import type { OperationId } from '#functions/routes.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import type { Asked } from './api-stand.ts';
import { ids } from './api-world.ts';

const money = { amountMinor: 1000, currency: 'GBP' };

/** A good body for each operation that takes one, about a household. */
const bodies: Readonly<Partial<Record<OperationId, (world: (typeof ids)[keyof typeof ids]) => unknown>>> = {
  sendFacts: () => ({ facts: [{ type: 'x' }] }),
  createCustomer: () => ({ kind: 'person', name: { family: 'Okafor' } }),
  changeCustomer: () => ({ language: 'cy' }),
  logInteraction: () => ({ channel: 'phone', reason: 'billing.high-bill' }),
  decideChangeRequest: () => ({ outcome: 'declined', reason: 'The passport says otherwise.' }),
  addContactPoint: () => ({ kind: 'email', value: 'amara@example.com' }),
  changeContactPoint: () => ({ value: 'amara.okafor@example.com' }),
  pinAttribute: () => ({ field: 'contact.preferences.language', value: 'cy', reason: 'Asked on the phone.' }),
  settleServicePoint: (world) => ({ accountId: world.account, from: '2026-01-01', reason: 'The contract says so.' }),
  settleMeter: (world) => ({
    servicePointId: world.servicePoint,
    from: '2026-01-01T00:00:00Z',
    reason: 'Its number was read on site.',
  }),
  mergeCustomers: (world) => ({ survivor: world.customer, alias: ids.other.customer, reason: 'One person.' }),
  undoMerge: () => ({ reason: 'Father and son.' }),
  requestErasure: () => ({ ground: 'no-longer-needed', reason: 'Request 2026-118.' }),
  decideErasure: (world) => ({ request: world.fact, decision: 'approved' }),
  takePayment: () => ({ amount: money, method: 'card' }),
  reversePayment: () => ({ reason: 'error', note: 'Booked twice.' }),
  decideReversal: (world) => ({ request: world.fact, decision: 'confirmed' }),
  reportOutage: (world) => ({ premise: world.premise }),
  decideDuplicate: () => ({ decision: 'different', reason: 'Father and son.' }),
  restoreOutage: () => ({ cause: 'cable-fault' }),
  decideInsight: () => ({ state: 'dismissed', reason: 'A kiln was fired that night.' }),
  resolveReadingException: () => ({ decision: 'dismissed', reason: 'A kiln was fired that night.' }),
  undoImport: () => ({ reason: 'The file was sent by mistake.' }),
  unsettleServicePoint: () => ({ reason: 'The contract was another.' }),
  unsettleMeter: () => ({ reason: 'The meter was another.' }),
  undoCorrection: () => ({ reason: 'The display of the neighbour was read.' }),
  correctReadings: () => ({
    register: '1',
    start: '2026-02-01T00:00:00Z',
    values: [210, 190],
    quality: 7,
    reason: 'Read from the display on site.',
  }),
  putTariff: () => ({
    commodity: 'electricity',
    currency: 'GBP',
    unit: 'kWh',
    prices: [{ from: '2025-01-01', energyPrice: '0.2486' }],
  }),
  putTemperatures: () => ({ start: '2026-02-01T00:00:00Z', celsiusTenths: [83, null, 85] }),
  startImport: () => ({ format: 'nem12', bytes: 10, sha256: '0'.repeat(64) }),
  exchangeMeterKey: () => ({
    csr: '-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n',
    reason: 'The module was replaced.',
  }),
  registerMeter: () => ({
    serial: 'RT-1',
    csr: '-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n',
    registers: [
      {
        id: '1',
        commodity: 'electricity',
        flow: 'forward',
        unit: 'Wh',
        powerOfTen: 0,
        intervalSeconds: 1800,
        zone: 'Europe/London',
      },
    ],
  }),
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

/** A good request to a route, about one household. */
export const goodRequest = (
  route: RouteDefinition,
  about: keyof typeof ids,
  purpose?: string,
): Asked & { readonly headers: readonly string[] } => {
  const world = ids[about];
  const id = route.subject === 'none' ? 'imp_0123456789ABCDEFGHJKMNPQRS' : world[route.subject];
  const path = route.path
    .replace('tariffs/{id}', 'tariffs/STANDARD')
    .replace('weather-areas/{id}', 'weather-areas/region:NORTH-03')
    .replace('{id}', id)
    .replace('{requestId}', 'int_0123456789ABCDEFGHJKMNPQRS')
    .replace('{pointId}', 'cpt_0123456789ABCDEFGHJKMNPQRS')
    .replace('{paymentId}', 'pay_0123456789ABCDEFGHJKMNPQRS')
    .replace('{insightId}', 'svp_0123456789ABCDEFGHJKMNPQRS.1.unusual-use.1769904000')
    .replace('{exceptionId}', 'mtr_0123456789ABCDEFGHJKMNPQRS.1.spike.1769904000')
    .replace('{factId}', 'fct_0123456789ABCDEFGHJKMNPQRS');
  const body = at(bodies, route.operationId)?.(world);
  return {
    method: route.method,
    url: `${path}${at(queries, route.operationId) ?? ''}`,
    headers: [
      ...(route.ifMatch === true ? ['if-match', '"v17"'] : []),
      ...(route.idempotency === 'required' ? ['idempotency-key', `key-${about}-${Math.random()}`] : []),
      ...(route.reason === 'header' ? ['rotunda-reason', 'Asked for in a letter.'] : []),
      ...(purpose === undefined ? [] : ['rotunda-purpose', purpose]),
    ],
    ...(body === undefined ? {} : { json: body }),
  };
};
