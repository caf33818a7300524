import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { ask, send } from '#cli/connection.ts';
import { seededRandom } from '#cli/feed/send-order.ts';
import { signIn } from '#cli/sign-in.ts';
import { parseMapping } from '#functions/imports/read-series.ts';
import { importIdOf } from '#functions/imports/store/imports.ts';
import { digest, drain } from '#shared/contracts/local/ops.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { benchMapping, type FilePlan, type FileTruth, makeFile } from './import-files.ts';
import {
  CommandProcess,
  freePort,
  fromSources,
  larger,
  type Memory,
  type Programs,
  SystemProcess,
} from './import-processes.ts';

/** A made-up file on disk. */
export interface MadeFile {
  readonly plan: FilePlan;
  readonly path: string;
  readonly importId: string;
  readonly truth: FileTruth;
}

/** Lines are written in pieces of about this many characters. */
const pieceLength = 1 << 18;

/** Writes a made-up file into a folder, and its mapping beside it where it has one. */
export const writeFileOf = async (folder: string, plan: FilePlan): Promise<MadeFile> => {
  const path = join(folder, `${plan.format}-${plan.meters}-${plan.days}.csv`);
  let truth: FileTruth | undefined;
  const pieces = function* (): Generator<string> {
    const lines = makeFile(plan);
    let piece = '';
    for (let next = lines.next(); ; next = lines.next()) {
      if (next.done === true) {
        truth = next.value;
        yield piece;
        return;
      }
      piece += next.value;
      if (piece.length < pieceLength) continue;
      yield piece;
      piece = '';
    }
  };
  await pipeline(Readable.from(pieces()), createWriteStream(path));
  if (truth === undefined) throw new Error('the file was not made');
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  const sha256 = hash.digest('hex');
  const mapping = plan.format === 'csv' ? { mapping: canonicalJson(parseMapping(benchMapping)) } : {};
  await writeFile(`${path}.mapping.json`, JSON.stringify(benchMapping));
  return {
    plan,
    path,
    truth,
    importId: importIdOf({ startedBy: 'head-end', sha256, format: plan.format, dryRun: false, ...mapping }),
  };
};

const Standing = z.object({
  state: z.string(),
  counts: z.object({
    read: z.int(),
    sent: z.int(),
    unchanged: z.int(),
    aside: z.int(),
    blocks: z.int(),
    errors: z.int(),
  }),
});
type Standing = z.infer<typeof Standing>;

const Total = z.object({
  total: z.object({
    value: z.int(),
    count: z.int(),
    missing: z.int(),
    byQuality: z.array(z.object({ quality: z.int(), count: z.int(), value: z.int() })),
  }),
});
export type UsageTotal = z.infer<typeof Total>['total'];

/** What an import came to: all that must not depend on what happened on the way. */
export interface EndState {
  readonly standing: Standing;
  /** Digest of the readings as they were told, and how many there are. */
  readonly readings: { readonly sha256: string; readonly intervals: number };
  /** Usage over the whole time by meter, as the API tells it once all days are judged. */
  readonly usage: ReadonlyMap<string, UsageTotal>;
}

export interface ImportRun {
  /** Intervals that were stored before it. */
  readonly storedBefore: number;
  readonly end: EndState;
  /** From the command to its end; and from there until every follower was through. */
  readonly importSeconds: number;
  readonly behindSeconds: number;
  /** The most memory of any process of the system, and of the command. */
  readonly system: Memory;
  readonly command: Memory;
  readonly kills: { readonly system: number; readonly command: number };
}

export interface RunOptions {
  /** Data folder. */
  readonly folder: string;
  /** Flags that say who lives in the system. */
  readonly seed: readonly string[];
  /** At which shares of the file's intervals (0 to 1) the system is killed, in order; at every second also the command. */
  readonly kills: readonly number[];
  readonly programs?: Programs;
}

/** Shares of a file at which to kill, drawn by a seed, in order. */
export const drawnKills = (count: number, seed: number): readonly number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 0.02 + random() * 0.96).sort((left, right) => left - right);
};

const none: Memory = { resident: 0, own: 0 };

/** The system and the command that imports a file into it, each started again after it was killed. */
class Import {
  readonly #file: MadeFile;
  readonly #options: RunOptions;
  readonly #port: number;
  readonly #programs: Programs;
  #peaks: { readonly system: Memory; readonly command: Memory } = { system: none, command: none };
  readonly kills = { system: 0, command: 0 };
  #system: SystemProcess;
  #command: CommandProcess | undefined;
  #token: string | undefined;

  constructor(file: MadeFile, options: RunOptions, port: number) {
    this.#file = file;
    this.#options = options;
    this.#port = port;
    this.#programs = options.programs ?? fromSources;
    this.#system = this.#start();
  }

