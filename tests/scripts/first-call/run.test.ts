import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';
import { describePage } from './described-page.ts';
import { stepsOf } from './transcript.ts';

const steps = stepsOf(readFileSync(join(projectRoot, 'docs/first-call.md'), 'utf8'));

describePage('the page of the first call', steps, { staleReads: false });
