import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Whether this machine tells what memory a process has used (Linux, proc(5)). */
export const tellsMemory = existsSync('/proc/self/status');

/** A port of 127.0.0.1 that nobody has now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
};

/** A program that is watched: what it wrote, the most memory it had, and how it ended. */
class WatchedProcess {
  readonly #child: ChildProcess;
  readonly lines: string[] = [];
  readonly notes: string[] = [];
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  #isGone = false;
  #peakKilobytes = 0;

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, [...args], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('the process has no output');
    createInterface({ input: stdout }).on('line', (line) => this.lines.push(line));
    createInterface({ input: stderr }).on('line', (line) => this.notes.push(line));
    const timer = setInterval(() => this.#look(), 100);
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      clearInterval(timer);
      this.#isGone = true;
      return { code: code ?? null, signal: signal ?? null };
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** The most resident memory it had so far, MB; 0 where the machine does not tell. */
  get peakMegabytes(): number {
    this.#look();
    return this.#peakKilobytes / 1024;
  }

  #look(): void {
    const { pid } = this.#child;
    if (!tellsMemory || pid === undefined || this.#isGone) return;
    try {
      const [, most = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      this.#peakKilobytes = Math.max(this.#peakKilobytes, Number(most));
    } catch (error) {
      // It ended since.
      if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')))
        throw error;
    }
  }

  /** Ends it as a power cut would; resolves once it is gone. */
  async kill(): Promise<void> {
    this.#look();
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to stop; resolves once it did. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.ended;
  }
}

const Ready = z.looseObject({ event: z.literal('ready'), api: z.string() });

/** `npm start` on a data folder and a port, with nobody living in it but a small seeded utility or nobody at all. */
export class SystemProcess extends WatchedProcess {
  constructor(folder: string, port: number, seed: readonly string[]) {
    const flags = ['--data', folder, '--port', String(port), '--mqtt-port', '0', '--no-meters', '--json', ...seed];
    super(['--import', 'tsx', 'scripts/start.ts', ...flags]);
  }

  /** Resolves with its address once it is open. Throws where it ended before. */
  async ready(): Promise<string> {
    for (;;) {
      for (const line of this.lines) {
        const ready = Ready.safeParse(JSON.parse(line));
        if (ready.success) return ready.data.api.replace(/\/v1$/, '');
      }
      if (this.isGone) throw new Error(`the system ended before it was ready: ${this.notes.join('\n')}`);
      await sleep(20);
    }
  }
}

/** `rotunda` with these words. */
export class CommandProcess extends WatchedProcess {
  constructor(words: readonly string[]) {
    super(['scripts/rotunda.mjs', ...words]);
  }
}
