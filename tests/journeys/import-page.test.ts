import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '#scripts/check/project-files.ts';
import { describePage } from '#tests/scripts/first-call/described-page.ts';
import { stepsOf } from '#tests/scripts/first-call/transcript.ts';

const steps = stepsOf(readFileSync(join(projectRoot, 'docs/import.md'), 'utf8'));

it('the page on imports shows a file with an error, register reads, the same file again and the undoing', () => {
  const typed = steps.map(({ command }) => command).join('\n');
  for (const act of ['--errors', '/usage?', '--format nem13', 'import undo']) expect(typed).toContain(act);
});

describePage('the page on imports', steps, { programs: ['bash', 'curl', 'sed'] });
