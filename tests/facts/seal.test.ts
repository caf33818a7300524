import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCountedTable } from '#scripts/bench/counted-table.ts';
import { createSealer, type JsonValue, type Sealer } from '#shared/facts/seal.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import type { MasterKey } from '#shared/messaging/ports.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { dataKeyKey } from '#shared/table/keys.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import { type Table, Throttled, TransactionConflict, Unanswered } from '#shared/table/table.ts';

let store: LevelStore;
let keys: Table;
let master: MasterKey;
let clock: StoryClock;
let sealer: Sealer;
const owner = 'cus_0123456789ABCDEFGHJKMNPQRS';
const another = 'cus_1123456789ABCDEFGHJKMNPQRS';

beforeEach(async () => {
  store = await openLevelStore({ staleReads: true });
  keys = store.table('keys');
  master = memoryMasterKey();
  clock = new StoryClock('2026-03-01T00:00:00.000Z');
  sealer = createSealer({ keys, master, clock });
});
afterEach(() => store.close());

const fresh = (): Sealer => createSealer({ keys, master, clock });

describe('sealing personal values', () => {
  test('any JSON value opens as it was sealed, also after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string(), async (value, context) => {
        // What JSON itself keeps of the value (it has one zero).
        const kept: JsonValue = JSON.parse(JSON.stringify(value));
        const sealed = await sealer.seal(owner, context, kept);
        expect(await sealer.open(owner, context, sealed)).toEqual({ value: kept });
        expect(await fresh().open(owner, context, sealed)).toEqual({ value: kept });
      }),
      { numRuns: 60 },
    );
  });

  test('the sealed bytes show nothing of the value and differ each time', async () => {
    const [first, second] = [
      await sealer.seal(owner, 'c', 'Ada Lovelace'),
      await sealer.seal(owner, 'c', 'Ada Lovelace'),
    ];
    expect(Buffer.from(first).includes('Ada')).toBe(false);
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false);
  });

  test('a change of any byte, of the owner or of the context is refused', async () => {
    const sealed = await sealer.seal(owner, 'fct_1', { name: 'Ada' });
    for (let index = 0; index < sealed.byteLength; index += 1) {
      const altered = Uint8Array.from(sealed);
      altered[index] = (altered[index] ?? 0) ^ 1;
      await expect(sealer.open(owner, 'fct_1', altered)).rejects.toThrow();
    }
    await expect(sealer.open(owner, 'fct_2', sealed)).rejects.toThrow();
    await sealer.warm(another);
    await expect(sealer.open(another, 'fct_1', sealed)).rejects.toThrow();
    await expect(sealer.open(owner, 'fct_1', sealed.subarray(0, 20))).rejects.toThrow();
  });

  test('an erased owner has nothing left: nothing opens, nothing new is sealed, no new key is made', async () => {
    const elsewhere = fresh();
    const sealed = await sealer.seal(owner, 'c', 'Ada');
    await elsewhere.warm(owner);
    await sealer.erase(owner);
    expect(await sealer.open(owner, 'c', sealed)).toBe('erased');
    await expect(sealer.seal(owner, 'c', 'Ada')).rejects.toMatchObject({ kind: 'conflict', code: 'owner.erased' });
    expect(await fresh().open(owner, 'c', sealed)).toBe('erased');
    await expect(fresh().seal(owner, 'c', 'Ada')).rejects.toMatchObject({ code: 'owner.erased' });
    const item = await keys.get(dataKeyKey(owner), { consistent: true });
    expect(item).toEqual({ ...dataKeyKey(owner), erasedAt: '2026-03-01T00:00:00.000Z' });

    // Another process still holds the key, for as long as its cache keeps it and no longer.
    expect(await elsewhere.open(owner, 'c', sealed)).toEqual({ value: 'Ada' });
    clock.set('2026-03-01T00:05:00.000Z');
    expect(await elsewhere.open(owner, 'c', sealed)).toBe('erased');
  });

  test('erasing twice keeps the first date, and an owner never seen can be erased', async () => {
    await sealer.erase(another);
    clock.set('2026-04-01T00:00:00.000Z');
    await fresh().erase(another);
    expect(await keys.get(dataKeyKey(another), { consistent: true })).toMatchObject({
      erasedAt: '2026-03-01T00:00:00.000Z',
    });
    await expect(fresh().seal(another, 'c', 1)).rejects.toMatchObject({ code: 'owner.erased' });
  });

  test('a value whose key item is gone opens as erased', async () => {
    const sealed = await sealer.seal(owner, 'c', 'Ada');
    await keys.commit([{ remove: dataKeyKey(owner) }]);
    expect(await fresh().open(owner, 'c', sealed)).toBe('erased');
  });

  test('sealers that start at the same time agree on one key', async () => {
    const sealers = Array.from({ length: 8 }, fresh);
    const sealed = await Promise.all(sealers.map((one, index) => one.seal(owner, 'c', index)));
    for (const [index, bytes] of sealed.entries())
      expect(await sealer.open(owner, 'c', bytes)).toEqual({ value: index });
  });

  test('a key belongs to its owner: moved to another it does not unwrap', async () => {
    const sealed = await sealer.seal(owner, 'c', 'Ada');
    const item = await keys.get(dataKeyKey(owner), { consistent: true });
    await keys.commit([{ put: { ...item, ...dataKeyKey(another) } }]);
    await expect(fresh().open(another, 'c', sealed)).rejects.toThrow();
  });

  test('once warm, sealing reads no table until five minutes have passed', async () => {
    const counted = createCountedTable(keys);
    const warm = createSealer({ keys: counted, master, clock });
    await warm.warm(owner);
    counted.reset();
    for (let n = 0; n < 50; n += 1) await warm.open(owner, 'c', await warm.seal(owner, 'c', n));
    expect(counted.counts().requests).toBe(0);
    clock.set('2026-03-01T00:05:00.000Z');
    await Promise.all([warm.seal(owner, 'c', 1), warm.seal(owner, 'c', 2)]);
    expect(counted.counts().requests).toBe(1);
  });

  test('quarantine is sealed under a key per month', () => {
    expect(sealer.quarantineOwner(Date.parse('2026-03-31T23:59:59.999Z'))).toBe('quarantine-2026-03');
    expect(sealer.quarantineOwner(Date.parse('2026-04-01T00:00:00.000Z'))).toBe('quarantine-2026-04');
  });
});

