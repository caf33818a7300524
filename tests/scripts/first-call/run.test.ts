import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#scripts/check/project-files.ts';
import { CountingMetrics, lineLogger } from '#scripts/local/recorder.ts';
import { type Served, serve } from '#scripts/local/serve.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { runSteps } from './run-transcript.ts';
import { fits, stepsOf } from './transcript.ts';

const steps = stepsOf(readFileSync(join(projectRoot, 'docs/first-call.md'), 'utf8'));
const missing = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
if (missing.length > 0) console.log(`the first call is not run: no ${missing.join(', ')} on this machine`);

describe.skipIf(missing.length > 0 && process.env.CI !== 'true')('the page of the first call', () => {
  let served: Served;
  let answers: readonly string[];

  beforeAll(async () => {
    served = await serve({
      port: 0,
      mqttPort: 0,
      clock: systemClock,
      zone: 'Europe/London',
      country: 'GB',
      logger: lineLogger(() => undefined),
      metrics: new CountingMetrics(),
    });
    served.open();
    answers = await runSteps(steps, served.server.url);
  }, 60_000);
  afterAll(() => served.stop());

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
