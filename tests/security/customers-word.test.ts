import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { actRules } from '#shared/access/acts.ts';
import type { Answer } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, freshKey, type SmallWorld } from '#tests/support/small-world.ts';

/** What each who may say by each member of a body, written down from the promise and not from the code. */
type Said = 'passes' | 'by request' | 'for staff' | 'remove and add';
interface Member {
  readonly member: string;
  readonly value: unknown;
  readonly customer: Said;
}
/** A reference that nothing else has, made when it is sent. */
const references = (namespace: string) => () => [{ namespace, value: freshKey() }];
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

const promised: Readonly<
  Record<string, { readonly least: () => Readonly<Record<string, unknown>>; readonly members: readonly Member[] }>
> = {
  changeCustomer: {
    least: () => ({}),
    members: [
      { member: 'language', value: 'cy', customer: 'passes' },
      { member: 'name', value: { family: 'Okafor-Lind' }, customer: 'by request' },
      { member: 'kind', value: 'organisation', customer: 'by request' },
      { member: 'dateOfBirth', value: '1985-06-07', customer: 'by request' },
      { member: 'references', value: references('loyalty'), customer: 'by request' },
    ],
  },
  addContactPoint: {
    least: () => ({ kind: 'email', value: `new-${Math.random()}@example.com` }),
    members: [
      { member: 'kind', value: 'email', customer: 'passes' },
      { member: 'value', value: 'other@example.com', customer: 'passes' },
      { member: 'label', value: 'work', customer: 'passes' },
      { member: 'preferred', value: false, customer: 'passes' },
      { member: 'verified', value: true, customer: 'by request' },
    ],
  },
  changeContactPoint: {
    least: () => ({}),
    members: [
      { member: 'label', value: 'evenings', customer: 'passes' },
      // Of a point that was proved, or while none is, they may also say true: see the tests of change requests.
      { member: 'preferred', value: false, customer: 'passes' },
      { member: 'verified', value: true, customer: 'by request' },
      { member: 'value', value: '01632 960124', customer: 'remove and add' },
    ],
  },
  logInteraction: {
    least: () => ({ channel: 'web', reason: 'billing.high-bill' }),
    members: [
      { member: 'channel', value: 'app', customer: 'passes' },
      { member: 'direction', value: 'inbound', customer: 'passes' },
      { member: 'reason', value: 'moving', customer: 'passes' },
      { member: 'summary', value: 'Why so much?', customer: 'passes' },
      { member: 'endedAt', value: '2026-03-01T09:00:00Z', customer: 'for staff' },
      { member: 'outcome', value: 'resolved', customer: 'for staff' },
      { member: 'handover', value: 'Waive the fee.', customer: 'for staff' },
      { member: 'references', value: references('crm'), customer: 'for staff' },
    ],
  },
  reportOutage: {
    least: () => ({ premise: world.amara.premise }),
    members: [
      { member: 'premise', value: undefined, customer: 'passes' },
      { member: 'commodity', value: 'electricity', customer: 'passes' },
      { member: 'startedAt', value: hourAgo, customer: 'passes' },
      { member: 'description', value: 'All dark.', customer: 'passes' },
      { member: 'expectedBy', value: '2099-01-01T00:00:00Z', customer: 'for staff' },
      { member: 'planned', value: true, customer: 'for staff' },
      { member: 'references', value: references('field'), customer: 'for staff' },
    ],
  },
};

/** Values of the members that customers may send, and theirs are not to have. */
const wrongValues: readonly (readonly [string, string, unknown])[] = [
  ...['phone', 'email', 'sms', 'chat', 'letter', 'in-person', 'field', 'ivr', 'social', 'meter', 'system'].map(
    (channel) => ['logInteraction', 'channel', channel] as const,
  ),
  ['logInteraction', 'direction', 'outbound'],
  ['logInteraction', 'reason', 'change-request'],
  ['reportOutage', 'startedAt', '2025-01-01T00:00:00Z'],
];

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const asked = ['customer', 'agent', 'supervisor'] as const;
type Asking = (typeof asked)[number];
const askerOf = (who: Asking) => (who === 'customer' ? { customer: world.amara.customer } : { role: who });

const routeOf = (operation: string) => {
  const route = routes.find(({ operationId }) => operationId === operation);
  if (route === undefined) throw new Error(`no route ${operation}`);
  return route;
};

const send = async (who: Asking, operation: string, json: unknown): Promise<Answer> => {
  const route = routeOf(operation);
  const path = route.path.replace('{id}', world.amara.customer).replace('{pointId}', world.amara.contactPoint);
  const headers = { 'rotunda-purpose': 'service' };
  const customer = `/v1/customers/${world.amara.customer}`;
  const etag = (await system.must({ path: customer, as: askerOf(who), headers })).headers.get('etag') ?? '';
  const more = route.ifMatch === true ? { 'if-match': etag } : {};
  return system.ask({ method: route.method, path, as: askerOf(who), headers: { ...headers, ...more }, json });
};

