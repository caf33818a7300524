import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { readPlan } from '#functions/imports/chunk-plan.ts';
import { listErrors } from '#functions/imports/list-errors.ts';
import { lookAfterImports } from '#functions/imports/look-after.ts';
import { UnreadableFile, unpacked } from '#functions/imports/read-series.ts';
import { askUndo, fileArrived, startImport } from '#functions/imports/start-import.ts';
import { ImportGround, marketRegister, nem12, sameAllDay } from '#tests/support/import-ground.ts';

const nmi = '6102000001';
const text = nem12([{ nmi, suffix: 'E1', days: [{ date: '20260105', values: sameAllDay(1) }] }]);
const asked = { format: 'nem12', createMissing: false, dryRun: false, bytes: 4, sha256: 'a'.repeat(64) } as const;
const hours = (at: ImportGround, count: number): void => at.ground.clock.set(at.ground.clock.now() + count * 3_600_000);

/** The ground with objects that are gone, as those are whose time is over. */
const expired = (at: ImportGround) => ({
  ...at.parts,
  objects: { ...at.parts.objects, get: async () => undefined },
});

describe('a file that was announced', () => {
  it('and never handed in ends as such after a day, and can be announced again', async () => {
    const at = await ImportGround.open();
    const { item, upload } = await startImport(at.parts, asked, at.asker);
    expect([item.state, upload?.url]).toEqual(['new', expect.stringContaining(item.id)]);
    // The index of work is one commit behind.
    await at.meter('one', [marketRegister], nmi);
    hours(at, 23);
    expect(await lookAfterImports(at.parts, 0)).toEqual([]);
    expect((await at.import(item.id)).state).toBe('new');
    hours(at, 2);
    expect(await lookAfterImports(at.parts, 0)).toEqual([]);
    expect(await at.import(item.id)).toMatchObject({ state: 'failed', failure: 'file.not-sent' });
    const again = await startImport(at.parts, asked, at.asker);
    expect([again.item.state, again.upload === undefined]).toEqual(['new', false]);
    expect((await fileArrived(at.parts, item.id)).state).toBe('uploaded');
  });

  it('and is gone when it is to be read fails with that reason', async () => {
    const at = await ImportGround.open();
    const id = await at.start({ text });
    const gone = { ...at.parts, uploads: { ...at.parts.uploads, has: async () => false } };
    expect(await advanceImport(gone, id)).toBe('rests');
    expect(await at.import(id)).toMatchObject({ state: 'failed', failure: 'file.gone' });
  });
});

describe('an import whose plans are kept no longer', () => {
  it('cannot be taken back, nor be asked for its errors, and says why', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const { id } = await at.run({ text });
    const stored = await at.digest();
    await expect(askUndo(expired(at), await at.import(id), 'Sent by mistake.', at.asker)).rejects.toMatchObject({
      code: 'import.expired',
    });
    await expect(
      listErrors(expired(at).objects, await at.import(id), { limit: 10, after: undefined }),
    ).rejects.toMatchObject({ code: 'import.expired' });
    await at.askUndo(id);
    await advanceImport(expired(at), id);
    expect(await at.import(id)).toMatchObject({ state: 'failed', failure: 'import.expired' });
    expect(await at.digest()).toBe(stored);
    expect(await readPlan(at.parts.objects, id, 1)).toBeDefined();
  });
});

const bytesOf = async (pieces: AsyncIterable<Uint8Array>): Promise<number> => {
  let bytes = 0;
  for await (const piece of pieces) bytes += piece.byteLength;
  return bytes;
};
async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe('hostile files', () => {
  it('that are packed otherwise than with gzip are not read, also where they hold text in plain', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const before = await at.digest();
    const item = await at.run({ text: `PK\u0003\u0004${text}` });
    expect(item).toMatchObject({ state: 'failed', failure: 'file.packed' });
    expect(await at.digest()).toBe(before);
  });

  it('are not unpacked beyond a bound, however small they are packed', async () => {
    const bomb = gzipSync(Buffer.alloc(8_000_000));
    expect(bomb.byteLength).toBeLessThan(20_000);
    await expect(bytesOf(unpacked(one(bomb), 1_000_000))).rejects.toThrow(UnreadableFile);
    await expect(bytesOf(unpacked(one(bomb), 1_000_000))).rejects.toMatchObject({ failure: 'file.too-large' });
    expect(await bytesOf(unpacked(one(bomb), 8_000_000))).toBe(8_000_000);
  });

  it.each([
    ['a line of 10 MB', 'nem12', `${text.replace('900\n', '')}300,20260106,${'1'.repeat(10_000_000)}\n900\n`, 48],
    ['a document type with entities', 'espi', `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(1000)}">]><a>&b;&b;</a>`, 0],
    [
      'bytes of no text',
      'nem12',
      Buffer.from(Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)).toString('latin1'),
      0,
    ],
    ['bytes of no text as XML', 'espi', `\u0000\u0001${'\ufffd'.repeat(5000)}`, 0],
    ['names with parts of paths', 'nem12', text.replaceAll(nmi, '../../etc'), 0],
  ] as const)('end with what could be read, and an error for the rest: %s', async (_what, format, content, read) => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const item = await at.run({ text: content, format, createMissing: true });
    expect(item).toMatchObject({ state: 'done', counts: { read, sent: read, aside: 0 } });
    const errors = await at.errors(item.id);
    expect(errors.length).toBeGreaterThan(0);
    for (const { message } of errors) expect(message.length).toBeLessThan(300);
  });
});
