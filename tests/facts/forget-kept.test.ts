import { describe, expect, it } from 'vitest';
import { forgetKeptOf } from '#shared/facts/forget-kept.ts';
import { listQuarantine, quarantine, waitingQueue, waitingWrite } from '#shared/facts/quarantine.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { decodeFailedBatch, encodeFailedBatch } from '#shared/messaging/failed-batch.ts';
import { createGivenUp } from '#shared/messaging/kept-given-up.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';

const [greta, ben] = ['cus_01J00000000000000000GRETA0', 'cus_01J0000000000000000000BEN0'];
const crm = { namespace: 'crm', value: '4711' };
const whom = { ids: [greta], references: [crm] };

const ground = async () => {
  const store = await openLevelStore();
  const clock = new StoryClock('2026-03-05T09:00:00.000Z');
  const sealer = createSealer({ keys: store.table('keys'), master: memoryMasterKey(), clock });
  const profile = store.table('profile');
  const givenUp = createMemoryObjects(clock);
  const refused = (raw: unknown, more: object = {}) => ({
    kind: 'fact' as const,
    reason: 'fact.invalid' as const,
    source: 'crm',
    receivedAt: clock.now(),
    raw: Buffer.from(typeof raw === 'string' ? raw : JSON.stringify(raw)),
    ...more,
  });
  const keep = (raw: unknown, more: object = {}) => quarantine(profile, sealer, refused(raw, more));
  const waitFor = async (kind: string, raw: unknown, value: string) => {
    const { id, write } = await waitingWrite(sealer, refused(raw), { kind, namespace: 'crm', value });
    await profile.commit([write]);
    return id;
  };
  const wait = (raw: unknown, value: string) => waitFor('customer', raw, value);
  const left = async () =>
    [
      ...(await listQuarantine(profile, { limit: 1000 })).entries,
      ...(await listQuarantine(profile, { limit: 1000, queue: waitingQueue })).entries,
    ].map(({ id }) => id);
  const forget = () => forgetKeptOf({ profile, sealer, givenUp: createGivenUp(givenUp) }, whom);
  return { keep, wait, waitFor, left, forget, givenUp };
};

