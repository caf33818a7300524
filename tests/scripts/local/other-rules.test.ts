import { afterAll, beforeAll, expect, it } from 'vitest';
import { followRules } from '#scripts/local/other-rules.ts';
import { subjectOfPartition } from '#shared/store/keys.ts';
import { leaveByOtherRules } from '#tests/support/other-rules.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { accountFacts, personFact, placeFacts, roleFact, sendFacts } from '#tests/support/small-world.ts';

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

it('what another version left in a data folder is folded anew at the start, once, and shown as before', async () => {
  const { system: local } = system.served;
  const before = await seen();
  const all = await subjects();
  await leaveByOtherRules(local.store.table('profile'), all);

  expect(await followRules(local, () => {})).toBe(all.length);
  expect(await seen()).toEqual(before);
  expect(system.logger.lines.filter(({ event }) => event === 'source.failed' || event === 'source.given-up')).toEqual(
    [],
  );
  expect(await followRules(local, () => {})).toBeUndefined();
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
