import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningSystem } from '#tests/support/running-system.ts';
import { runSteps } from './run-transcript.ts';
import { fits, type Step } from './transcript.ts';

/**
 * Tests that a page's commands, typed as they stand into a shell, are answered as the page shows, also by a system whose reads lag
 * behind wherever they may. `tests/docs` types all pages at a system that is started as they say.
 * @param options.programs what the page needs of the machine
 */
export const describePage = (
  page: string,
  steps: readonly Step[],
  options: { readonly programs?: readonly string[] } = {},
): void => {
  const { programs = ['bash', 'curl'] } = options;
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined);
  if (missing.length > 0) console.log(`${page} is not run: no ${missing.join(', ')} on this machine`);

  describe.skipIf(missing.length > 0 && process.env.CI !== 'true')(`${page}, run as it stands`, () => {
    let system: RunningSystem;
    let answers: readonly string[];

    beforeAll(async () => {
      system = await RunningSystem.start({ staleReads: true });
      answers = await runSteps(steps, { url: system.url });
    }, 120_000);
    afterAll(() => system.stop());

    it('has an answer for every command', () => {
      expect(answers).toHaveLength(steps.length);
    });

    it.each(steps.map((step, index) => ({ ...step, index })))(
      'answers $command as the page shows',
      ({ answer, index }) => {
        const given = answers[index] ?? '';
        expect(fits(answer, given), `the page shows:\n${answer}\nthe system answered:\n${given}`).toBe(true);
      },
    );
  });
};
