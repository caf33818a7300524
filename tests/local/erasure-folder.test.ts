import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { erasureFolderOf, openErasureFolder } from '#local/erasure-folder.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rotunda-erased-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

let count = 0;
const place = (): string => {
  count += 1;
  return join(home, `data-${count}.erased`);
};
const clock = new StoryClock('2026-03-01T00:00:00.000Z');
const greta = { customer: 'cus_01J00000000000000000GRETA0', erasedAt: '2026-03-01T00:00:00.000Z' };
/** A data folder's store, and its register with somebody in it. */
const used = async (): Promise<{ readonly store: LevelStore; readonly at: string }> => {
  const [store, at] = [await openLevelStore(), place()];
  await (await openErasureFolder(at, store, clock)).add(greta);
  return { store, at };
};
const codeOf = (opened: Promise<unknown>): Promise<unknown> =>
  opened.then(
    () => 'taken',
    (error: { readonly code?: unknown }) => error.code,
  );

describe('the register of who was erased', () => {
  it('lies beside the data folder, so that a copy of the folder leaves it out', () => {
    expect(erasureFolderOf('/srv/rotunda/')).toBe('/srv/rotunda.erased');
  });

  it('is made at the first start, and is the same at the next', async () => {
    const { store, at } = await used();
    expect(await readdir(at)).toEqual(expect.arrayContaining(['erasures', 'register.json']));
    expect(await (await openErasureFolder(at, store, clock)).list()).toEqual([greta]);
  });

  it('is missed where a folder that has one is started without it, from the first start on', async () => {
    const { store, at } = await used();
    expect(await codeOf(openErasureFolder(place(), store, clock))).toBe('erasures.lost');
    await rm(at, { recursive: true });
    expect(await codeOf(openErasureFolder(at, store, clock))).toBe('erasures.lost');
    expect(await codeOf(openErasureFolder(at, store, clock, true))).toBe('taken');
    expect(await codeOf(openErasureFolder(at, store, clock))).toBe('taken');
  });

  it('of another data folder is refused, unless it is to take the place of one that is lost', async () => {
    const [one, other] = [await used(), await used()];
    expect(await codeOf(openErasureFolder(other.at, one.store, clock))).toBe('erasures.other');
    expect(await codeOf(openErasureFolder(other.at, one.store, clock, true))).toBe('taken');
  });

  it('that is damaged or cannot be read is refused with the file and the cause on one line', async () => {
    const { store, at } = await used();
    const file = join(at, 'erasures', `${greta.customer}.json`);
    await writeFile(file, '{"customer":');
    const refused = openErasureFolder(at, store, clock);
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', code: 'erasures.unusable' });
    await expect(refused).rejects.toThrow(
      new RegExp(`${at}, cannot be used: erasures/${greta.customer}\\.json in .* is damaged$`),
    );
    await rm(file);
    await writeFile(join(at, 'register.json'), 'x');
    expect(await codeOf(openErasureFolder(at, store, clock))).toBe('erasures.unusable');
    const plain = join(home, 'a-file');
    await writeFile(plain, 'x');
    expect(await codeOf(openErasureFolder(plain, await openLevelStore(), clock))).toBe('erasures.unusable');
    if (process.getuid?.() === 0) return;
    await chmod(at, 0);
    expect(await codeOf(openErasureFolder(at, store, clock))).toBe('erasures.unusable');
    await chmod(at, 0o700);
  });
});
