import { expect, it } from 'vitest';
import { customerOperations } from '#functions/customers/api.ts';
import { subjectPartition, viewPrefix } from '#shared/table/keys.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { agreed, openHome } from '#tests/support/supplied-home.ts';

const anAgent = operationRequest({ kind: 'staff', id: 'sam', roles: ['agent'] });

it('a view that an earlier release made is told from the facts, until a commit or a replay has made it anew', async () => {
  const home = await openHome();
  await home.tell([agreed('ana', '2024-02-01')]);
  await home.settleAll();
  const customer = home.idOf('cus-ana');
  const { read360 } = customerOperations({
    ...home,
    now: () => home.clock.now(),
    today: (at = home.clock.now()) => new Date(at).toISOString().slice(0, 10),
  });
  const read = async () => (await read360({ ...anAgent, subjectId: customer, query: {}, body: undefined })).body;
  const before = await read();
  const { items } = await home.profile.query({ pk: subjectPartition(customer), prefix: viewPrefix, consistent: true });
  expect(items.length).toBeGreaterThanOrEqual(4);
  await home.profile.batchPut(
    items.map((item) => ({ ...item, r: Number(item.r) - 1, b: new TextEncoder().encode('laid out otherwise') })),
  );
  const { omitted, ...told } = await read();
  expect({ ...told, omitted: before.omitted }).toEqual(before);
  expect(omitted.some((one) => one.includes('usage'))).toBe(true);
  expect(await home.committer.refold(customer)).toBe(true);
  for (const account of [home.idOf('acc-ana'), home.idOf('prm')]) await home.committer.refold(account);
  await home.settleAll();
  expect(await read()).toEqual(before);
});
