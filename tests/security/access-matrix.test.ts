import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#shared/contracts/api/routes.ts';
import type { StaffRole } from '#shared/vocabulary/statuses.ts';
import { type Answered, ApiStand, tokenOf, type Who } from '#tests/edge/api-stand.ts';
import { ids } from '#tests/edge/api-world.ts';
import { goodRequest } from '#tests/edge/requests.ts';

/** Who may do what, written down once more from the promise ("Acts"), not from the code. */
const deskAndBilling = ['agent', 'supervisor', 'billing', 'privacy', 'field'];
const promised: Readonly<
  Record<string, { readonly staff: readonly string[]; readonly own: boolean; readonly scope?: string }>
> = {
  readHealth: { staff: [], own: false },
  readOpenApi: { staff: [], own: false },
  sendFacts: { staff: [], own: false, scope: 'facts:write' },
  readFact: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  searchCustomers: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  createCustomer: { staff: ['agent', 'supervisor'], own: false },
  readCustomer: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  changeCustomer: { staff: ['agent', 'supervisor'], own: true },
  read360: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  readTimeline: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  logInteraction: { staff: ['agent', 'supervisor'], own: true },
  addContactPoint: { staff: ['agent', 'supervisor'], own: true },
  changeContactPoint: { staff: ['agent', 'supervisor'], own: true },
  removeContactPoint: { staff: ['agent', 'supervisor'], own: true },
  readAccessLog: { staff: ['privacy', 'supervisor', 'auditor'], own: true },
  readAccount: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  listBills: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  listPayments: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  readLedger: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  takePayment: { staff: ['agent', 'supervisor', 'billing'], own: true },
  reportOutage: { staff: ['agent', 'supervisor'], own: true },
  readOutage: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  restoreOutage: { staff: ['field', 'supervisor'], own: false },
  readPremise: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  readServicePoint: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  readUsage: { staff: deskAndBilling, own: true, scope: 'usage:read' },
  registerMeter: { staff: ['field'], own: false, scope: 'meters:write' },
  readMeter: { staff: deskAndBilling, own: true, scope: 'customers:read' },
};

const purposeOf: Readonly<Record<StaffRole, string>> = {
  agent: 'service',
  supervisor: 'service',
  field: 'service',
  billing: 'billing',
  privacy: 'privacy',
  auditor: 'audit',
  operator: 'test',
};
const staff: readonly StaffRole[] = ['agent', 'supervisor', 'field', 'billing', 'privacy', 'auditor', 'operator'];
const scopes = ['facts:write', 'customers:read', 'usage:read', 'meters:write', 'imports:write'];
const relations = ['own', 'other', 'none'] as const;

let stand: ApiStand;
beforeAll(async () => {
  stand = await ApiStand.open();
});
afterAll(() => stand.close());

const open = (operationId: string): boolean => operationId === 'readHealth' || operationId === 'readOpenApi';
const good = (operationId: string): number => routes.find((route) => route.operationId === operationId)?.status ?? 200;

/** The status that the promise asks for. */
const expected = (operationId: string, who: Who | undefined, relation: (typeof relations)[number]): number => {
  const rule = promised[operationId];
  if (rule === undefined) throw new Error(`no promise for ${operationId}`);
  if (open(operationId)) return 200;
  if (who === undefined) return 401;
  const named = routes.some(
    (route) => route.operationId === operationId && (route.subject !== 'none' || route.bodySubject !== undefined),
  );
  if (who === 'customer') {
    if (!rule.own) return 403;
    return named && relation !== 'own' ? 404 : good(operationId);
  }
  const may =
    typeof who === 'string'
      ? rule.staff.includes(who)
      : rule.scope !== undefined &&
        (who.scopes.includes(rule.scope) || (operationId === 'readMeter' && who.scopes.includes('meters:write')));
  if (!may) return 403;
  return named && relation === 'none' ? 404 : good(operationId);
};

const everyone: readonly { readonly name: string; readonly who: Who | undefined }[] = [
  { name: 'nobody', who: undefined },
  { name: 'the customer', who: 'customer' },
  ...staff.map((role) => ({ name: role, who: role })),
  ...scopes.map((scope) => ({ name: `a machine with ${scope}`, who: { client: 'billing', scopes: [scope] } })),
];

const withoutItsOwn = (answered: Answered): unknown => {
  const { requestId: _id, instance: _instance, ...problem } = answered.json;
  const { 'x-request-id': _header, ...headers } = answered.headers;
  return { status: answered.status, problem, headers };
};

it('the promise names every route, and no other', () => {
  expect(Object.keys(promised).sort()).toEqual(routes.map((route) => route.operationId).sort());
});

describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
  it.each(everyone)('answers $name as promised for their own, another and nothing', async ({ who }) => {
    const token = who === undefined ? undefined : await tokenOf(who);
    for (const relation of relations) {
      const purpose = typeof who === 'string' && who !== 'customer' ? purposeOf[who] : undefined;
      const before = stand.asked.length;
      const entries = (await stand.entries()).length;
      const answered = await stand.ask({ ...goodRequest(route, relation, purpose), token });
      const status = expected(operationId, who, relation);
      expect([relation, answered.status, answered.json.code ?? '']).toEqual([relation, status, expect.any(String)]);
      expect(stand.asked.length - before).toBe(status < 300 ? 1 : 0);
      const named = route.subject !== 'none' || (route.bodySubject !== undefined && status < 300);
      const recorded = (await stand.entries()).length - entries;
      if (open(operationId) || (!route.personal && route.subject === 'none')) expect(recorded).toBe(0);
      else if (named || status < 300) expect(recorded).toBe(1);
      if (answered.status >= 400) {
        expect(answered.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      }
    }
  });
});

it.each(routes.filter((route) => route.subject !== 'none' && route.act !== 'outage.restore').map((route) => [route]))(
  "tells a customer nothing of what is another's: $operationId answers as if nothing were there",
  async (route) => {
    const token = await tokenOf('customer');
    const other = await stand.ask({ ...goodRequest(route, 'other'), token });
    const none = await stand.ask({ ...goodRequest(route, 'none'), token });
    const wrongKind = await stand.ask({
      ...goodRequest(route, 'none'),
      url: goodRequest(route, 'none').url.replace(/(cus|acc|prm|svp|mtr|out|fct)_[0-9A-Z]+/, 'crm:nobody-known'),
      token,
    });
    expect(withoutItsOwn(other)).toEqual(withoutItsOwn(none));
    expect(withoutItsOwn(wrongKind)).toEqual(withoutItsOwn(none));
    expect(other.status).toBe(404);
  },
);

it('hides a merged customer behind nothing: the alias is the survivor, for staff and for the one who signs in', async () => {
  const profile = stand.store.table('profile');
  const alias = 'cus_0123456789ABCDEFGHJKMNPQRS';
  await profile.batchPut([{ pk: `CUS#${alias}`, sk: 'HEAD', version: 2, published: 0, aliasOf: ids.own.customer }]);
  const seen = await stand.ask({ url: `/v1/customers/${alias}/360`, token: await tokenOf('customer') });
  expect(seen.status).toBe(200);
  expect(stand.asked.at(-1)?.request.subjectId).toBe(ids.own.customer);
});
