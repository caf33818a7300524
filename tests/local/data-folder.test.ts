import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asFolderFault, checkDataFolder, expectKeyOf } from '#local/data-folder.ts';
import { signInKeys } from '#local/oidc-keys.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rotunda-folder-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

let count = 0;
/** A folder with files of these names. */
const folderWith = async (...names: readonly string[]): Promise<string> => {
  count += 1;
  const folder = join(home, `folder-${count}`);
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), 'x');
  }
  return folder;
};
const codeOf = (checked: Promise<unknown>): Promise<unknown> =>
  checked.then(
    () => 'taken',
    (error: { readonly code?: unknown; readonly message: string }) => [error.code, error.message.replace(home, '')],
  );

describe('a data folder', () => {
  it.each([
    [['master.key', 'installation.key', 'store/CURRENT', 'sign-in-keys.json', 'objects/a', 'uploads/b']],
    [['feed/device/key.pem']],
    [['master.key.a1b2', 'installation.key.new']],
    [['store/LOG']],
    [[]],
  ])('is taken with what this system left there: %j', async (names) => {
    expect(await codeOf(checkDataFolder(await folderWith(...names)))).toBe('taken');
  });

  it.each([
    [['notes.txt'], 'data-folder.foreign', 'notes.txt'],
    [['a', 'b', 'c', 'd', 'e'], 'data-folder.foreign', 'a, b, c and 2 more'],
    [['storehouse/x'], 'data-folder.foreign', 'storehouse'],
    [['installation.key', 'store/CURRENT'], 'data-folder.key-lost', 'master.key is gone'],
    [['master.key', 'store/CURRENT'], 'data-folder.key-lost', 'installation.key is gone'],
    [['devices/device-authority.pem'], 'data-folder.key-lost', 'device-authority.key.pem is gone'],
  ])('is refused with %j, before anything in it is changed', async (names, code, words) => {
    expect(await codeOf(checkDataFolder(await folderWith(...names)))).toEqual([code, expect.stringContaining(words)]);
  });

  it('is refused where it is a file, or lies in one', async () => {
    const file = join(await folderWith('file'), 'file');
    for (const path of [file, join(file, 'below')])
      expect(await codeOf(checkDataFolder(path))).toEqual([
        'data-folder.unusable',
        expect.stringContaining('no folder'),
      ]);
  });

  it.each([
    ['EACCES', 'may not write there'],
    ['EROFS', 'takes no writes'],
    ['ENOSPC', 'is full'],
  ])('is named where a write in it fails with %s', (code, words) => {
    const failure = Object.assign(new Error(`${code}: no`), { code });
    expect(asFolderFault('/data', failure)).toMatchObject({
      code: 'data-folder.unusable',
      message: expect.stringMatching(new RegExp(`^the data folder /data cannot be used: .*${words}`)),
    });
    const other = new Error('another');
    expect(asFolderFault('/data', other)).toBe(other);
  });
});

it('a master key is known by what it opens: another is refused, also where the first person was erased', async () => {
  const store = await openLevelStore();
  const master = memoryMasterKey();
  await expectKeyOf(store, memoryMasterKey(), '/data');
  const sealer = createSealer({ keys: store.table('keys'), master, clock: systemClock });
  for (const owner of ['cus_a', 'cus_b']) await sealer.warm(owner);
  await sealer.erase('cus_a');
  await expectKeyOf(store, master, '/data');
  expect(await codeOf(expectKeyOf(store, memoryMasterKey(), '/data'))).toEqual([
    'data-folder.key-other',
    '/data/master.key is not the key that the folder was written with',
  ]);
});

describe('a damaged file of a data folder is named', () => {
  it('of the keys of the sign-in', async () => {
    for (const text of ['not json', '{}']) {
      const folder = await folderWith('sign-in-keys.json');
      await writeFile(join(folder, 'sign-in-keys.json'), text);
      expect(await codeOf(signInKeys(folder, ['billing']))).toEqual([
        'sign-in.damaged',
        expect.stringContaining('sign-in-keys.json is damaged'),
      ]);
    }
  });

  it('of the meters that were registered, with the line', async () => {
    const folder = await folderWith('devices.jsonl');
    await writeFile(join(folder, 'devices.jsonl'), '{"a":1}\nnonsense\n');
    const opened = openLocalDeviceRegistry({
      folder,
      clock: systemClock,
      endpoint: () => ({ endpoint: 'x', port: 1 }),
    });
    expect(await codeOf(opened)).toEqual([
      'store.damaged',
      expect.stringContaining('devices.jsonl is damaged: line 1'),
    ]);
  });
});
