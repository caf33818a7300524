import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';
import type { Step } from './transcript.ts';

const mark = '--- end of answer ---';
const shell = (step: Step): string => `{ ${step.command}\n} 2>&1; echo; echo '${mark}'`;

const fromSources = join(projectRoot, 'cli/rotunda.mjs');

export interface Typed {
  /** Address of the system. */
  readonly url: string;
  /** The folder the shell is in; the project's where nothing else is said. */
  readonly folder?: string;
  /** Path of the program `rotunda`; its sources where nothing else is said. */
  readonly program?: string;
}

/**
 * Types the steps into one shell in the project's folder, or in one that looks like it to the page, so that a variable set in one stands in the next, against the system
 * at `url` in place of the address the page shows. Returns what each step printed.
 */
export const runSteps = (
  steps: readonly Step[],
  { url, folder = projectRoot, program = fromSources }: Typed,
): Promise<readonly string[]> =>
  new Promise((done, fail) => {
    const script = steps
      .map(shell)
      .join('\n')
      .replaceAll('http://127.0.0.1:8080', url)
      .replaceAll(/npx rotunda|npm run rotunda --/g, `'${process.execPath}' '${program}'`);
    const child = spawn('bash', ['-c', script], { cwd: folder, env: { ...process.env, ROTUNDA_URL: url } });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', fail);
    child.on('close', () => {
      const answers = Buffer.concat(chunks).toString('utf8').split(`${mark}\n`);
      done(answers.slice(0, steps.length).map((answer) => answer.trimEnd()));
    });
  });