describe('what is kept of somebody who is erased', () => {
  it('goes from quarantine and from what waits, by their id or by what another system calls them', async () => {
    const { keep, wait, left, forget } = await ground();
    await keep({ data: { customer: greta } });
    await keep({ data: { customer: crm, name: 'Greta' } });
    await keep({ data: { note: `asked about crm:4711` } }, { detail: { customer: 'crm:4711' } });
    await keep(`{"series":{"namespace":"crm","reference":"4711"}}\n{"line":2}\n`, { kind: 'rows' });
    await wait({ data: { account: 'x' } }, '4711');
    await wait({ data: { holder: { deep: [{ customer: crm }] } } }, '99');
    const others = [
      await keep({ data: { customer: ben } }),
      await keep({ data: { customer: { ...crm, value: '47110' } } }),
      await keep({ data: { customer: { namespace: 'billing', value: '4711' } } }),
      await keep('not JSON at all, 4711'),
      await wait({ data: { customer: ben } }, '98'),
    ];
    expect((await forget()).removed).toBe(6);
    expect((await left()).sort()).toEqual(others.sort());
    expect((await forget()).removed).toBe(0);
  });

  it('leaves what is of others whose number is the same, where it is that of an account or a bill', async () => {
    const { keep, waitFor, wait, left, forget, givenUp } = await ground();
    const fact = (type: string, data: object) => ({ type, source: { system: 'crm' }, sourceEventId: 'e', data });
    const granted = (account: object, customer: unknown) =>
      fact('account.role.granted.v1', { account, customer, role: 'holder', from: '2026-01-01' });
    const others = [
      await waitFor('account', granted(crm, { namespace: 'crm', value: '99' }), '4711'),
      await keep(granted(crm, ben)),
      await keep(fact('account.account.opened.v1', { references: [crm] })),
    ];
    await wait(granted({ namespace: 'crm', value: 'A-1' }, crm), '4711');
    await keep(granted({ namespace: 'crm', value: 'A-1' }, crm));
    await keep(fact('customer.profile.registered.v1', { references: [crm], name: { family: 'Greta' } }));
    await keep(fact('customer.profile.registered.v9', { references: [crm] }));
    const inbound = (data: object) => Buffer.from(JSON.stringify({ event: { detail: data } }));
    await givenUp.put('dead-letters/inbound/facts/1.json', inbound(granted(crm, ben)));
    await givenUp.put('dead-letters/inbound/facts/2.json', inbound(granted({ namespace: 'crm', value: '1' }, crm)));
    expect((await forget()).removed).toBe(5);
    expect((await left()).sort()).toEqual(others.sort());
    expect(await givenUp.list('')).toEqual(['dead-letters/inbound/facts/1.json']);
  });

  it('goes however much is kept, and says of which imports rows were among it', async () => {
    const { keep, left, forget } = await ground();
    for (let n = 0; n < 250; n += 1) await keep({ n, customer: n % 2 === 0 ? greta : ben });
    const detail = { import: 'imp_01J00000000000000000000001', code: 'cost' };
    await keep(`${JSON.stringify({ series: crm })}\n`, { kind: 'rows', detail });
    expect(await forget()).toEqual({ removed: 126, imports: [detail.import] });
    expect(await left()).toHaveLength(125);
  });

  it('goes from what readers gave up, and of a batch the records of others stay', async () => {
    const { givenUp, forget } = await ground();
    const record = (position: string, entry: object) => ({ position, entry });
    const batch = {
      consumer: 'follow',
      log: 'profile',
      shard: 0,
      reason: 'retries' as const,
      attempts: 6,
      error: { name: 'Error', message: 'no' },
      failedAt: '2026-03-05T09:00:00.000Z',
      records: [
        record('1', {
          key: { pk: `CUS#${greta}`, sk: 'VIEW#0' },
          after: { name: 'Greta', bytes: new Uint8Array([1]) },
        }),
        record('2', { key: { pk: `CUS#${ben}`, sk: 'VIEW#0' }, after: { bytes: new Uint8Array([2]) } }),
      ],
    };
    const lambda = (event: object) =>
      Buffer.from(JSON.stringify({ requestContext: { functionArn: 'arn' }, payload: JSON.stringify(event) }));
    const image = (id: string) => ({ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: `CUS#${id}` } } } });
    const kinesis = (data: string) => ({ kinesis: { partitionKey: 'p', data: Buffer.from(data).toString('base64') } });
    const inbound = { json: JSON.stringify({ detail: { data: { customer: crm } } }), at: 1 };
    const put: Readonly<Record<string, Uint8Array>> = {
      'failures/follow/000-1.json': encodeFailedBatch(batch),
      'failures/bus-inbound-facts/000-1.json': encodeFailedBatch({ ...batch, records: [record('1', inbound)] }),
      'failures/usage/000-1.json': encodeFailedBatch({ ...batch, records: batch.records.slice(1) }),
      'dead-letters/inbound/facts/1.json': Buffer.from(JSON.stringify({ event: { detail: { customer: crm } } })),
      'dead-letters/inbound/facts/2.json': Buffer.from(JSON.stringify({ event: { detail: { customer: ben } } })),
      'aws/lambda/a/1': lambda({ Records: [image(greta), image(ben), kinesis(`{"customer":"${greta}"}`)] }),
      'aws/lambda/a/2': lambda({ Records: [image(greta)] }),
      'iot/rule/1': Buffer.from(
        JSON.stringify({ clientId: 'm', base64OriginalPayload: Buffer.from(greta).toString('base64') }),
      ),
      'audit/checkpoints/1.json': Buffer.from(greta),
    };
    for (const [name, bytes] of Object.entries(put)) await givenUp.put(name, bytes);
    expect((await forget()).removed).toBe(6);
    expect(await givenUp.list('')).toEqual([
      'audit/checkpoints/1.json',
      'aws/lambda/a/1',
      'dead-letters/inbound/facts/2.json',
      'failures/follow/000-1.json',
      'failures/usage/000-1.json',
    ]);
    const kept = decodeFailedBatch((await givenUp.get('failures/follow/000-1.json')) ?? new Uint8Array());
    expect(kept).toEqual({ ...batch, records: batch.records.slice(1) });
    const handed = JSON.parse(Buffer.from((await givenUp.get('aws/lambda/a/1')) ?? []).toString());
    expect(JSON.parse(handed.payload)).toEqual({ Records: [image(ben)] });
    expect((await forget()).removed).toBe(0);
  });
});
