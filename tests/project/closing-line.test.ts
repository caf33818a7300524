import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closingLine } from '#scripts/check/closing-line.ts';
import { projectRoot } from '#scripts/check/project-files.ts';

it.each([
  [{ passed: 3, failed: 0, skipped: 0 }, '3 passed, 0 failed'],
  [{ passed: 3, failed: 1, skipped: 2 }, '3 passed, 1 failed, 2 skipped'],
])('%j reads "%s"', (count, line) => {
  expect(closingLine(count)).toBe(line);
});

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rotunda-tests-'));
  symlinkSync(join(projectRoot, 'node_modules'), join(scratch, 'node_modules'));
  const reporter = JSON.stringify(join(projectRoot, 'scripts/check/closing-line.ts'));
  writeFileSync(
    join(scratch, 'vitest.config.ts'),
    `import { ClosingLine } from ${reporter};\nexport default { test: { include: ['*.test.ts'], reporters: ['default', new ClosingLine(true)] } };\n`,
  );
});
afterEach(() => rmSync(scratch, { recursive: true }));

const run = (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(scratch, name), `import { it } from 'vitest';\n${text}\n`);
  }
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const { status, stdout } = spawnSync(process.execPath, [vitest, 'run'], { cwd: scratch, encoding: 'utf8' });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
};

it('a run ends with its count alone on the last line, and a file that does not load counts as failed', () => {
  expect(run({ 'a.test.ts': "it('one', () => {});\nit('two', () => {});\nit.skip('three', () => {});" })).toEqual({
    status: 0,
    last: '2 passed, 0 failed, 1 skipped',
  });
  expect(run({ 'b.test.ts': "throw new Error('not loaded');" })).toEqual({
    status: 1,
    last: '2 passed, 1 failed, 1 skipped',
  });
});
