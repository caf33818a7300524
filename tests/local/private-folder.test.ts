import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { startLiveMeters } from '#local/live-meters.ts';
import { openPrivateFolder } from '#local/private-folder.ts';
import { eventually } from '#tests/support/eventually.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

let home: string;
const before = process.umask();
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rotunda-private-'));
});
afterAll(async () => {
  process.umask(before);
  await rm(home, { recursive: true });
});

/** Everything of a folder, itself included, with what anybody may do with it. */
const modesOf = async (path: string): Promise<readonly (readonly [string, string])[]> => {
  const found = await lstat(path);
  const own = [path.slice(home.length), (found.mode & 0o777).toString(8)] as const;
  if (!found.isDirectory()) return [own];
  const below = await Promise.all((await readdir(path)).map((name) => modesOf(join(path, name))));
  return [own, ...below.flat()];
};
const openToOthers = async (folder: string) => {
  const modes = await modesOf(folder);
  return modes.filter(([, mode]) => mode !== '700' && mode !== '600');
};

const headEnd = { client: 'head-end' } as const;

it('what a running system keeps is its owner’s alone, also in a folder of before: tables, keys, meters, files, objects', async () => {
  process.umask(0o022);
  const folder = join(home, 'data');
  await mkdir(join(folder, 'objects', 'old'), { recursive: true });
  await writeFile(join(folder, 'objects', 'old', 'one.json'), '{}');
  await writeFile(join(folder, 'live-1.journal'), '');
  await chmod(folder, 0o777);
  expect((await openToOthers(folder)).length).toBe(5);

  const system = await RunningSystem.start({ folder, staleReads: false });
  expect(system.logger.lines).toContainEqual({
    level: 'warn',
    event: 'data-folder.tightened',
    fields: { paths: 5 },
  });
  expect(await openToOthers(folder)).toEqual([]);
  const meters = await startLiveMeters(system.served, { zone: 'Europe/London', currency: 'GBP', folder });
  const bytes = Buffer.from('200,NEM1201009,E1E2,E1,E1,,01009,kWh,30,\n');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const json = { format: 'nem12', createMissing: true, bytes: bytes.byteLength, sha256 };
  const begun = await system.must({ method: 'POST', path: '/v1/imports', as: headEnd, json });
  const { id, upload } = z.object({ id: z.string(), upload: z.object({ url: z.string() }) }).parse(begun.json);
  expect((await fetch(upload.url, { method: 'PUT', body: new Uint8Array(bytes) })).ok).toBe(true);
  const stateOf = async () => (await system.must({ path: `/v1/imports/${id}`, as: headEnd })).json.state;
  await eventually('the import ends', 30_000, stateOf, (state) => state !== 'new' && state !== 'reading');
  await system.served.system.objects.put('audit/one.json', Buffer.from('{}'));
  for (const meter of meters) await meter.stop();
  await system.stop();

  const all = await modesOf(folder);
  expect(await openToOthers(folder)).toEqual([]);
  for (const part of ['store', 'objects', 'uploads', 'devices', 'master.key', 'sign-in-keys.json', '.journal'])
    expect([part, all.some(([path]) => path.includes(part))]).toEqual([part, true]);
}, 60_000);

it('a folder that is tightened leaves alone what links lead to, and a master key that others could read', async () => {
  const [folder, elsewhere] = [join(home, 'linked'), join(home, 'elsewhere')];
  await mkdir(folder);
  await writeFile(elsewhere, 'not ours');
  await writeFile(join(folder, 'master.key'), 'read by others');
  for (const path of [elsewhere, join(folder, 'master.key')]) await chmod(path, 0o644);
  await symlink(elsewhere, join(folder, 'link'));
  await openPrivateFolder(folder);
  expect((await stat(elsewhere)).mode & 0o777).toBe(0o644);
  expect((await stat(join(folder, 'master.key'))).mode & 0o777).toBe(0o644);
  expect(await openPrivateFolder(folder)).toBe(0);
});
