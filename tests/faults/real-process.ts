import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import * as z from 'zod';
import type { FailPointName } from '#local/fail-points.ts';
import { projectRoot } from '#scripts/check/project-files.ts';

const Told = z.looseObject({ event: z.string() });
const Ready = z.looseObject({ event: z.literal('ready'), api: z.string(), mqtt: z.string(), seconds: z.number() });

/** One line the command says of its life with `--json`. */
export type Told = z.infer<typeof Told>;

export interface Doors {
  /** Address of the API, without `/v1`. */
  readonly url: string;
  readonly mqttPort: number;
  /** Seconds from the start of the process to its doors being open, as it says itself. */
  readonly seconds: number;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  readonly folder: string;
  /** Further flags of the command. */
  readonly flags: readonly string[];
  /** Where the process kills itself, and at which pass. */
  readonly failPoint?: `${FailPointName}:${number}`;
  /** The largest file it may write, in KiB, as if its disk had no room for more. */
  readonly largestFile?: number;
  /** Where a subscriber of the outbound bus writes down what it is given. */
  readonly eventsFile?: string;
}

/** The process of `npm start` on a data folder and free ports. */
export class RealProcess {
  readonly #child: ChildProcess;
  readonly told: Told[] = [];
  readonly #errors: string[] = [];
  readonly ended: Promise<Ended>;
  #gone = false;

  constructor(options: StartOptions) {
    const flags = ['--data', options.folder, '--port', '0', '--mqtt-port', '0', '--json', ...options.flags];
    const env = { ...process.env };
    delete env.ROTUNDA_TEST_FAIL_POINT;
    delete env.ROTUNDA_TEST_EVENTS_FILE;
    const command = [process.execPath, inject('builtStart'), ...flags];
    const { largestFile } = options;
    const [program = '', ...args] =
      largestFile === undefined ? command : ['bash', '-c', `ulimit -f ${largestFile} && exec "$@"`, 'bash', ...command];
    this.#child = spawn(program, args, {
      cwd: projectRoot,
      env: {
        ...env,
        ...(options.failPoint === undefined ? {} : { ROTUNDA_TEST_FAIL_POINT: options.failPoint }),
        ...(options.eventsFile === undefined ? {} : { ROTUNDA_TEST_EVENTS_FILE: options.eventsFile }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('the process has no output');
    createInterface({ input: stdout }).on('line', (line) => this.told.push(Told.parse(JSON.parse(line))));
    createInterface({ input: stderr }).on('line', (line) => this.#errors.push(line));
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.#gone = true;
      return { code: code ?? null, signal: signal ?? null };
    });
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** What it wrote on stderr, by line. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  /** Whether it has said that an event of its life took place. */
  has(event: string): boolean {
    return this.told.some((one) => one.event === event);
  }

  /** The doors once they are open, or undefined where the process was killed before. Throws where it ended by itself. */
  async ready(): Promise<Doors | undefined> {
    while (!this.has('ready')) {
      if (this.gone) {
        const { code, signal } = await this.ended;
        if (signal === 'SIGKILL') return undefined;
        throw new Error(`the system ended with ${code ?? signal}: ${this.#errors.join('\n')}`);
      }
      await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
    const { api, mqtt, seconds } = Ready.parse(this.told.find((one) => one.event === 'ready'));
    return { url: api.replace(/\/v1$/, ''), mqttPort: Number(new URL(mqtt).port), seconds };
  }

  /** Ends it with `kill -9`. */
  async kill(): Promise<Ended> {
    this.#child.kill('SIGKILL');
    return this.ended;
  }

  /** Asks it to stop, as Ctrl-C or a service manager does. */
  async stop(): Promise<Ended> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }
}
