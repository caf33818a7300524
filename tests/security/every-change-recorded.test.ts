import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import * as bus from '#shared/contracts/local/bus.ts';
import { type LocalRoute, needsReason } from '#shared/contracts/local/definition.ts';
import * as ops from '#shared/contracts/local/ops.ts';
import { type AuditEntry, entryOf } from '#shared/facts/audit.ts';
import type { Answer, Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, meterBody, type SmallWorld } from '#tests/support/small-world.ts';
import { purposeOf } from './promised-access.ts';
import { realRequest, whyChanged } from './real-requests.ts';

/** Every change of the API and every act of the operator, made on a running system by one who may. */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const changes = routes.filter(({ method }) => method !== 'GET');

/** Who makes the change, and where it is said why; a route that is not here is one that nobody has thought about. */
const makers: Readonly<Record<string, readonly [as: Asker, reason: NonNullable<RouteDefinition['reason']>]>> = {
  sendFacts: [{ client: 'crm' }, 'optional'],
  createCustomer: [{ role: 'agent' }, 'optional'],
  changeCustomer: [{ role: 'agent' }, 'optional'],
  logInteraction: [{ role: 'agent' }, 'optional'],
  addContactPoint: [{ role: 'agent' }, 'optional'],
  changeContactPoint: [{ role: 'agent' }, 'optional'],
  removeContactPoint: [{ role: 'agent' }, 'optional'],
  pinAttribute: [{ role: 'agent' }, 'body'],
  unpinAttribute: [{ role: 'agent' }, 'header'],
  settleServicePoint: [{ role: 'supervisor' }, 'body'],
  unsettleServicePoint: [{ role: 'supervisor' }, 'body'],
  settleMeter: [{ role: 'supervisor' }, 'body'],
  unsettleMeter: [{ role: 'supervisor' }, 'body'],
  mergeCustomers: [{ role: 'supervisor' }, 'body'],
  undoMerge: [{ role: 'supervisor' }, 'body'],
  requestErasure: [{ role: 'privacy' }, 'body'],
  decideErasure: [{ role: 'privacy' }, 'optional'],
  decideDuplicate: [{ role: 'supervisor' }, 'body'],
  takePayment: [{ role: 'billing' }, 'optional'],
  reversePayment: [{ role: 'agent' }, 'note'],
  decideReversal: [{ role: 'supervisor' }, 'note'],
  decideChangeRequest: [{ role: 'supervisor' }, 'body'],
  exchangeMeterKey: [{ role: 'supervisor' }, 'body'],
  reportOutage: [{ role: 'agent' }, 'optional'],
  restoreOutage: [{ role: 'supervisor' }, 'optional'],
  resolveReadingException: [{ role: 'supervisor' }, 'body'],
  undoCorrection: [{ role: 'supervisor' }, 'body'],
  correctReadings: [{ role: 'supervisor' }, 'body'],
  decideInsight: [{ role: 'supervisor' }, 'body'],
  registerMeter: [{ role: 'field' }, 'optional'],
  startImport: [{ client: 'head-end' }, 'optional'],
  undoImport: [{ client: 'head-end' }, 'body'],
  putTemperatures: [{ role: 'supervisor' }, 'optional'],
  putTariff: [{ role: 'supervisor' }, 'optional'],
};

const makerOf = ({ operationId }: RouteDefinition) => {
  const maker = makers[operationId];
  if (maker === undefined) throw new Error(`nobody makes the change ${operationId}: say who, and where they say why`);
  return maker;
};

const entries = async (): Promise<readonly AuditEntry[]> => {
  const found: AuditEntry[] = [];
  for await (const item of system.served.system.store.scan('audit')) {
    const entry = entryOf(item);
    if (entry !== undefined) found.push(entry);
  }
  return found;
};
const entriesBy = async (requestId: string) => (await entries()).filter((entry) => entry.requestId === requestId);

const purposeFor = (as: Asker): string | undefined =>
  'role' in as ? new Map<string, string>(Object.entries(purposeOf)).get(as.role) : undefined;

const actorOf = async (as: Asker): Promise<string> => decodeJwt(await system.tokenOf(as)).sub ?? '';

