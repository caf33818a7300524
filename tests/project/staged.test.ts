import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stagedFiles } from '#scripts/check/project-files.ts';

const hasGit = spawnSync('git', ['--version']).error === undefined;
if (!hasGit) console.log('what is about to be committed is not looked at: no git on this machine');

const folder = mkdtempSync(join(tmpdir(), 'rotunda-staged-'));
const git = (...args: readonly string[]): void =>
  void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

beforeAll(() => {
  if (!hasGit) return;
  git('init', '--quiet');
  for (const name of ['stays.ts', 'goes.ts', 'changes.ts']) write(name, 'first');
  git('add', '.');
  git('commit', '--quiet', '--no-verify', '--message', 'first');
});
afterAll(() => rmSync(folder, { recursive: true }));

it.skipIf(!hasGit)('what is about to be committed is what was added to the index, without what goes', () => {
  write('a name with blanks.md', 'new');
  write('changes.ts', 'second');
  write('not added.ts', 'new');
  git('add', 'a name with blanks.md', 'changes.ts');
  git('rm', '--quiet', 'goes.ts');
  expect([...stagedFiles(folder)].sort()).toEqual(['a name with blanks.md', 'changes.ts']);
});
