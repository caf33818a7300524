import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '#scripts/check/project-files.ts';

const run = promisify(execFile);
const candidates = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const pins = join(projectRoot, 'scripts', 'deploy-test', 'requirements.txt');
const folder = join(projectRoot, '.venv');
const executables = process.platform === 'win32' ? 'Scripts' : 'bin';

/** Raised where the machine lacks what the test needs; its message says what to do. */
export class NotPossible extends Error {}

/** The first Python that is new enough and can make virtual environments. */
const findPython = async (): Promise<string> => {
  for (const name of candidates) {
    try {
      await run(name, ['-c', 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)']);
      return name;
    } catch {
      // Not there, or too old: the next one.
    }
  }
  throw new NotPossible(
    'the deploy test needs Python 3.10 or newer with the module venv (on Debian: apt install python3 python3-venv)',
  );
};

const installed = join(folder, 'deploy-test.txt');

const isInstalled = async (wanted: string): Promise<boolean> =>
  existsSync(installed) && (await readFile(installed, 'utf8')) === wanted;

/** Makes the virtual environment `.venv` with the pinned emulator, once; answers the path of the Python that can start it. */
export const installEmulator = async (): Promise<string> => {
  const wanted = await readFile(pins, 'utf8');
  if (!(await isInstalled(wanted))) {
    await run(await findPython(), ['-m', 'venv', '--clear', folder]);
    const python = join(folder, executables, 'python');
    const flags = ['--disable-pip-version-check', '--no-input', '--quiet'];
    await run(python, ['-m', 'pip', 'install', ...flags, '--requirement', pins], { maxBuffer: 1 << 26 });
    await writeFile(installed, wanted);
  }
  return join(folder, executables, 'python');
};
