import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';
import { complaintsOf, type Emulator, startEmulator } from './emulator.ts';
import { installEmulator, NotPossible } from './python.ts';

/**
 * Deploys the real stacks to an emulated AWS and drives them end to end: `npm run test:deploy`. This process holds the emulator and
 * stops it whatever happens; a second one, which trusts the emulator's certificate from its start, deploys and drives.
 */

/** The whole run, in seconds; what is not done by then is ended. */
const longest = 780;

/** Runs the driver; answers its exit code. */
const drive = (emulator: Emulator, folder: string, signal: AbortSignal): Promise<number> =>
  new Promise((resolve, reject) => {
    const { endpoint, mqttPort, keysUrl } = emulator;
    const place = JSON.stringify({ folder, endpoint, mqttPort, keysUrl });
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/deploy-test/run.ts', place], {
      cwd: projectRoot,
      env: { ...process.env, ...emulator.env },
      stdio: ['ignore', 'inherit', 'inherit'],
      // A group of its own, so that what it has started ends with it.
      detached: true,
    });
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => {
      process.stdout.write(`not done within ${longest} s\n`);
      end();
    }, longest * 1000);
    signal.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });

const main = async (): Promise<number> => {
  const python = await installEmulator();
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-deploy-'));
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const emulator = await startEmulator(python, folder);
  try {
    const code = await drive(emulator, folder, stopped.signal);
    if (code !== 0) {
      const complaints = await complaintsOf(emulator.logFile);
      process.stdout.write(`\nwhat the emulator complained of:\n${complaints.map((line) => `  ${line}\n`).join('')}`);
    }
    return code;
  } finally {
    await emulator.stop();
    if (process.env.ROTUNDA_DEPLOY_TEST_KEEP === undefined) await rm(folder, { recursive: true, force: true });
    else process.stdout.write(`kept: ${folder}\n`);
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof NotPossible)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
