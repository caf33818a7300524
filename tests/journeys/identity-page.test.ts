import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '#scripts/check/project-files.ts';
import { policyOf, profileAttributes } from '#shared/profile/rules/survivorship-policy.ts';
import { describePage } from '#tests/scripts/first-call/described-page.ts';
import { stepsOf } from '#tests/scripts/first-call/transcript.ts';

const page = readFileSync(join(projectRoot, 'docs/identity.md'), 'utf8');
const steps = stepsOf(page);

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

describePage('the page on identity', steps);
