import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#scripts/check/project-files.ts';
import { runSteps } from '#tests/scripts/first-call/run-transcript.ts';
import { fits, stepsOf } from '#tests/scripts/first-call/transcript.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

const steps = stepsOf(readFileSync(join(projectRoot, 'docs/import.md'), 'utf8'));
const missing = ['bash', 'curl', 'sed'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
if (missing.length > 0) console.log(`the page on imports is not run: no ${missing.join(', ')} on this machine`);

it('the page on imports shows a file with an error, register reads, the same file again and the undoing', () => {
  const typed = steps.map(({ command }) => command).join('\n');
  for (const act of ['--errors', '/usage?', '--format nem13', 'import undo']) expect(typed).toContain(act);
});

describe.skipIf(missing.length > 0 && process.env.CI !== 'true')('the page on imports, run as it stands', () => {
  let system: RunningSystem;
  let answers: readonly string[];

  beforeAll(async () => {
    system = await RunningSystem.start();
    answers = await runSteps(steps, system.url);
  }, 120_000);
  afterAll(() => system.stop());

  it.each(steps.map((step, index) => ({ ...step, index })))(
    'answers $command as the page shows',
    ({ answer, index }) => {
      const given = answers[index] ?? '';
      expect(fits(answer, given), `the page shows:\n${answer}\nthe system answered:\n${given}`).toBe(true);
    },
  );
});
