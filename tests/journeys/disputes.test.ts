import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as ops from '#shared/contracts/local/ops.ts';
import type { Asker } from '#tests/support/api-client.ts';
import { type Disputed, disputedFrom, disputedHome, tellAs } from '#tests/support/disputes.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { byCrm, byField, idNamed, named, personFact, roleFact, sendFacts } from '#tests/support/small-world.ts';

/** What two systems say of one home and one meter, and a supervisor who settles it. */

let system: RunningSystem;
let home: Disputed;
let ana: string;
let ben: string;
beforeAll(async () => {
  system = await RunningSystem.start();
  home = await disputedHome(system);
  const [own, other] = home.names;
  await sendFacts(system, [
    personFact('ana', 'Ana', 'Okafor'),
    personFact('ben', 'Ben', 'Lindqvist'),
    roleFact(own, 'ana', 'holder'),
    roleFact(other, 'ben', 'holder'),
  ]);
  await system.settle();
  ana = await idNamed(system, '/v1/customers/crm:ana');
  ben = await idNamed(system, '/v1/customers/crm:ben');
}, 60_000);
afterAll(() => system.stop());

const supervisor: Asker = { role: 'supervisor' };
const purpose = { 'rotunda-purpose': 'service' };
const headersOf = (as: Asker) => ('role' in as && as.role === 'supervisor' ? purpose : {});
const read = async (path: string, as: Asker = supervisor) =>
  (await system.must({ path, as, headers: headersOf(as) })).json;
const statusOf = async (path: string, as: Asker) => (await system.ask({ path, as, headers: headersOf(as) })).status;
const post = (path: string, json: unknown, as: Asker = supervisor) =>
  system.ask({ method: 'POST', path, as, headers: headersOf(as), json });
const undo = (path: string) => post(`${path}/undo`, { reason: 'The contract was a forgery.' });

const View = z.object({
  premises: z.array(z.object({ id: z.string() })),
  nextSteps: z.array(z.string()).optional(),
});
const viewOf = async (customer: string, as: Asker = { role: 'agent' }) =>
  View.parse(await read(`/v1/customers/${customer}/360`, as));
const stepOfDispute = /another account takes service here/;

const listed = async (input: Readonly<Record<string, string>> = {}) => {
  const path = `${ops.disputes.path}?${new URLSearchParams(input).toString()}`;
  return ops.disputes.answer.parse((await system.must({ path, as: { role: 'operator' } })).json);
};

describe('a home that two accounts are said to have', () => {
  it('is counted and listed for the operator with both claims', async () => {
    const { total, kinds, disputes } = await listed({ limit: '10' });
    expect([total, kinds]).toEqual([
      2,
      [
        { kind: 'service', count: 1 },
        { kind: 'meter', count: 1 },
      ],
    ]);
    expect(disputes).toContainEqual({
      kind: 'service',
      subject: home.servicePoint,
      from: disputedFrom,
      to: null,
      claims: [
        { holder: home.account, source: 'billing' },
        { holder: home.otherAccount, source: 'crm' },
      ],
    });
    expect((await listed({ kind: 'meter' })).disputes).toMatchObject([
      {
        kind: 'meter',
        subject: home.meter,
        claims: [
          { holder: home.servicePoint, source: 'field' },
          { holder: home.otherPoint, source: 'billing' },
        ],
      },
    ]);
    expect((await listed({ limit: '1' })).disputes).toHaveLength(1);
  });

  it('is shown to neither customer, and agents are told what to do next', async () => {
    for (const customer of [ana, ben]) {
      expect((await viewOf(customer, { customer })).premises).toEqual([]);
      expect((await viewOf(customer, { customer })).nextSteps ?? []).toEqual([]);
      expect((await viewOf(customer)).nextSteps).toContainEqual(expect.stringMatching(stepOfDispute));
    }
  });

  it('is settled by a supervisor alone, for an account that claims it, on days in dispute', async () => {
    const path = `/v1/service-points/${home.servicePoint}/settlements`;
    const decision = { accountId: home.otherAccount, from: disputedFrom, reason: 'The signed contract was seen.' };
    expect((await post(path, decision, { role: 'agent' })).status).toBe(403);
    const { reason: _, ...unsaid } = decision;
    expect((await post(path, unsaid)).status).toBe(422);
    const before = await post(path, { ...decision, from: '2025-10-01', to: disputedFrom });
    expect([before.status, before.json.code]).toEqual([409, 'dispute.none']);
    const elsewhere = await post(`/v1/service-points/${home.otherPoint}/settlements`, decision);
    expect([elsewhere.status, elsewhere.json.code]).toEqual([409, 'dispute.none']);
  });

  it('then belongs to that account, who sees it; the other does not; all of it is said to staff, with the reason', async () => {
    const path = `/v1/service-points/${home.servicePoint}/settlements`;
    const decision = { accountId: home.otherAccount, from: disputedFrom, reason: 'The signed contract was seen.' };
    const answer = await post(path, decision);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ servicePointId: home.servicePoint, from: disputedFrom, to: null });
    await system.settle();
    expect(await statusOf(`/v1/premises/${home.premise}`, { customer: ben })).toBe(200);
    expect(await statusOf(`/v1/premises/${home.premise}`, { customer: ana })).toBe(404);
    expect((await viewOf(ben, { customer: ben })).premises).toMatchObject([{ id: home.premise }]);
    expect((await viewOf(ben)).nextSteps).not.toContainEqual(expect.stringMatching(stepOfDispute));
    const place = await read(`/v1/premises/${home.premise}`);
    expect([place.disputed, place.settled]).toEqual([
      undefined,
      [
        {
          servicePointId: home.servicePoint,
          accountId: home.otherAccount,
          from: disputedFrom,
          to: null,
          factId: answer.json.factId,
        },
      ],
    ]);
    expect((await read(`/v1/premises/${home.premise}`, { customer: ben })).settled).toBeUndefined();
    expect(await read(`/v1/accounts/${home.account}`)).toMatchObject({ agreements: [] });
    expect((await listed({ kind: 'service' })).total).toBe(0);
  });

  it('says in its explanation who settled it and why, to staff alone', async () => {
    const path = `/v1/customers/${ben}/explain?field=${encodeURIComponent('accounts[0].agreements[0].from')}`;
    expect(await read(path)).toMatchObject({
      value: disputedFrom,
      rule: { id: 'supply.latest-word' },
      winner: { source: 'rotunda', reason: 'The signed contract was seen.' },
    });
    const own = await read(path, { customer: ben });
    expect(own.value).toBe(disputedFrom);
    expect(own.winner).toBeNull();
  });

  it('stays settled whatever a source claims later', async () => {
    await tellAs(system, [
      byField('third', 'account.agreement.started.v1', '2025-11-05T08:00:00.000Z', {
        account: named(home.names[0]).account,
        servicePoint: named(home.names[0]).servicePoint,
        tariff: 'THIRD',
        from: '2025-12-15',
      }),
    ]);
    await system.settle();
    expect(await statusOf(`/v1/premises/${home.premise}`, { customer: ben })).toBe(200);
    expect((await listed({ kind: 'service' })).total).toBe(0);
  });

  it('is in dispute again once the decision is taken back, which is done once', async () => {
    const place = await read(`/v1/premises/${home.premise}`);
    const [{ factId = '' } = {}] = z.array(z.object({ factId: z.string() })).parse(place.settled);
    const path = `/v1/service-points/${home.servicePoint}/settlements/${factId}`;
    expect((await undo(path.replace(home.servicePoint, home.otherPoint))).status).toBe(404);
    expect((await undo(path)).status).toBe(201);
    expect((await undo(path)).status).toBe(404);
    await system.settle();
    // What the third source said parts the days.
    expect((await listed({ kind: 'service' })).disputes).toMatchObject([
      { from: disputedFrom, to: '2025-12-15' },
      { from: '2025-12-15', to: null },
    ]);
    expect(await statusOf(`/v1/premises/${home.premise}`, { customer: ben })).toBe(404);
    const explained = await read(`/v1/customers/${ben}/explain?field=${encodeURIComponent('accounts[0].agreements')}`);
    expect(JSON.stringify(explained.inputs)).toContain('in dispute between sources');
  });
});

