import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import type { Asker } from '#tests/support/api-client.ts';
import { machine } from '#tests/support/profile-system.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byBilling,
  byField,
  idNamed,
  named,
  personFact,
  placeFacts,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

const today = localDateAt('Europe/London', Math.floor(Date.now() / 1000));
const soon = addDays(today, 20);
const later = addDays(today, 40);
const [old, next] = ['old', 'next'] as const;

let system: RunningSystem;
const ids = { ana: '', ben: '', anaAccount: '', benAccount: '', premise: '', point: '', meter: '' };
beforeAll(async () => {
  system = await RunningSystem.start();
  await sendFacts(system, [
    ...placeFacts(old, '12 Quay Street'),
    personFact('ana', 'Ana', 'Okafor'),
    personFact('ben', 'Ben', 'Lindqvist'),
    ...accountFacts(old),
    roleFact(old, 'ana', 'holder'),
    ...accountFacts(next).filter(({ type }) => type === 'account.account.opened.v1'),
    roleFact(next, 'ben', 'holder', soon),
  ]);
  ids.meter = await addMeter(system, old, 'RT-OLD');
  await sendFacts(system, [
    byBilling('moves-in', 'account.agreement.started.v1', '2025-11-01T08:00:00.000Z', {
      account: named(next).account,
      servicePoint: named(old).servicePoint,
      tariff: 'STANDARD',
      from: soon,
    }),
    byField('off', 'premise.service-point.changed.v1', '2025-11-01T08:00:00.000Z', {
      servicePoint: named(old).servicePoint,
      at: `${later}T08:00:00Z`,
      connection: 'logically-disconnected',
    }),
    byField('taken', 'metering.meter.removed.v1', '2025-11-01T08:00:00.000Z', {
      servicePoint: named(old).servicePoint,
      meter: ids.meter,
      at: `${soon}T12:00:00Z`,
    }),
  ]);
  await system.settle();
  ids.ana = await idNamed(system, '/v1/customers/crm:ana');
  ids.ben = await idNamed(system, '/v1/customers/crm:ben');
  ids.anaAccount = await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${old} 1/2`)}`);
  ids.benAccount = await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${next} 1/2`)}`);
  ids.premise = await idNamed(system, `/v1/premises/uprn:${old}`);
  ids.point = await idNamed(system, `/v1/service-points/mpan:${old}`);
}, 60_000);
afterAll(() => system.stop());

const staff = { role: 'supervisor' } as const;
const read = async (path: string, as: Asker = staff) =>
  (await system.must({ path, as, ...('role' in as ? { headers: { 'rotunda-purpose': 'service' } } : {}) })).json;
const View = z.object({
  customer: z.object({ status: z.string() }),
  accounts: z.array(
    z.object({
      roles: z.array(z.string()),
      plannedRoles: z.array(z.object({ role: z.string(), from: z.string() })).optional(),
      agreements: z.array(z.object({ from: z.string(), to: z.string().optional(), planned: z.boolean().optional() })),
    }),
  ),
  premises: z.array(
    z.object({
      servicePoints: z.array(
        z.object({
          connection: z.string(),
          meter: z.object({ id: z.string() }).nullable(),
          planned: z.unknown().optional(),
        }),
      ),
    }),
  ),
});
const viewOf = async (customer: string) => View.parse(await read(`/v1/customers/${customer}/360`, { customer }));

