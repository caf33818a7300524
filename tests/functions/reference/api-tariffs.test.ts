import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tariffOperations } from '#functions/reference/api-tariffs.ts';
import { tariffRoutes } from '#functions/reference/contract/tariffs.ts';
import { newId } from '#shared/runtime/identify.ts';
import { awaitedOfKey, subjectOfPartition, tariffKey } from '#shared/table/keys.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import { operationRequest } from '#tests/support/operation-request.ts';

const billing = { kind: 'machine', id: 'billing', scopes: ['tariffs:write'], sources: ['billing'] } as const;
/** A request of billing, with an audit entry of its own. */
const asBilling = () => {
  const request = operationRequest(billing);
  return { ...request, audit: { ...request.audit, id: newId() } };
};
const body = {
  name: 'Standard electricity',
  commodity: 'electricity' as const,
  currency: 'GBP',
  unit: 'kWh' as const,
  prices: [
    { from: '2025-10-01', energyPrice: '0.2486' },
    { from: '2026-04-01', energyPrice: '0.26905' },
  ],
};

let store: LevelStore;
let operations: ReturnType<typeof tariffOperations>;
let now = 0;
beforeEach(async () => {
  now = Date.parse('2026-06-01T00:00:00Z');
  store = await openLevelStore({ clock: { now: () => now } });
  operations = tariffOperations({ profile: store.table('profile'), now: () => now });
});
afterEach(() => store.close());

const put = (id: string, more: Partial<typeof body> = {}) =>
  operations.putTariff({ ...asBilling(), params: { id }, query: {}, body: { ...body, ...more } });
const read = (id: string) => operations.readTariff({ ...asBilling(), params: { id }, query: {}, body: undefined });

describe('a tariff', () => {
  it('is kept under the code that agreements name, its prices to the last digit', async () => {
    const kept = {
      code: 'STANDARD',
      ...body,
      version: 1,
      changedAt: '2026-06-01T00:00:00.000Z',
      changedBy: 'machine:billing',
    };
    expect(await put('STANDARD')).toEqual({ body: kept, version: 1, audited: true });
    expect(await read('STANDARD')).toEqual({ body: kept, version: 1 });
    await expect(read('standard')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is replaced whole by the next put, and unchanged by the same one', async () => {
    await put('STANDARD');
    now += 1000;
    const again = await put('STANDARD');
    expect(again.body).toMatchObject({ version: 1, changedAt: '2026-06-01T00:00:00.000Z' });
    // Nothing was committed that the entry could stand with: the edge writes it.
    expect(again.audited).toBe(false);
    const prices = [{ from: '2026-01-01', energyPrice: '0.3' }];
    expect((await put('STANDARD', { prices })).body).toMatchObject({
      prices,
      version: 2,
      changedAt: '2026-06-01T00:00:01.000Z',
    });
  });

  it('is kept once where many put it at the same time', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, at) => put('STANDARD', { name: `Standard ${at % 2}` })));
    expect((await read('STANDARD')).body.name).toMatch(/^Standard [01]$/);
  });

  it('says in the store who changed it', async () => {
    await put('STANDARD');
    const item = await store.table('profile').get(tariffKey('STANDARD'), { consistent: true });
    expect(item?.changedBy).toBe('machine:billing');
  });

  it('is listed in order of the codes, page by page', async () => {
    for (const code of ['WATER', 'GAS', 'STANDARD']) await put(code);
    const first = (await operations.listTariffs({ ...asBilling(), query: { limit: 2 }, body: undefined })).body;
    expect(first.data.map(({ code }) => code)).toEqual(['GAS', 'STANDARD']);
    const query = { limit: 2, cursor: first.next ?? '' };
    const second = (await operations.listTariffs({ ...asBilling(), query, body: undefined })).body;
    expect([second.data.map(({ code }) => code), second.next]).toEqual([['WATER'], null]);
  });

  it.each(['', 'x'.repeat(41), 'a\u0000b'])('of a code that no agreement can name is refused', async (code) => {
    await expect(put(code)).rejects.toMatchObject({ code: 'path.invalid', errors: [{ pointer: '/path/id' }] });
  });

  it.each(['HEAD', 'STATE#billing', 'FACT#x', 'VIEW#5#a#b'])(
    'of any code is no news to who follows profiles: %s',
    async (code) => {
      await put(code);
      const feed = store.feed('profile');
      const changes = [];
      for (let shard = 0; shard < feed.shards; shard += 1) changes.push(...(await feed.read(shard, undefined, 100)));
      const [change] = changes;
      expect(changes).toHaveLength(1);
      expect(change?.entry.key).toEqual({ pk: 'TARIFFS', sk: `T#${code}` });
      const key = change?.entry.key ?? { pk: '', sk: '' };
      expect([subjectOfPartition(key.pk), awaitedOfKey(key)]).toEqual([undefined, undefined]);
    },
  );
});

describe('a body of a tariff', () => {
  const route = tariffRoutes.find(({ operationId }) => operationId === 'putTariff');
  const pathsOf = (more: object): readonly string[] => {
    if (route === undefined || !('body' in route)) throw new Error('no such route');
    return route.body.safeParse({ ...body, ...more }).error?.issues.map(({ path }) => path.join('/')) ?? [];
  };
  const entry = (from: string, energyPrice: unknown = '0.2') => ({ from, energyPrice });

  it.each([
    ['without prices', { prices: [] }, 'prices'],
    ['with two prices of one day', { prices: [entry('2026-01-01'), entry('2026-01-01')] }, 'prices/1/from'],
    ['with prices out of order', { prices: [entry('2026-02-01'), entry('2026-01-01')] }, 'prices/1/from'],
    ['with a price as a number', { prices: [entry('2026-01-01', 0.2)] }, 'prices/0/energyPrice'],
    ['with a price below nothing', { prices: [entry('2026-01-01', '-0.2')] }, 'prices/0/energyPrice'],
    ['with a price in a form of its own', { prices: [entry('2026-01-01', '1e3')] }, 'prices/0/energyPrice'],
    ['with more digits than are kept', { prices: [entry('2026-01-01', '0.123456789')] }, 'prices/0/energyPrice'],
    ['with no date', { prices: [entry('2026-02-30')] }, 'prices/0/from'],
    ['in a unit that nobody prices by', { unit: 'Wh' }, 'unit'],
    ['in no currency', { currency: 'pounds' }, 'currency'],
  ])('%s is refused, and the field named', (_what, more, path) => {
    expect(pathsOf(more)).toContain(path);
  });

  it('is taken as it is', () => {
    expect(pathsOf({})).toEqual([]);
  });
});
