import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import * as z from 'zod';
import { projectRoot } from '#scripts/check/project-files.ts';

const Event = z.looseObject({ event: z.string() });
const Ready = z.looseObject({ event: z.literal('ready'), api: z.string() });

/** The system as the real command started it, in a process of its own. */
export interface StartedSystem {
  readonly url: string;
  /** Stops it with SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Runs the command of `npm start` in memory on free ports, with nothing seeded and from its build where nothing else is said; answers
 * once it is ready. `cwd` is the project's folder, this one or a copy.
 */
export const startSystem = (
  env: Readonly<Record<string, string>>,
  what: readonly string[] = ['--no-seed', '--no-meters'],
  program: readonly string[] = [inject('builtStart')],
  cwd: string = projectRoot,
): Promise<StartedSystem> => {
  const flags = [...what, '--memory', '--port', '0', '--mqtt-port', '0', '--json'];
  const child = spawn(process.execPath, [...program, ...flags], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    ended.then((code) => reject(new Error(`the system ended with ${code} before it was ready`)), reject);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (Event.parse(JSON.parse(line)).event !== 'ready') return;
      const { api } = Ready.parse(JSON.parse(line));
      resolve({
        url: api.replace(/\/v1$/, ''),
        stop: () => {
          child.kill('SIGTERM');
          return ended;
        },
      });
    });
  });
};