const codes = {
  'by request': 'change.by-request',
  'for staff': 'member.for-staff',
  'remove and add': 'contact-point.remove-and-add',
};

/** Has staff decline what is open, so that the next request is one of its own. */
const declineAll = async (): Promise<void> => {
  const path = `/v1/customers/${world.amara.customer}/change-requests`;
  const as = { role: 'supervisor' };
  const headers = { 'rotunda-purpose': 'service' };
  const Open = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });
  const { data } = Open.parse((await system.must({ path, as, headers })).json);
  for (const { id, status } of data) {
    const json = { outcome: 'declined', reason: 'Not proved.' };
    if (status === 'open') await system.must({ method: 'POST', path: `${path}/${id}/decision`, as, headers, json });
  }
};

const shapeOf = (schema: unknown): readonly string[] => {
  const json = z.toJSONSchema(z.instanceof(z.ZodType).parse(schema), { io: 'input', unrepresentable: 'any' });
  return Object.keys(json.properties ?? {});
};

describe('what customers may say by the bodies of changes', () => {
  const open = routes.filter(
    ({ method, act, body }) => method !== 'GET' && body !== undefined && act !== 'public' && actRules[act].customer,
  );

  it('is declared for every change with a body that is open to them', () => {
    // Whether a customer may send a payment at all is decided by its act.
    const operations = open.map(({ operationId }) => operationId).filter((name) => name !== 'takePayment');
    expect(operations.toSorted()).toEqual(Object.keys(promised).toSorted());
    const said = routes
      .filter(({ fromCustomers }) => fromCustomers !== undefined)
      .map(({ operationId }) => operationId);
    expect(said.toSorted()).toEqual(Object.keys(promised).toSorted());
  });

  it.each(Object.keys(promised))('%s: each member has its row', (operation) => {
    const rows = promised[operation]?.members.map(({ member }) => member) ?? [];
    expect(shapeOf(routeOf(operation).body).toSorted()).toEqual(rows.toSorted());
  });

  const cases = Object.entries(promised).flatMap(([operation, { members }]) =>
    asked.flatMap((who) => members.map((row) => ({ operation, who, ...row }))),
  );
  it.each(cases)('$operation: $member of a body by the $who', async ({ operation, who, member, value, customer }) => {
    const least = promised[operation]?.least() ?? {};
    const given = typeof value === 'function' ? value() : (value ?? least[member]);
    const answer = await send(who, operation, { ...least, [member]: given });
    if (who !== 'customer' || customer === 'passes') {
      // An outage that is open already is joined, not opened again.
      const joined = operation === 'reportOutage' ? 200 : routeOf(operation).status;
      expect([joined, routeOf(operation).status ?? 200]).toContain(answer.status);
      expect(answer.json.code).toBeUndefined();
      return;
    }
    expect([answer.status, answer.json.code]).toEqual([403, codes[customer]]);
    expect(answer.json.errors).toEqual([expect.objectContaining({ pointer: `/${member}` })]);
    if (customer === 'by request') {
      expect(answer.json.interactionId).toMatch(/^int_/);
      await declineAll();
    } else expect(answer.json.interactionId).toBeUndefined();
  });

  it.each(wrongValues)('%s: %s is not %j for customers', async (operation, member, value) => {
    const answer = await send('customer', operation, { ...promised[operation]?.least(), [member]: value });
    expect([answer.status, answer.json.code]).toEqual([403, 'member.for-staff']);
    expect(answer.json.errors).toEqual([expect.objectContaining({ pointer: `/${member}` })]);
  });

  it('whatever a customer adds is not verified, and verified: false is not theirs to say either', async () => {
    const added = await send('customer', 'addContactPoint', { kind: 'email', value: 'mine@example.com' });
    expect([added.status, added.json.verified, added.json.source]).toEqual([201, false, 'customer']);
    const said = await send('customer', 'addContactPoint', { kind: 'email', value: 'm@example.com', verified: false });
    expect([said.status, said.json.code]).toEqual([403, 'change.by-request']);
    await declineAll();
  });

  it('a refused body changes nothing of what it asked for', async () => {
    const path = `/v1/customers/${world.amara.customer}`;
    const as = askerOf('customer');
    const before = (await system.must({ path, as })).json;
    const answer = await send('customer', 'changeCustomer', { language: 'fr', name: { family: 'Thief' } });
    expect(answer.json.errors).toEqual([expect.objectContaining({ pointer: '/name' })]);
    const after = (await system.must({ path, as })).json;
    expect({ ...after, version: 0 }).toEqual({ ...before, version: 0 });
    await declineAll();
  });
});
