import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installationKeys } from '#local/installation-key.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-installation-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the keys of an installation', () => {
  it('are the same at each start, differ by use, and are readable by their owner alone', async () => {
    const [first, again] = [await installationKeys(folder), await installationKeys(folder)];
    expect(again('content')).toEqual(first('content'));
    expect(first('content')).toHaveLength(32);
    expect(first('content')).not.toEqual(first('cursor'));
    expect(await readdir(folder)).toEqual(['installation.key']);
    expect((await stat(join(folder, 'installation.key'))).mode & 0o777).toBe(0o600);
  });

  it('are made anew where a start died before its key was whole', async () => {
    await writeFile(join(folder, 'installation.key.new'), 'half a k');
    await rm(join(folder, 'installation.key'));
    const keys = await installationKeys(folder);
    expect((await installationKeys(folder))('content')).toEqual(keys('content'));
  });

  it('are refused where the file is no key, rather than replaced', async () => {
    await writeFile(join(folder, 'installation.key'), 'short');
    await expect(installationKeys(folder)).rejects.toThrow('does not hold 32 bytes');
  });

  it('live as long as the process without a folder', async () => {
    expect((await installationKeys(undefined))('content')).not.toEqual((await installationKeys(undefined))('content'));
  });
});
