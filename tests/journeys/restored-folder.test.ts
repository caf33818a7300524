import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import { type Item, tableNames } from '#shared/table/table.ts';
import { scanAll } from '#tests/support/raw-items.ts';
import { until } from '#tests/support/recorders.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  byCrm,
  freshKey,
  idNamed,
  named,
  personFact,
  placeFacts,
  pointFact,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';
import { askImport, halfHourFile, lookAtImport, putFile } from './story/importing.ts';

/** A data folder of somebody who is erased: no file of it tells who they were, and no copy of before brings them back. */

const household = 'zelda';
const { customer: crmZelda, account } = named(household);

/**
 * A word that stands nowhere else. Files of the store are compressed by what stood before in them: what was met nowhere before lies
 * there as it is, in whatever case it is kept.
 */
const mark = (): string =>
  randomBytes(8)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
const markers = {
  given: `Ze${mark()}`,
  family: `Qw${mark()}`,
  email: `${mark()}@example.com`,
  post: `77 Hi${mark()} Lane`,
  summary: `Of ${mark()} by phone`,
  waiting: `Wa${mark()}`,
  refused: `Re${mark()}`,
  file: `fi${mark()}`,
} as const;
const words = Object.values(markers).map((text) => /[a-p]{16}/.exec(text)?.[0] ?? text);

let home: string;
let keyOfBefore: Item;
let ids: { readonly customer: string; readonly account: string };
const data = () => join(home, 'data');
const start = (folder: string, erasedFolder?: string): Promise<RunningSystem> =>
  RunningSystem.start({ folder, staleReads: false, ...(erasedFolder === undefined ? {} : { erasedFolder }) });

const agent = { role: 'agent' };
const post = (system: RunningSystem, path: string, role: string, json: unknown) =>
  system.must({
    method: 'POST',
    path,
    as: { role },
    json,
    headers: { 'idempotency-key': freshKey(), 'rotunda-purpose': role.startsWith('privacy') ? 'privacy' : 'service' },
  });

/** Files below a folder whose bytes hold one of the words, in any case. */
const filesWith = async (folder: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = (await readFile(join(entry.parentPath, entry.name))).toString('latin1').toLowerCase();
    for (const word of words) if (bytes.includes(word)) found.push(`${entry.name}: ${word}`);
  }
  return found;
};

/** Items of the tables, changes and objects that hold one of the words. */
const placesWith = async (system: RunningSystem): Promise<readonly string[]> => {
  const { store, objects } = system.served.system;
  const has = (value: unknown): boolean => {
    const text = JSON.stringify(value, (_name, member) =>
      member instanceof Uint8Array ? Buffer.from(member).toString('latin1') : member,
    ).toLowerCase();
    return words.some((word) => text.includes(word));
  };
  const found: string[] = [];
  for (const name of tableNames)
    for (const item of await scanAll(store.table(name))) if (has(item)) found.push(`${name} ${item.pk} ${item.sk}`);
  for (const name of ['profile', 'readings', 'audit'] as const)
    for (let shard = 0; shard < store.feed(name).shards; shard += 1)
      for (const { entry } of await store.feed(name).read(shard, undefined, 100_000))
        if (has(entry)) found.push(`feed of ${name} ${entry.key.pk} ${entry.key.sk}`);
  for (const name of await objects.list('')) if (has(await objects.get(name))) found.push(name);
  for (const line of system.logger.lines) if (has(line)) found.push(`log ${line.event}`);
  return found;
};