  #start(): SystemProcess {
    return new SystemProcess(this.#programs, this.#options.folder, this.#port, this.#options.seed);
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    await this.#system.ready();
  }

  /** Starts the command. */
  begin(): void {
    const { path, plan } = this.#file;
    const layout = plan.format === 'csv' ? ['--mapping', `${path}.mapping.json`] : [];
    const words = [
      'import',
      path,
      '--format',
      plan.format,
      ...layout,
      '--create-missing',
      '--url',
      this.#url,
      '--json',
    ];
    this.#command = new CommandProcess(this.#programs, words);
  }

  #saw(): void {
    this.#peaks = {
      system: larger(this.#peaks.system, this.#system.peak),
      command: larger(this.#peaks.command, this.#command?.peak ?? none),
    };
  }

  /** Kills the system, every second time the command too, and starts again what is gone. */
  async #strike(): Promise<void> {
    this.#saw();
    await this.#system.kill();
    this.kills.system += 1;
    if (this.kills.system % 2 === 0) {
      await this.#command?.kill();
      this.kills.command += 1;
    }
    this.#system = this.#start();
    await this.#system.ready();
    if (this.#command?.isGone === true) this.begin();
  }

  async #standing(): Promise<Standing | undefined> {
    this.#token ??= (await signIn(this.#url, { client: 'head-end' })).access_token;
    const response = await send(this.#url, { path: `/v1/imports/${this.#file.importId}`, token: this.#token });
    return response.ok ? Standing.parse(await response.json()) : undefined;
  }

  /** Kills at each share of the file, then waits for the command. Throws where it does not say that all was taken. */
  async work(): Promise<void> {
    for (const share of this.#options.kills) {
      for (;;) {
        const standing = await this.#standing();
        if (standing?.state === 'done') throw new Error('the import was through before it could be killed');
        if (standing !== undefined && standing.counts.read >= share * this.#file.truth.intervals) break;
        if (this.#command?.isGone === true) throw new Error(`the command ended: ${this.#command.notes.join('\n')}`);
        await sleep(10);
      }
      await this.#strike();
    }
    const ended = await this.#command?.ended;
    this.#saw();
    if (ended?.code !== 0) throw new Error(`the command ended with ${ended?.code}: ${this.#command?.notes.join('\n')}`);
  }

  /** Waits until every follower is through. */
  async settle(): Promise<void> {
    const { access_token: token } = await signIn(this.#url, { role: 'operator' });
    for (;;) {
      const request = { method: drain.method, path: drain.path, token, body: { timeoutSeconds: 200 } };
      const { drained } = drain.answer.parse(await ask(this.#url, request));
      this.#saw();
      if (drained) return;
    }
  }

  /** Digest of the readings table. */
  async readings(): Promise<EndState['readings']> {
    const { access_token: token } = await signIn(this.#url, { role: 'operator' });
    const answer = digest.answer.parse(await ask(this.#url, { path: `${digest.path}?table=readings`, token }));
    const [readings] = answer.digests;
    if (readings === undefined) throw new Error('the system does not tell what it stores');
    return { sha256: readings.sha256, intervals: readings.items };
  }

  async end(): Promise<EndState> {
    const readings = await this.readings();
    const standing = await this.#standing();
    if (standing === undefined) throw new Error('the import is gone');
    const usage = new Map<string, UsageTotal>();
    const { plan, truth } = this.#file;
    const namespace = plan.format === 'nem12' ? 'nmi' : benchMapping.namespace;
    for (const name of truth.meters.keys()) {
      const path = `/v1/service-points/${namespace}:${name}/usage?from=${plan.first}&to=${addDays(plan.first, plan.days + 1)}&resolution=month&register=E1&limit=1`;
      usage.set(name, Total.parse(await ask(this.#url, { path, token: this.#token })).total);
    }
    return { standing, readings, usage };
  }

  get peaks(): { readonly system: Memory; readonly command: Memory } {
    return this.#peaks;
  }

  async stop(): Promise<void> {
    if (this.#command?.isGone === false) await this.#command.kill();
    if (!this.#system.isGone) await this.#system.stop();
  }
}

/** Imports a file into a fresh system through `rotunda import`, killed on the way as asked, and tells what came of it. */
export const importThrough = async (file: MadeFile, options: RunOptions): Promise<ImportRun> => {
  const run = new Import(file, options, await freePort());
  try {
    await run.open();
    const { intervals: storedBefore } = await run.readings();
    run.begin();
    const began = performance.now();
    await run.work();
    const through = performance.now();
    await run.settle();
    const settled = performance.now();
    // What answering costs is no part of the import.
    const { system, command } = run.peaks;
    const end = await run.end();
    return {
      storedBefore,
      end,
      importSeconds: (through - began) / 1000,
      behindSeconds: (settled - through) / 1000,
      system,
      command,
      kills: run.kills,
    };
  } finally {
    await run.stop();
  }
};
