import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';

const program = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk');

export interface CdkRun {
  readonly cwd: string;
  readonly seconds: number;
}

/**
 * Runs a command of the CDK and answers what it printed. Throws where it fails or its time is over; then the process itself is
 * killed, since a custom resource whose function cannot start would keep it for an hour.
 */
export const cdk = (args: readonly string[], { cwd, seconds }: CdkRun): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { ...process.env, CDK_DISABLE_VERSION_CHECK: '1', CI: 'true', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      const printed = Buffer.concat(chunks).toString('utf8');
      if (code === 0) return resolve(printed);
      const end = printed
        .trimEnd()
        .split('\n')
        .filter((line) => !/ \| (CREATE|UPDATE|DELETE)_(IN_PROGRESS|COMPLETE|SKIPPED) /.test(line))
        .slice(-60)
        .join('\n');
      reject(new Error(`cdk ${args[0]} ${late ? `was not done within ${seconds} s` : `ended with ${code}`}\n${end}`));
    });
  });