const make = async (route: RouteDefinition): Promise<Answer & { readonly said: string }> => {
  const [as] = makerOf(route);
  const [client, purpose] = ['client' in as ? as.client : 'crm', purposeFor(as)];
  const { subject: _subject, ...request } = await realRequest(system, route, world.amara, {
    ready: true,
    client,
    purpose,
  });
  const answer = await system.must({ ...request, as });
  const sent = new Map<string, unknown>(typeof request.json === 'object' ? Object.entries(request.json ?? {}) : []);
  const said = route.reason === 'body' ? sent.get('reason') : route.reason === 'note' ? sent.get('note') : undefined;
  return { ...answer, said: said === undefined ? whyChanged : String(said) };
};

it.each(changes)('$method $path leaves one entry: who, which act, and why', async (route) => {
  const [as, reason] = makerOf(route);
  expect(route.reason).toBe(reason);
  const { requestId, said } = await make(route);
  const left = await entriesBy(requestId);
  const ended = left.filter(({ outcome }) => outcome !== 'begun');
  expect(ended).toMatchObject([
    {
      act: route.act,
      actor: await actorOf(as),
      outcome: 'allowed',
      reason: said,
      route: `${route.method} ${route.path}`,
    },
  ]);
  expect(left.map(({ outcome }) => outcome).sort()).toEqual(
    route.beyondCommit === true ? ['allowed', 'begun'] : ['allowed'],
  );
});

it.each(changes)('$method $path that is refused leaves an entry of who tried', async (route) => {
  const as = { role: 'auditor' };
  const before = (await entries()).length;
  const { subject: _subject, ...request } = await realRequest(system, route, world.carl, {
    ready: false,
    client: 'crm',
    purpose: 'audit',
  });
  const sent = { ...request, headers: { ...request.headers, 'x-request-id': 'chosen-by-the-caller' } };
  expect((await system.ask({ ...sent, as })).status).toBe(403);
  const after = await entries();
  const mine = after.filter(({ actor, act }) => actor === 'auditor' && act === route.act);
  expect(mine).toMatchObject(mine.map(() => ({ outcome: 'refused:access.denied' })));
  expect(mine.length).toBeGreaterThan(0);
  expect(after.filter(({ requestId }) => requestId === 'chosen-by-the-caller')).toEqual([]);
  // The same again is joined to it.
  await system.ask({ ...sent, as });
  expect([(await entries()).length, after.length - before <= 1]).toEqual([after.length, true]);
});

it.each(changes.filter(({ reason }) => reason === 'header'))(
  '$method $path is not done without a reason',
  async (route) => {
    const [as] = makerOf(route);
    const [client, purpose] = ['client' in as ? as.client : 'crm', purposeFor(as)];
    const {
      subject: _subject,
      headers,
      ...request
    } = await realRequest(system, route, world.amara, {
      ready: false,
      client,
      purpose,
    });
    const { 'rotunda-reason': _reason, ...others } = { ...headers };
    for (const [sent, code] of [
      [{}, 'reason.required'],
      [{ 'rotunda-reason': 'no' }, 'reason.invalid'],
      [{ 'rotunda-reason': 'red%1B[31m' }, 'reason.invalid'],
      [{ 'rotunda-reason': 'turned %E2%80%AE round' }, 'reason.invalid'],
      [{ 'rotunda-reason': '100 % sure' }, 'reason.invalid'],
      [{ 'rotunda-reason': 'x'.repeat(501) }, 'reason.invalid'],
    ] as const) {
      const answer = await system.ask({ ...request, headers: { ...others, ...sent }, as });
      expect([sent, answer.status, answer.json.code]).toEqual([sent, 400, code]);
    }
  },
);

it('a reason in any script stands as it was meant, on one line', async () => {
  const headers = { 'rotunda-reason': encodeURIComponent('  Cyfeiriad\nanghywir – żle ') };
  const body = {
    commodity: 'gas',
    currency: 'GBP',
    unit: 'kWh',
    prices: [{ from: '2026-01-01', energyPrice: '0.07' }],
  };
  const as = { role: 'supervisor' };
  const { requestId } = await system.must({ method: 'PUT', path: '/v1/tariffs/GAS', as, headers, json: body });
  expect(await entriesBy(requestId)).toMatchObject([{ reason: 'Cyfeiriad anghywir – żle', named: ['tariff:GAS'] }]);
});

