import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';

/** The command line of the CDK. */
export interface Cdk {
  /**
   * Runs one command and answers all it printed. Throws `CdkFailure` where it fails or is not done in its time.
   * @param onLine told each line as it comes
   */
  run(
    args: readonly string[],
    bound: { readonly seconds: number; readonly onLine?: (line: string) => void },
  ): Promise<string>;
}

/** A command of the CDK that failed, with what it printed. */
export class CdkFailure extends Error {
  readonly printed: string;
  constructor(message: string, printed: string) {
    super(message);
    this.name = 'CdkFailure';
    this.printed = printed;
  }
}

const program = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/**
 * The pinned CDK of this checkout as a child process; killed when its time is over, since it may wait for an hour.
 * @param cwd where it looks for `cdk.json`
 */
export const childCdk = (environment: Readonly<Record<string, string>>, cwd = projectRoot): Cdk => ({
  run: (args, { seconds, onLine }) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...args], {
        cwd,
        env: { ...process.env, ...environment, CDK_DISABLE_VERSION_CHECK: '1', CI: 'true', NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const lines: string[] = [];
      const take = (stream: NodeJS.ReadableStream): void => {
        let rest = '';
        stream.setEncoding('utf8');
        stream.on('data', (text: string) => {
          const parts = (rest + text).split('\n');
          rest = parts.pop() ?? '';
          for (const line of parts) {
            lines.push(line);
            onLine?.(line);
          }
        });
        stream.on('end', () => {
          if (rest !== '') lines.push(rest);
        });
      };
      take(child.stdout);
      take(child.stderr);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, seconds * 1000);
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        const printed = lines.join('\n');
        if (code === 0) return resolve(printed);
        const how = late ? `was not done within ${seconds} s` : `ended with ${code}`;
        reject(new CdkFailure(`cdk ${args[0]} ${how}`, printed));
      });
    }),
});

/** Why CloudFormation or the CDK gave up, in one line of what was printed. */
export const reasonOf = (printed: string): string => {
  const lines = printed.split('\n').map((line) => line.trim());
  const failed = lines.find((line) => /\| (CREATE|UPDATE|DELETE|IMPORT)_FAILED/.test(line));
  const said = failed?.split('|').slice(4).join(' ').replaceAll(/\s+/g, ' ').trim();
  if (said !== undefined && said !== '') return said;
  const error = lines.findLast((line) => /error|failed|❌/i.test(line));
  return (error ?? lines.findLast((line) => line !== '') ?? 'it said nothing').replace(/^❌\s*/, '');
};
