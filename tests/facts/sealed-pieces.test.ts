import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importSealing, sealedObjects } from '#functions/imports/store/sealed-imports.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { openPieces, sealPieces } from '#shared/facts/sealed-pieces.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';

const owner = 'imp_01J00000000000000000000001';
const frame = 64 * 1024;

const opened = async () => {
  const store = await openLevelStore();
  const clock = new StoryClock('2026-03-01T00:00:00.000Z');
  return { store, clock, sealer: createSealer({ keys: store.table('keys'), master: memoryMasterKey(), clock }) };
};
type Sealer = Awaited<ReturnType<typeof opened>>['sealer'];

async function* cutInto(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let [from, n] = [0, 0]; from < bytes.byteLength; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}
const gather = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(Uint8Array.from(piece));
  return Buffer.concat(all);
};
const sealedOf = (sealer: Sealer, bytes: Uint8Array, sizes = [1000]) =>
  gather(sealPieces(sealer, owner, 'a', cutInto(bytes, sizes)));
const openedOf = (sealer: Sealer, sealed: Uint8Array, sizes = [999], name = 'a') =>
  gather(openPieces(sealer, owner, name, cutInto(sealed, sizes)));

describe('bytes sealed piece by piece', () => {
  it('open as they were, whatever their length and however they are cut', async () => {
    const { sealer } = await opened();
    const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 });
    const length = fc.oneof(fc.constantFrom(0, 1, frame - 1, frame, frame + 1, 2 * frame), fc.nat(3 * frame));
    await fc.assert(
      fc.asyncProperty(length, sizes, sizes, async (bytes, given, read) => {
        const plain = randomBytes(bytes);
        const sealed = await sealedOf(sealer, plain, given);
        expect((await openedOf(sealer, sealed, read)).equals(plain)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('do not open where they were altered, cut, swapped or moved to another name', async () => {
    const { sealer } = await opened();
    const plain = randomBytes(3 * frame);
    const sealed = await sealedOf(sealer, plain);
    const begin = sealed.byteLength - 3 * (frame + 20);
    const frames = [0, 1, 2].map((n) => sealed.subarray(begin + n * (frame + 20), begin + (n + 1) * (frame + 20)));
    const head = sealed.subarray(0, begin);
    const of = (...order: readonly number[]) =>
      Buffer.concat([head, ...order.map((n) => frames[n] ?? Buffer.alloc(0))]);
    expect((await openedOf(sealer, of(0, 1, 2))).equals(plain)).toBe(true);
    for (const wrong of [of(0, 1), of(1, 0, 2), of(0, 2), of(0, 1, 1, 2), sealed.subarray(0, sealed.byteLength - 1)])
      await expect(openedOf(sealer, wrong)).rejects.toThrow();
    for (const at of [begin, begin + 5, sealed.byteLength - 1, 12]) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      await expect(openedOf(sealer, altered)).rejects.toThrow();
    }
    await expect(openedOf(sealer, sealed, [999], 'b')).rejects.toThrow();
  });

  it('hold nothing of what they were in clear, and open no more once the key of their owner is gone', async () => {
    const { sealer } = await opened();
    const sealed = await sealedOf(sealer, Buffer.from('Greta Marker, 1 Quiet Lane'.repeat(1000)));
    expect(sealed.includes('Greta')).toBe(false);
    await sealer.erase(owner);
    await expect(openedOf(sealer, sealed)).rejects.toMatchObject({ name: 'Erased' });
    await expect(sealedOf(sealer, Buffer.from('again'))).rejects.toMatchObject({ code: 'owner.erased' });
  });

  it('are read as they are where they were kept before anything was sealed', async () => {
    const { sealer } = await opened();
    for (const plain of ['', 'ROTUND', 'ROTUNDA', '200,NMI…', 'x'.repeat(200_000)])
      expect((await openedOf(sealer, Buffer.from(plain))).toString()).toBe(plain);
  });
});

describe('objects of imports', () => {
  it('are sealed under the key of their import, and absent once that is gone; others lie as they are', async () => {
    const { sealer, clock } = await opened();
    const kept = createMemoryObjects(clock);
    const objects = sealedObjects(kept, importSealing(sealer));
    const names = [`imports/${owner}/report.json.gz`, 'audit/checkpoints/1.json', 'imports/elsewhere'];
    for (const name of names) await objects.put(name, Buffer.from('Greta Marker'));
    const clear = await Promise.all(names.map(async (name) => Buffer.from((await kept.get(name)) ?? []).toString()));
    expect(clear.map((text) => text.includes('Greta'))).toEqual([false, true, true]);
    for (const name of names) expect(Buffer.from((await objects.get(name)) ?? []).toString()).toBe('Greta Marker');
    await sealer.erase(owner);
    expect(await objects.get(names[0] ?? '')).toBeUndefined();
    expect(await objects.get(names[1] ?? '')).toBeDefined();
  });
});