const ledgerOf = async (system: RunningSystem) =>
  (
    await system.must({
      path: `/v1/accounts/${ids.account}/ledger`,
      as: { role: 'billing' },
      headers: { 'rotunda-purpose': 'billing' },
    })
  ).json;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rotunda-restored-'));
  const system = await start(data());
  await sendFacts(system, [
    personFact(household, markers.given, markers.family),
    pointFact(household, 'email', markers.email),
    byCrm('cpt-post', 'customer.contact-point.added.v1', '2025-10-01T08:00:05.000Z', {
      customer: crmZelda,
      kind: 'post',
      value: markers.post,
    }),
    ...placeFacts(household, '12 Quay Street'),
    ...accountFacts(household),
    roleFact(household, household, 'holder'),
  ]);
  // One that waits for what never comes, and one that cannot be right: both name her.
  const fact = { source: { system: 'crm' }, occurredAt: '2025-10-02T08:00:00.000Z' };
  const note = { customer: crmZelda, channel: 'phone', direction: 'inbound', reason: 'billing.question' };
  const events = [
    {
      sourceEventId: 'waits',
      data: { ...note, account: { namespace: 'crm', value: 'never' }, summary: markers.waiting },
    },
    { sourceEventId: 'wrong', data: { ...note, direction: 'sideways', summary: markers.refused } },
  ].map((one) => ({ ...fact, ...one, type: 'contact.interaction.logged.v1' }));
  await system.served.system.inbound.publish(
    events.map((detail) => ({ source: 'crm', detailType: detail.type, detail })),
  );
  await system.settle();
  ids = {
    customer: await idNamed(system, `/v1/customers/crm:${household}`),
    account: await idNamed(system, `/v1/accounts/${account.namespace}:${encodeURIComponent(account.value)}`),
  };
  await post(system, `/v1/customers/${ids.customer}/interactions`, 'agent', {
    channel: 'phone',
    direction: 'inbound',
    reason: 'billing.question',
    summary: markers.summary,
  });
  // A line of the file names her beside her meter.
  const file = Buffer.concat([
    halfHourFile(household, ['2026-01-05'], () => '100'),
    Buffer.from(`${markers.file},not a time,${markers.family}\n`),
  ]);
  const asked = await askImport(system, file, true);
  await putFile(asked, file);
  await until('the file is read', async () => (await lookAtImport(system, asked.id)).state === 'done');
  await system.settle();
  const key = await system.served.system.store.table('keys').get({ pk: `KEY#${ids.customer}`, sk: 'HEAD' });
  keyOfBefore = key ?? { pk: '', sk: '' };
  await system.stop();
  await cp(data(), join(home, 'backup'), { recursive: true });
}, 120_000);
afterAll(() => rm(home, { recursive: true, force: true }));

describe('a data folder of somebody who is erased', () => {
  it('tells who they are before, and in no file, item, change, object or log line after, with money as it was', async () => {
    expect(new Set((await filesWith(data())).map((one) => one.split(': ')[1])).size).toBeGreaterThan(3);
    const system = await start(data());
    expect(await system.served.system.objects.list('imports/')).not.toEqual([]);
    const before = await ledgerOf(system);
    const path = `/v1/customers/${ids.customer}/erasure`;
    const asked = await post(system, path, 'privacy', { ground: 'unlawful', reason: 'Request 2026-118.' });
    const decision = { request: asked.json.requestId, decision: 'approved' };
    await post(system, `${path}/decision`, 'privacy-second', decision);
    await until('it is carried out', async () => {
      const { json } = await system.must({ path, as: { role: 'privacy' } });
      return json.status === 'erased';
    });
    await system.settle();
    await system.served.forgetting.settled();
    expect(await placesWith(system)).toEqual([]);
    // What is sealed shows in no search for words: it is gone, not only shut.
    const profile = system.served.system.store.table('profile');
    for (const queue of ['quarantine', 'waiting'])
      expect((await listQuarantine(profile, { limit: 10, queue })).entries).toEqual([]);
    expect(await system.served.system.objects.list('imports/')).toEqual([]);
    expect(await ledgerOf(system)).toEqual(before);
    await system.stop();
    expect(await filesWith(data())).toEqual([]);
    expect(await filesWith(`${data()}.erased`)).toEqual([]);
  }, 60_000);

  it('is not started from a copy of before without the register of who was erased', async () => {
    expect(await filesWith(join(home, 'backup'))).not.toEqual([]);
    await expect(start(join(home, 'backup'))).rejects.toMatchObject({ code: 'erasures.lost' });
  });

  it('has them erased again in a copy of before, ere anybody is shown anything, and again nothing the next time', async () => {
    const copy = join(home, 'backup');
    const register = `${data()}.erased`;
    const system = await start(copy, register);
    const seen = await system.must({ path: `/v1/customers/${ids.customer}`, as: agent });
    expect(seen.json).toMatchObject({ id: ids.customer, erasedAt: expect.any(String), contactPoints: [] });
    const found = await system.must({ path: `/v1/customers?q=${markers.family}`, as: agent });
    expect(JSON.stringify(found.json)).not.toContain(ids.customer);
    await system.settle();
    await system.served.forgetting.settled();
    expect(await placesWith(system)).toEqual([]);
    await system.stop();
    expect(await filesWith(copy)).toEqual([]);
    const again = await start(copy, register);
    expect(await again.served.eraseAgain()).toEqual({ looked: 1, erased: 0 });
    await again.stop();
  }, 60_000);

  it('has a key that came back by itself destroyed again, though all else is erased', async () => {
    const folder = join(home, 'again');
    await cp(data(), folder, { recursive: true });
    const system = await start(folder, `${data()}.erased`);
    const keys = system.served.system.store.table('keys');
    const key = { pk: `KEY#${ids.customer}`, sk: 'HEAD' };
    await keys.commit([{ put: keyOfBefore }]);
    await system.stop();
    const restarted = await start(folder, `${data()}.erased`);
    expect(await restarted.served.system.store.table('keys').get(key, { consistent: true })).toHaveProperty('erasedAt');
    await restarted.stop();
  });
});
