import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownFields, viewOf } from '#shared/access/field-matrix.ts';
import { isTold } from '#shared/access/shape.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byField,
  idNamed,
  named,
  personFact,
  placeFacts,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/** Nora's meter tells of a leak, which is hers to know, and of tampering, of which those who may have done it are not told. */

const own = viewOf([ownFields]);
const kinds = (type: string): readonly Readonly<Record<string, unknown>>[] =>
  type === 'metering.event.recorded.v1' ? [{ event: 'leak' }, { event: 'tamper' }] : [{}];

let system: RunningSystem;
let facts: ReadonlyMap<string, string>;
let [nora, point] = ['', ''];
const asNora = () => ({ customer: nora });
const asAgent = { role: 'agent' } as const;

beforeAll(async () => {
  system = await RunningSystem.start();
  await sendFacts(system, [
    ...placeFacts('nora', '3 Mill Lane'),
    personFact('nora', 'Nora', 'Quist'),
    ...accountFacts('nora'),
    roleFact('nora', 'nora', 'holder'),
  ]);
  await system.settle();
  const meter = await addMeter(system, 'nora', 'RT-nora');
  const told = (event: string, minute: string) =>
    byField(`told-${event}`, 'metering.event.recorded.v1', `2026-03-04T17:${minute}:00.000Z`, {
      servicePoint: named('nora').servicePoint,
      meter,
      event,
    });
  const sent = await sendFacts(system, [told('tamper', '10'), told('leak', '20')]);
  const taken = await sendFacts(system, [
    byField('oops', 'metering.event.retracted.v1', '2026-03-04T18:00:00.000Z', {
      factId: sent.get('told-tamper'),
      reason: 'A test of the cover.',
    }),
    { ...told('tamper', '30'), sourceEventId: 'again' },
  ]);
  facts = new Map([...sent, ...taken]);
  await system.settle();
  nora = await idNamed(system, '/v1/customers/crm:nora');
  point = await idNamed(system, '/v1/service-points/mpan:nora');
});
afterAll(() => system.stop());

const text = async (path: string, as: ReturnType<typeof asNora> | typeof asAgent) =>
  (await system.must({ path, as })).text;

describe('a customer', () => {
  it('is told of every fact of their own but tasks, exceptions, tampering, and what the house asks of itself', () => {
    const untold = [...factTypes.values()].flatMap(({ type, whole = 'plain' }) =>
      kinds(type).flatMap((data) => (isTold(whole, data, own) ? [] : [{ type, ...data }])),
    );
    expect(untold).toEqual([
      { type: 'customer.duplicate.claimed.v1' },
      { type: 'account.dispute.settled.v1' },
      { type: 'metering.dispute.settled.v1' },
      { type: 'metering.event.recorded.v1', event: 'tamper' },
      { type: 'metering.exception.raised.v1' },
      { type: 'metering.exception.resolved.v1' },
      { type: 'metering.task.opened.v1' },
      { type: 'metering.task.closed.v1' },
      { type: 'billing.reversal.requested.v1' },
      { type: 'billing.reversal.declined.v1' },
      { type: 'customer.erasure.requested.v1' },
      { type: 'customer.erasure.declined.v1' },
      { type: 'customer.erasure.approved.v1' },
      { type: 'customer.erasure.completed.v1' },
      { type: 'customer.duplicate.retracted.v1' },
      { type: 'account.dispute.retracted.v1' },
      { type: 'metering.dispute.retracted.v1' },
      { type: 'metering.event.retracted.v1' },
      { type: 'metering.exception.retracted.v1' },
      { type: 'metering.task.retracted.v1' },
      { type: 'billing.reversal.retracted.v1' },
      { type: 'customer.erasure.retracted.v1' },
    ]);
  });

  it.each([
    ['their timeline', () => `/v1/customers/${nora}/timeline?limit=100`],
    ['their 360 view', () => `/v1/customers/${nora}/360`],
    ['their service point', () => `/v1/service-points/${point}`],
  ])('sees the leak and no tampering in %s, where an agent is told of the task', async (_, path) => {
    const [theirs, agents] = [await text(path(), asNora()), await text(path(), asAgent)];
    expect(theirs).not.toMatch(/tamper|metering\.task|metering\.event\.retracted|A test of the cover/);
    expect(agents).toMatch(/tamper/);
    if (!path().endsWith('/360'))
      expect([theirs, agents]).toEqual([expect.stringMatching(/leak/), expect.stringMatching(/leak/)]);
  });

  it('is told of nothing there where they name the fact itself', async () => {
    const path = (event: string) => `/v1/facts/${facts.get(event)}`;
    expect((await system.must({ path: path('told-leak'), as: asNora() })).status).toBe(200);
    for (const event of ['told-tamper', 'again', 'oops']) {
      expect((await system.ask({ path: path(event), as: asNora() })).status).toBe(404);
      expect((await system.must({ path: path(event), as: asAgent })).status).toBe(200);
    }
  });
});
