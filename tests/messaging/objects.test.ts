import { link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createLocalObjects } from '#shared/messaging/local/local-objects.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { objectsContract } from './objects.contract.ts';

const folders: string[] = [];
const emptyFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-objects-'));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

objectsContract('in memory', async (clock) => createMemoryObjects(clock));
objectsContract('in a folder', async (clock) => createLocalObjects(await emptyFolder(), clock));

test('objects in a folder and their retention outlive a restart', async () => {
  const folder = await emptyFolder();
  const clock = new StoryClock('2026-03-01T00:00:00.000Z');
  await createLocalObjects(folder, clock).put('a/b', new Uint8Array([1]), { retainUntil: '2027-01-01T00:00:00.000Z' });
  const again = createLocalObjects(folder, clock);
  expect(await again.list('')).toEqual(['a/b']);
  await expect(again.put('a/b', new Uint8Array([2]))).rejects.toMatchObject({ code: 'object.retained' });
});

test('an object stays as it is when the process that put it died before it let go of its draft', async () => {
  const folder = await emptyFolder();
  const clock = new StoryClock('2026-03-01T00:00:00.000Z');
  await createLocalObjects(folder, clock).put('audit/1', new Uint8Array([1]), { ifAbsent: true });
  // What a kill between the link and the removal of the draft leaves; a process of a container often has the same number again.
  await mkdir(join(folder, '.drafts'), { recursive: true });
  await link(join(folder, 'audit', '1'), join(folder, '.drafts', `${process.pid}-1`));
  const again = createLocalObjects(folder, clock);
  await again.put('audit/2', new Uint8Array([2]), { ifAbsent: true });
  expect(await again.get('audit/1')).toEqual(new Uint8Array([1]));
  expect(await again.get('audit/2')).toEqual(new Uint8Array([2]));
  expect(await readdir(join(folder, '.drafts'))).toEqual([]);
});