describe('a meter that two systems say measures different homes', () => {
  const Meter = z.object({
    installations: z.array(z.object({ servicePointId: z.string(), from: z.string(), to: z.string().nullable() })),
    disputed: z.array(z.unknown()).optional(),
    settled: z.array(z.object({ factId: z.string() })).optional(),
    endsThatDiffer: z.array(z.object({ ends: z.array(z.object({ source: z.string(), to: z.string() })) })).optional(),
  });
  const meterNow = async () => Meter.parse(await read(`/v1/meters/${home.meter}`));

  it('measures the one that a supervisor says, until that is taken back', async () => {
    expect((await meterNow()).disputed).toHaveLength(1);
    const path = `/v1/meters/${home.meter}/settlements`;
    const decision = {
      servicePointId: home.otherPoint,
      from: `${disputedFrom}T00:00:00Z`,
      reason: 'Its number was read on site.',
    };
    expect((await post(path, decision, { role: 'field' })).status).toBe(403);
    const nobodys = await post(path, { ...decision, servicePointId: home.servicePoint.replace(/.{4}$/, '0000') });
    expect([nobodys.status, nobodys.json.code]).toEqual([422, 'dispute.not-claimed']);
    const answer = await post(path, decision);
    expect(answer.status).toBe(201);
    const settled = await meterNow();
    expect(settled.disputed).toBeUndefined();
    expect(settled.installations).toMatchObject([
      { servicePointId: home.servicePoint, to: `${disputedFrom}T00:00:00.000Z` },
      { servicePointId: home.otherPoint, from: `${disputedFrom}T00:00:00.000Z`, to: null },
    ]);
    expect((await listed({ kind: 'meter' })).total).toBe(0);
    const factId = settled.settled?.[0]?.factId ?? '';
    expect(answer.json.factId).toBe(factId);
    expect((await undo(`${path}/${factId}`)).status).toBe(201);
    const again = await meterNow();
    expect([again.disputed?.length, again.settled]).toEqual([1, undefined]);
  });

  it('is shown with both ends where two systems say different ones', async () => {
    const removed = (at: string) => ({
      servicePoint: named(home.names[0]).servicePoint,
      meter: home.meter,
      at,
    });
    await sendFacts(system, [
      byField('gone', 'metering.meter.removed.v1', '2025-11-20T08:00:00.000Z', removed('2025-11-20T08:00:00Z')),
    ]);
    expect((await meterNow()).endsThatDiffer).toBeUndefined();
    await tellAs(system, [
      byCrm('gone', 'metering.meter.removed.v1', '2025-11-21T08:00:00.000Z', removed('2025-11-18T08:00:00Z')),
    ]);
    expect(await meterNow()).toMatchObject({
      installations: [{ to: '2025-11-18T08:00:00.000Z' }, {}],
      endsThatDiffer: [
        {
          ends: [
            { source: 'field', to: '2025-11-20T08:00:00.000Z' },
            { source: 'crm', to: '2025-11-18T08:00:00.000Z' },
          ],
        },
      ],
    });
  });
});
