import { afterAll, beforeAll, expect, it } from 'vitest';
import { followRules } from '#local/other-rules.ts';
import { subjectOfPartition } from '#shared/table/keys.ts';
import { leaveByOtherRules } from '#tests/support/other-rules.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  byBilling,
  named,
  personFact,
  placeFacts,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

let system: RunningSystem;

beforeAll(async () => {
  system = await RunningSystem.start();
  await sendFacts(system, [
    ...placeFacts('quay', '12 Quay Street'),
    personFact('amara', 'Amara', 'Okafor'),
    ...accountFacts('quay'),
    roleFact('quay', 'amara', 'holder'),
  ]);
  await system.settle();
});
afterAll(() => system.stop());

const subjects = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { pk, sk } of system.served.system.store.scan('profile')) {
    const subject = sk === 'HEAD' ? subjectOfPartition(pk) : undefined;
    if (subject !== undefined) found.push(subject);
  }
  return found;
};
const seen = async () => {
  const { json } = await system.must({ path: '/v1/customers/crm:amara/360', as: { role: 'agent' } });
  const { freshness, ...rest } = json;
  return rest;
};

const foldAnew = async (): Promise<void> => {
  const { system: local } = system.served;
  for (const subject of await subjects()) await local.committer.refold(subject);
  await local.drainPrompt();
};

const reads = [
  '/v1/customers/crm:amara',
  '/v1/customers/crm:amara/360',
  '/v1/customers/crm:amara/timeline',
  '/v1/customers/crm:amara/accounts',
  '/v1/customers/crm:amara/change-requests',
  ...['', '/bills', '/payments', '/ledger', '/agreements'].map((list) => `/v1/accounts/billing:quay%201%2F2${list}`),
  '/v1/premises/uprn:quay',
  '/v1/service-points/mpan:quay',
];

it('a read of what another version left answers as before, or that it is to be asked again, and then as before', async () => {
  const { system: local } = system.served;
  const ask = async (path: string) => {
    const answer = await system.ask({ path, as: { role: 'agent' } });
    const { freshness: _freshness, masked: _masked, omitted: _omitted, ...rest } = answer.json;
    return { status: answer.status, code: rest.code, rest };
  };
  for (const path of reads) {
    const before = await ask(path);
    expect(before.status, path).toBe(200);
    await leaveByOtherRules(local.store.table('profile'), await subjects());
    const codes: unknown[] = [];
    // Each try may meet another record: the customer, their accounts, a premise.
    for (let tried = 0; tried < 4; tried += 1) {
      const again = await ask(path);
      if (again.status === 200) {
        expect(again.rest, path).toEqual(before.rest);
        break;
      }
      codes.push(again.code);
    }
    expect(codes.length, path).toBeLessThan(4);
    expect(codes.every((code) => code === 'rules.older')).toBe(true);
    await foldAnew();
  }
});

it('a payment on an account that another version left counts, and is held against its currency', async () => {
  const { system: local } = system.served;
  await leaveByOtherRules(local.store.table('profile'), await subjects());
  const paid = await sendFacts(system, [
    byBilling('paid-older', 'billing.payment.received.v1', '2026-01-05T08:00:00.000Z', {
      account: named('quay').account,
      amount: { amountMinor: 1200, currency: 'GBP' },
      method: 'card',
    }),
  ]);
  expect(paid.get('paid-older')).toMatch(/^fct_/);
  await foldAnew();
});

it('what another version left in a data folder is folded anew at the start, once, and shown as before', async () => {
  const { system: local } = system.served;
  const before = await seen();
  const all = await subjects();
  await leaveByOtherRules(local.store.table('profile'), all);

  // What followed the change may have met some of them first, and folded those.
  expect(await followRules(local, () => {})).toBeGreaterThan(0);
  for (const subject of all) expect(await local.committer.refold(subject, true), subject).toBe(false);
  expect(await seen()).toEqual(before);
  expect(system.logger.lines.filter(({ event }) => event === 'source.failed' || event === 'source.given-up')).toEqual(
    [],
  );
  expect(await followRules(local, () => {})).toBeUndefined();
});

it('what a folder is found by is made anew at the start where that alone was by other rules', async () => {
  const { store } = system.served.system;
  const profile = store.table('profile');
  const found = async () => {
    const keys: string[] = [];
    for await (const { pk, sk } of store.scan('profile')) if (pk.startsWith('SRC#')) keys.push(`${pk} ${sk}`);
    return keys.toSorted();
  };
  const before = await found();
  const [gone = ''] = before;
  const [pk = '', sk = ''] = gone.split(' ');
  await profile.commit([{ remove: { pk, sk } }]);
  const { search, ...others } = JSON.parse((await store.positions.get('rules', 0)) ?? '{}');
  expect(search).toBeGreaterThan(0);
  await store.positions.set('rules', 0, JSON.stringify(others));
  expect(await followRules(system.served.system, () => {})).toBe(1);
  expect(await found()).toEqual(before);
});

it('a folder that a newer version has worked in is refused, and left as it is', async () => {
  const { system: local } = system.served;
  const before = await local.store.positions.get('rules', 0);
  const newer = JSON.stringify({ ...JSON.parse(before ?? '{}'), billing: 1_000 });
  await local.store.positions.set('rules', 0, newer);
  await expect(followRules(local, () => {})).rejects.toMatchObject({ code: 'rules.newer' });
  expect(await local.store.positions.get('rules', 0)).toBe(newer);
  await local.store.positions.set('rules', 0, before ?? '');
});