it('a tariff says to staff who set its prices, and to nobody else', async () => {
  const path = '/v1/tariffs/WHO';
  const json = {
    commodity: 'gas',
    currency: 'GBP',
    unit: 'kWh',
    prices: [{ from: '2026-01-01', energyPrice: '0.07' }],
  };
  await system.must({ method: 'PUT', path, as: { role: 'supervisor' }, json });
  const by = `staff:${await actorOf({ role: 'supervisor' })}`;
  expect((await system.must({ path, as: { role: 'agent' } })).json.changedBy).toBe(by);
  expect((await system.must({ path, as: { customer: world.amara.customer } })).json.changedBy).toBeUndefined();
  expect((await system.must({ path, as: { client: 'billing' } })).json.changedBy).toBeUndefined();
  const listed = await system.must({ path: '/v1/tariffs?limit=100', as: { role: 'agent' } });
  expect(listed.json.data).toContainEqual(expect.objectContaining({ code: 'WHO', changedBy: by }));
});

const isRoute = (value: unknown): value is LocalRoute =>
  typeof value === 'object' && value !== null && 'path' in value && 'method' in value && 'act' in value;
const exported: readonly unknown[] = [...Object.values(ops), ...Object.values(bus)];
const acts = exported.filter(isRoute).filter(({ method }) => method !== 'GET');

const noReplay = `rpl_${'0'.repeat(26)}`;

/** What each act of the operator is asked for, and what comes of it here. */
const asked: Readonly<
  Record<string, { readonly json: () => object; readonly status?: number; readonly named?: string }>
> = {
  'ops.redrive': { json: () => ({}) },
  'ops.replay': { json: () => ({}) },
  'ops.replay-stop': { json: () => ({ id: noReplay }), status: 404, named: noReplay },
  'ops.verify-audit': { json: () => ({}) },
  'ops.revoke-meter': { json: () => ({ meter: 'serial:SN-REVOKED' }), named: 'serial:SN-REVOKED' },
  'ops.match-train': { json: () => ({}), status: 409 },
  'ops.find-duplicates': { json: () => ({}) },
  'ops.erase-again': { json: () => ({}) },
  'ops.drain': { json: () => ({}) },
  'ops.send': { json: () => ({ events: [{ source: 'billing', detailType: 'x', detail: {} }] }) },
};

const reason = 'The rule of billing is mended.';

it.each(acts)('$path leaves an entry: which operator, which act, and why', async (route) => {
  const known = asked[route.act];
  if (known === undefined) throw new Error(`nobody asks for ${route.act}: say with what`);
  if (route.act === 'ops.revoke-meter')
    await system.must({
      method: 'POST',
      path: '/v1/meters',
      as: { role: 'field' },
      json: await meterBody('SN-REVOKED'),
    });
  const [method, path, json] = [route.method, route.path, known.json()];
  const as = { role: 'operator' };
  const without = await system.ask({ method, path, as, json });
  const needed = needsReason(route, json);
  expect([without.status, without.json.code]).toEqual(
    needed ? [400, 'reason.required'] : [known.status ?? 200, without.json.code],
  );
  const before = new Set((await entries()).map(({ id }) => id));
  const answer = await system.ask({ method, path, as, headers: { 'rotunda-reason': reason }, json });
  expect(answer.status).toBe(known.status ?? 200);
  const left = (await entries()).filter(({ id }) => !before.has(id));
  const entry = { act: route.act, actor: await actorOf(as), actorKind: 'staff', reason, route: `${method} ${path}` };
  expect(left).toContainEqual(
    expect.objectContaining({ ...entry, outcome: 'allowed', named: known.named === undefined ? [] : [known.named] }),
  );
  expect(left.filter(({ outcome }) => outcome === 'failed')).toHaveLength(known.status === undefined ? 0 : 1);
  expect((await system.ask({ method, path, as: { role: 'supervisor' }, json })).status).toBe(403);
  expect(await entries()).toContainEqual(
    expect.objectContaining({ act: route.act, outcome: 'refused:access.denied', times: 1 }),
  );
});
