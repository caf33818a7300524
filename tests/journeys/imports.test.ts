import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '#tests/cli/far-end.ts';
import { nem12, sameAllDay } from '#tests/support/import-ground.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

let folder: string;
let system: RunningSystem;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-imports-'));
  system = await RunningSystem.start({ folder: join(folder, 'data') });
});
afterEach(async () => {
  await system.served.stop();
  await rm(folder, { recursive: true, force: true });
});

const file = async (name: string, content: string | Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const days = (count: number, kwh: number) =>
  Array.from({ length: count }, (_, day) => ({
    date: `202601${String(day + 1).padStart(2, '0')}`,
    values: sameAllDay(kwh),
  }));
const twoHomes = nem12([
  { nmi: '6102000001', suffix: 'E1', days: days(20, 0.5) },
  { nmi: '6102000002', suffix: 'E1', days: days(20, 0.25) },
]);
const bring = (path: string, ...more: readonly string[]) =>
  run(['import', path, '--format', 'nem12', '--url', system.url, ...more]);
const usageOf = async (nmi: string) => {
  const query = 'from=2026-01-01&to=2026-02-01&resolution=month&register=E1';
  const { json } = await system.must({
    path: `/v1/service-points/nmi:${nmi}/usage?${query}`,
    as: { client: 'head-end' },
  });
  return json.total;
};
const idIn = (lines: readonly string[]): string => /imp_[0-9A-Z]{26}/.exec(lines.join('\n'))?.[0] ?? '';

describe('rotunda import', () => {
  it('brings a file to points that it makes known, tells their usage, changes nothing twice, and takes it back', async () => {
    const path = await file('homes.csv.gz', gzipSync(twoHomes));
    const first = await bring(path, '--create-missing');
    expect(first).toMatchObject({ code: 0 });
    expect(first.out[0]).toMatch(/: 1920 intervals, 1920 stored in 40 blocks, 0 there before, 0 kept aside$/);
    await system.settle();
    expect(await usageOf('6102000001')).toMatchObject({ value: 480_000, count: 960 });
    const stored = await system.digests();
    const again = await bring(path, '--create-missing');
    expect([again.code, again.out]).toEqual([0, first.out]);
    await system.settle();
    expect(await system.digests()).toEqual(stored);
    const undone = await run(['import', 'undo', idIn(first.out), '--reason', 'sent by mistake', '--url', system.url]);
    expect(undone).toMatchObject({ code: 0, out: [`${idIn(first.out)} was taken back`] });
    await system.settle();
    expect(await usageOf('6102000001')).toMatchObject({ value: 0, count: 0 });
  });

  it('keeps what nobody knows aside, tells every line of it, and takes it once it is known', async () => {
    const path = await file('homes.csv', twoHomes);
    const errors = join(folder, 'errors.csv');
    const told = await bring(path, '--errors', errors);
    expect(told.code).toBe(3);
    const lines = (await readFile(errors, 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(41);
    expect(lines[1]).toBe('3,1,unknown-point,nothing is known by nmi:6102000001; 48 values are kept aside');
    const known = await bring(path, '--create-missing');
    expect([known.code, idIn(known.out)]).toEqual([0, idIn((await bring(path)).out)]);
    expect(await usageOf('6102000002')).toMatchObject({ count: 960 });
  });

  it('is taken back by a supervisor for a purpose they name, and by nobody else of the staff', async () => {
    const id = idIn((await bring(await file('one-more.csv', `${twoHomes}\n`), '--create-missing')).out);
    const path = `/v1/imports/${id}`;
    expect((await system.ask({ path, as: { role: 'agent' } })).status).toBe(403);
    expect((await system.ask({ path, as: { role: 'supervisor' } })).status).toBe(403);
    const undo = ['import', 'undo', id, '--reason', 'of another market participant', '--url', system.url];
    expect(await run([...undo, '--role', 'supervisor', '--purpose', 'billing'])).toMatchObject({
      code: 0,
      out: [`${id} was taken back`],
    });
    expect((await system.must({ path, as: { client: 'head-end' } })).json).toMatchObject({
      state: 'undone',
      startedBy: 'head-end',
      undoneBy: 'supervisor',
      undoReason: 'of another market participant',
    });
  });

  it('refuses a file that is cut off while it is unpacked, and one that is not what was said', async () => {
    const cut = await file('cut.gz', gzipSync(twoHomes).subarray(0, 100));
    const told = await bring(cut, '--create-missing');
    expect(told.code).toBe(1);
    expect(told.notes.join('\n')).toContain('file.unreadable');
    const begun = await system.must({
      method: 'POST',
      path: '/v1/imports',
      as: { client: 'head-end' },
      json: { format: 'nem12', bytes: 4, sha256: '0'.repeat(64) },
    });
    const upload = JSON.parse(begun.text).upload;
    const put = async (url: string, body: string) => (await fetch(url, { method: 'PUT', body })).text();
    expect(await put(upload.url, 'abcd')).toContain('upload.hash');
    expect(await put(upload.url, 'abcde')).toContain('upload.size');
    expect(await put(upload.url.replace('bytes=4', 'bytes=5'), 'abcde')).toContain('upload.address');
    const shown = await system.must({ path: `/v1/imports/${begun.json.id}`, as: { client: 'head-end' } });
    expect(shown.json.state).toBe('new');
  });

  it('asks for the format, and for the mapping of a CSV file', async () => {
    const path = await file('homes.csv', twoHomes);
    expect((await run(['import', path, '--url', system.url])).notes.join()).toContain('--format nem12, nem13');
    expect((await run(['import', path, '--format', 'csv', '--url', system.url])).notes.join()).toContain('--propose');
    expect((await run(['import', 'undo', 'imp_none', '--reason', 'sent by mistake', '--url', system.url])).code).toBe(
      1,
    );
  });
});