describe('a move that is planned', () => {
  it('leaves who is there with all of it until the day, with an end that nobody had to say', async () => {
    const view = await viewOf(ids.ana);
    expect(view.customer.status).toBe('active');
    expect(view.accounts[0]).toMatchObject({ roles: ['holder'], agreements: [{ from: '2025-10-01', to: soon }] });
    const account = await read(`/v1/accounts/${ids.anaAccount}`);
    expect(account.agreements).toMatchObject([{ from: '2025-10-01', to: soon }]);
  });

  it('makes who is to come a prospect, whose role and agreement are planned', async () => {
    const view = await viewOf(ids.ben);
    expect(view.customer.status).toBe('prospect');
    expect(await read(`/v1/customers/${ids.ben}`)).toMatchObject({ status: 'prospect' });
    expect(view.accounts[0]).toMatchObject({
      roles: [],
      plannedRoles: [{ role: 'holder', from: soon }],
      agreements: [{ from: soon, planned: true }],
    });
    expect(await read(`/v1/accounts/${ids.benAccount}`)).toMatchObject({
      holders: [{ from: soon, planned: true }],
      agreements: [{ from: soon, planned: true }],
    });
  });

  it('does not disconnect the point, nor take its meter away, before the instant', async () => {
    const point = { connection: 'connected', meter: { id: ids.meter } };
    expect(await read(`/v1/service-points/${ids.point}`)).toMatchObject({
      ...point,
      planned: { connection: { to: 'logically-disconnected' }, removalAt: `${soon}T12:00:00.000Z` },
    });
    expect((await viewOf(ids.ana)).premises[0]?.servicePoints).toMatchObject([point]);
    // What is planned for a time after hers is not told to her; it is told to who is to be there.
    expect((await viewOf(ids.ana)).premises[0]?.servicePoints[0]?.planned).toBeUndefined();
    expect((await viewOf(ids.ben)).premises[0]?.servicePoints[0]?.planned).toMatchObject({
      connection: { to: 'logically-disconnected' },
    });
  });
});

describe('what two systems say of one point', () => {
  it('is told to staff with both claims, and hides the place from both until that is settled', async () => {
    // No second system that is declared may say so; one that is to be will.
    const [kept] = await system.served.system.submit(
      [
        {
          ...byBilling('claimed', 'account.agreement.started.v1', '2025-11-02T08:00:00.000Z', {
            account: named(next).account,
            servicePoint: named(old).servicePoint,
            tariff: 'OTHER',
            from: '2025-12-01',
          }),
          source: { system: 'crm' },
        },
      ],
      machine,
    );
    expect(kept?.status).toBe('accepted');
    await system.settle();
    const premise = await read(`/v1/premises/${ids.premise}`);
    expect(premise.disputed).toMatchObject([
      { servicePointId: ids.point, from: '2025-12-01', to: soon, claims: [{ source: 'billing' }, { source: 'crm' }] },
    ]);
    expect((await viewOf(ids.ana)).premises).toEqual([]);
    const answer = await system.ask({ path: `/v1/premises/${ids.premise}`, as: { customer: ids.ana } });
    expect(answer.status).toBe(404);
  });
});

describe('an end that two systems tell otherwise', () => {
  it('is the earlier, and staff see that they differ; one of what nobody began is counted', async () => {
    const ended = (event: string, role: string, to: string) =>
      byBilling(event, 'account.role.ended.v1', '2025-11-03T08:00:00.000Z', {
        account: named(old).account,
        customer: { namespace: 'crm', value: 'ana' },
        role,
        to,
      });
    await sendFacts(system, [
      ended('ends-a', 'holder', addDays(today, 90)),
      { ...ended('ends-b', 'holder', addDays(today, 60)), source: { system: 'crm' } },
      ended('ends-c', 'payer', addDays(today, 60)),
    ]);
    await system.settle();
    expect(await read(`/v1/accounts/${ids.anaAccount}`)).toMatchObject({
      holders: [{ customerId: ids.ana, to: addDays(today, 60) }],
      endsThatDiffer: [
        {
          customerId: ids.ana,
          role: 'holder',
          ends: [
            { source: 'billing', to: addDays(today, 90) },
            { source: 'crm', to: addDays(today, 60) },
          ],
        },
      ],
      endsWithoutStart: 1,
    });
    const own = await read(`/v1/accounts/${ids.anaAccount}`, { customer: ids.ana });
    expect([own.endsThatDiffer, own.endsWithoutStart]).toEqual([undefined, undefined]);
  });
});