describe('a key that is made while the table is in trouble', () => {
  const failing = (failure: Error, times: number, does: boolean): Table => {
    let left = times;
    return {
      ...keys,
      name: keys.name,
      get: (key, options) => keys.get(key, options),
      query: (query) => keys.query(query),
      commit: async (writes) => {
        if (left === 0) return keys.commit(writes);
        left -= 1;
        if (does) await keys.commit(writes);
        throw failure;
      },
    };
  };

  test.each([
    ['others write the same item', new TransactionConflict(), false],
    ['the table is busy', new Throttled(), false],
    ['nobody answers, and nothing was done', new Unanswered(), false],
    ['nobody answers, and the key was made', new Unanswered(), true],
  ])('is one key in the end: %s', async (_, failure, does) => {
    const troubled = createSealer({ keys: failing(failure, does ? 1 : 3, does), master, clock });
    const sealed = await troubled.seal(owner, 'c', 'Ada');
    expect(await fresh().open(owner, 'c', sealed)).toEqual({ value: 'Ada' });
  });

  test('is told as a failure where the trouble lasts', async () => {
    const troubled = createSealer({ keys: failing(new Throttled(), 100, false), master, clock });
    await expect(troubled.seal(owner, 'c', 'Ada')).rejects.toBeInstanceOf(Throttled);
  });
});

describe('keyed hashes', () => {
  test('are equal for equal texts of one owner alone, and tell nothing to who has another key', async () => {
    await Promise.all(['search', 'other'].map((owner) => sealer.warm(owner)));
    const hash = await sealer.mac('search', 'phone 1632960123');
    expect(hash).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await fresh().mac('search', 'phone 1632960123')).toBe(hash);
    expect(await sealer.mac('search', 'phone 1632960124')).not.toBe(hash);
    expect(await sealer.mac('other', 'phone 1632960123')).not.toBe(hash);
  });

  test('are none where there is no key, and none is made by asking', async () => {
    expect(await sealer.mac('nobody', 'text')).toBeUndefined();
    expect(await keys.get(dataKeyKey('nobody'))).toBeUndefined();
    await sealer.warm('nobody');
    await sealer.erase('nobody');
    expect(await sealer.mac('nobody', 'text')).toBeUndefined();
  });
});
