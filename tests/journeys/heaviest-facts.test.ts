import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { heavy, longText } from '#tests/support/heavy-facts.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { byBilling, byCrm, byField, type SentFact } from '#tests/support/small-world.ts';

/** Facts that are as large as their contracts let them be, many at once, through the API of the running system. */

let system: RunningSystem;
beforeAll(async () => {
  system = await RunningSystem.start();
});
afterAll(() => system.stop());

const Results = z.object({ results: z.array(z.looseObject({ status: z.string() })) });

/** Sends facts 20 at a time, since a body has 256 KB at most; answers what became of each. */
const send = async (client: string, facts: readonly SentFact[]): Promise<readonly string[]> => {
  const statuses: string[] = [];
  for (let from = 0; from < facts.length; from += 20) {
    const json = { facts: facts.slice(from, from + 20) };
    const answer = await system.must({ method: 'POST', path: '/v1/facts', as: { client }, json });
    statuses.push(...Results.parse(answer.json).results.map(({ status }) => status));
  }
  return statuses;
};

const crm = { namespace: 'crm', value: 'heavy' };
const account = { namespace: 'billing', value: 'heavy' };
const uprn = { namespace: 'uprn', value: 'heavy' };
const all = (count: number, status: string): readonly string[] => Array(count).fill(status);
const at = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
const own = (data: Readonly<Record<string, unknown>>, ...[first, ...others]: readonly object[]) => ({
  ...data,
  references: [
    first,
    ...others,
    ...(Array.isArray(data.references) ? data.references.slice(0, 9 - others.length) : []),
  ],
});

it('are kept, answered one by one, and shown, and nothing fails inside', async () => {
  const identity = heavy.identity(0).data;
  expect(await send('crm', [byCrm('heavy', 'customer.profile.registered.v1', at(0), own(identity, crm))])).toEqual([
    'accepted',
  ]);
  const points = Array.from({ length: 60 }, (_, n) =>
    byCrm(`point-${n}`, 'customer.contact-point.added.v1', at(n), { ...heavy.contact(n).data, customer: crm }),
  );
  expect(await send('crm', points)).toEqual(all(60, 'accepted'));
  const calls = Array.from({ length: 100 }, (_, n) =>
    byCrm(`call-${n}`, 'contact.interaction.logged.v1', at(n), { ...heavy.interactions(n).data, customer: crm }),
  );
  expect(await send('crm', calls)).toEqual(all(100, 'accepted'));
  const place = heavy.premise(0).data;
  expect(await send('field', [byField('place', 'premise.premise.registered.v1', at(0), own(place, uprn))])).toEqual([
    'accepted',
  ]);
  const delivered = Array.from({ length: 45 }, (_, n) =>
    byField(`svp-${n}`, 'premise.service-point.registered.v1', at(1 + n), {
      ...heavy.premise(n + 1).data,
      premise: uprn,
    }),
  );
  expect(await send('field', delivered)).toEqual(all(45, 'accepted'));
  const outages = Array.from({ length: 40 }, (_, n) =>
    byField(`out-${n}`, 'service.outage.reported.v1', at(n), { ...heavy.outage(n).data, premise: uprn }),
  );
  expect(await send('field', outages)).toEqual(all(40, 'accepted'));
  const opened = heavy.account(0).data;
  expect(await send('billing', [byBilling('acc', 'account.account.opened.v1', at(0), own(opened, account))])).toEqual([
    'accepted',
  ]);
  const roles = ['holder', 'joint', 'payer', 'nominee', 'agent', 'executor', 'guarantor', 'landlord'].map((role) =>
    byBilling(`role-${role}`, 'account.role.granted.v1', at(1), { account, customer: crm, role, from: '2026-01-01' }),
  );
  expect(await send('billing', roles)).toEqual(all(8, 'accepted'));
  const bills = Array.from({ length: 100 }, (_, n) =>
    byBilling(`bill-${n}`, 'billing.bill.issued.v1', at(n), { ...heavy.billing(n).data, account }),
  );
  expect(await send('billing', bills)).toEqual(all(100, 'accepted'));
  const agreements = Array.from({ length: 4 }, (_, n) =>
    byBilling(`agr-${n}`, 'account.agreement.started.v1', at(2), {
      ...heavy.supply(n).data,
      account,
      servicePoint: Object(Array.isArray(delivered[n]?.data.references) ? delivered[n]?.data.references[0] : undefined),
    }),
  );
  expect(await send('billing', agreements)).toEqual(all(4, 'accepted'));
  await system.settle();
  const agent = { role: 'agent' };
  for (const path of [
    '/v1/customers/crm:heavy',
    '/v1/customers/crm:heavy/360',
    '/v1/customers/crm:heavy/timeline?limit=100',
    '/v1/accounts/billing:heavy',
    '/v1/accounts/billing:heavy/ledger?limit=100',
    '/v1/premises/uprn:heavy',
  ]) {
    expect([path, (await system.ask({ path, as: agent })).status]).toEqual([path, 200]);
  }
  const found = await system.must({ path: `/v1/customers?q=${encodeURIComponent(longText(60))}`, as: agent });
  expect(found.status).toBe(200);
  expect(system.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
