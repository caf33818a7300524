import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#scripts/check/project-files.ts';
import { policyOf, profileAttributes } from '#shared/domain/profile/survivorship-policy.ts';
import { runSteps } from '#tests/scripts/first-call/run-transcript.ts';
import { fits, stepsOf } from '#tests/scripts/first-call/transcript.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

const page = readFileSync(join(projectRoot, 'docs/identity.md'), 'utf8');
const steps = stepsOf(page);
const missing = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
if (missing.length > 0) console.log(`the page on identity is not run: no ${missing.join(', ')} on this machine`);

const ranked = (ranks: readonly (readonly string[])[]): string =>
  ranks.map((equals) => equals.map((source) => `\`${source}\``).join(' and ')).join(', ');

it.each(profileAttributes)('the page on identity shows the policy for %s as it is declared', (attribute) => {
  const { strategy, verifiedFirst, ranks, maxAgeDays } = policyOf(attribute);
  const age = maxAgeDays === null ? 'ever' : `${maxAgeDays} days`;
  const row = `| \`${attribute}\` | \`${strategy}\` | ${verifiedFirst ? 'yes' : 'no'} | ${ranked(ranks)} | ${age} |`;
  expect(page).toContain(row);
});

it('the page on identity shows a merge, later facts and the undoing', () => {
  const typed = steps.map(({ command }) => command).join('\n');
  for (const act of ['/merges?dryRun=true', '$(ask "$V1/merges"', 'identity/later.json', '/undo?dryRun=true', '/undo"'])
    expect(typed).toContain(act);
});

describe.skipIf(missing.length > 0 && process.env.CI !== 'true')('the page on identity, run as it stands', () => {
  let system: RunningSystem;
  let answers: readonly string[];

  beforeAll(async () => {
    system = await RunningSystem.start();
    answers = await runSteps(steps, system.url);
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
