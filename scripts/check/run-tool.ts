import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from './project-files.ts';

/** What one check found: nothing, or lines to read. */
export interface Findings {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** Findings of a check that lists complaints: clean where there are none. */
export const complaints = (lines: readonly string[]): Findings => ({ ok: lines.length === 0, lines });

/** Path of a package's executable script, read from its manifest, so that no shell or PATH is needed. */
const executableOf = (name: string, command: string): string => {
  const manifestPath = join(projectRoot, 'node_modules', name, 'package.json');
  const manifest: { bin?: string | Record<string, string> } = JSON.parse(readFileSync(manifestPath, 'utf8'));
  const bin = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[command];
  if (bin === undefined) throw new Error(`${name} has no command ${command}`);
  return join(dirname(manifestPath), bin);
};

const runNode = (args: readonly string[]): Promise<Findings> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
      done({ ok: code === 0, lines: code === 0 ? [] : lines });
    });
  });

/** Runs the command of an installed package in the project's folder. */
export const runTool = (name: string, command: string, args: readonly string[]): Promise<Findings> =>
  runNode([executableOf(name, command), ...args]);

/** Runs one of the project's own scripts. */
export const runScript = (path: string, args: readonly string[]): Promise<Findings> =>
  runNode(['--import', 'tsx', path, ...args]);
