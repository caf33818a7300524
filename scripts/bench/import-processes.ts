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

/** The most memory of a process, MB. */
export interface Memory {
  /** Resident, as the machine counts it (VmHWM): with the pages of files that are mapped, which it may take back at any time. */
  readonly resident: number;
  /** Of its own (RssAnon), looked at ten times a second. */
  readonly own: number;
}

/** The larger of each. */
export const larger = (one: Memory, other: Memory): Memory => ({
  resident: Math.max(one.resident, other.resident),
  own: Math.max(one.own, other.own),
});

const kilobytes = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);

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
  #resident = 0;
  #own = 0;

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

  /** The most memory it had so far; zeros where the machine does not tell. */
  get peak(): Memory {
    this.#look();
    return { resident: this.#resident / 1024, own: this.#own / 1024 };
  }

  #look(): void {
    const { pid } = this.#child;
    if (!tellsMemory || pid === undefined || this.#isGone) return;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      this.#resident = Math.max(this.#resident, kilobytes(status, 'VmHWM'));
      this.#own = Math.max(this.#own, kilobytes(status, 'RssAnon'));
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

/** How the two programs are started, as arguments of Node: from the sources where nothing else is said. */
export interface Programs {
  readonly start: readonly string[];
  readonly rotunda: readonly string[];
}

export const fromSources: Programs = {
  start: ['--import', 'tsx', 'scripts/start.ts'],
  rotunda: ['cli/rotunda.mjs'],
};

const Ready = z.looseObject({ event: z.literal('ready'), api: z.string() });

/** `npm start` on a data folder and a port, with nobody living in it but a small seeded utility or nobody at all. */
export class SystemProcess extends WatchedProcess {
  constructor({ start }: Programs, folder: string, port: number, seed: readonly string[]) {
    const flags = ['--data', folder, '--port', String(port), '--mqtt-port', '0', '--no-meters', '--json', ...seed];
    super([...start, ...flags]);
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
  constructor({ rotunda }: Programs, words: readonly string[]) {
    super([...rotunda, ...words]);
  }
}
