import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { mergeBlocks } from '#functions/readings/rules/merge.ts';
import { codesFromMarks } from '#functions/readings/rules/runs.ts';
import { readBlocks } from '#functions/readings/store/readings.ts';
import type { ImportFormat } from '#shared/vocabulary/statuses.ts';
import { RunningSystem } from './running-system.ts';

const Counts = z.object({
  read: z.int(),
  sent: z.int(),
  unchanged: z.int(),
  aside: z.int(),
  blocks: z.int(),
  errors: z.int(),
  /** Of those read, told by register reads that are stored. */
  byReads: z.int(),
});
const Standing = z.object({
  id: z.string(),
  state: z.string(),
  counts: Counts,
  upload: z.object({ url: z.string() }).optional(),
});
const FileError = z.object({ line: z.int(), column: z.int(), code: z.string(), message: z.string() });
const ErrorPage = z.object({ data: z.array(FileError), next: z.string().nullable() });
const Usage = z.object({
  meterId: z.string().nullable(),
  register: z.string(),
  zone: z.string(),
  unit: z.string(),
  powerOfTen: z.int(),
  data: z.array(
    z.object({
      start: z.string(),
      end: z.string(),
      value: z.number().nullable(),
      count: z.int(),
      quality: z.int().nullable(),
    }),
  ),
  total: z.object({
    value: z.number(),
    count: z.int(),
    expected: z.int(),
    missing: z.int(),
    byQuality: z.array(z.object({ quality: z.int(), count: z.int(), value: z.number() })),
  }),
  next: z.string().nullable(),
});
export type Usage = z.infer<typeof Usage>;
const Found = z.object({
  rule: z.string(),
  state: z.string(),
  severity: z.string(),
  start: z.string(),
  end: z.string(),
  quality: z.int().optional(),
  evidence: z.record(z.string(), z.unknown()),
});
export type FoundException = z.infer<typeof Found>;
const FoundPage = z.object({ data: z.array(Found), next: z.string().nullable() });

/** A value in the register's scale, with its ESPI code. */
export interface StoredReading {
  readonly value: number;
  readonly quality: number;
}

/** What became of a file: how the import ended, what it counted, and every line it told of. */
export interface Brought {
  readonly id: string;
  readonly state: string;
  readonly counts: z.infer<typeof Counts>;
  readonly errors: readonly z.infer<typeof FileError>[];
}

export interface BroughtFile {
  readonly bytes: Buffer;
  readonly format: ImportFormat;
  readonly mapping?: unknown;
}

const headEnd = { client: 'head-end' } as const;

/** A running system that is asked for nothing but files of meter data and what became of them. */
export class ImportingSystem {
  readonly system: RunningSystem;
  readonly #folder: string | undefined;

  private constructor(system: RunningSystem, folder?: string) {
    this.system = system;
    this.#folder = folder;
  }

  /** With its store on disk, as the work of a whole file needs. */
  static async start(): Promise<ImportingSystem> {
    const folder = await mkdtemp(join(tmpdir(), 'rotunda-importing-'));
    return new ImportingSystem(await RunningSystem.start({ folder: join(folder, 'data'), staleReads: false }), folder);
  }

  /** All in memory: for files of a few days, which do not hold up the doors. */
  static async startSmall(): Promise<ImportingSystem> {
    return new ImportingSystem(await RunningSystem.start({ staleReads: false }));
  }

  async stop(): Promise<void> {
    await this.system.stop();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true });
  }

  /** Imports a file, making its points known, and waits until all followers of its readings are through. */
  async bring({ bytes, format, mapping }: BroughtFile): Promise<Brought> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const json = { format, createMissing: true, bytes: bytes.byteLength, sha256, mapping };
    const begun = await this.system.must({ method: 'POST', path: '/v1/imports', as: headEnd, json });
    const { id, upload } = Standing.parse(begun.json);
    if (upload !== undefined) {
      const put = await fetch(upload.url, { method: 'PUT', body: new Uint8Array(bytes) });
      if (!put.ok) throw new Error(`the file was not taken: ${put.status} ${await put.text()}`);
    }
    const { state, counts } = await this.#ended(id);
    await this.#rest();
    return { id, state, counts, errors: await this.#errors(id) };
  }

  /** A look at something; once more where a line that lay idle was shut while this process was busy with readings. */
  async #get(path: string): Promise<unknown> {
    const look = async () => (await this.system.must({ path, as: headEnd })).json;
    try {
      return await look();
    } catch (error) {
      if (error instanceof TypeError) return look();
      throw error;
    }
  }

  async #ended(id: string): Promise<z.infer<typeof Standing>> {
    for (;;) {
      const standing = Standing.parse(await this.#get(`/v1/imports/${id}`));
      if (['done', 'failed', 'undone'].includes(standing.state)) return standing;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #rest(): Promise<void> {
    for (;;) {
      const json = { timeoutSeconds: 60 };
      const answer = await this.system.must({
        method: 'POST',
        path: '/_local/ops/drain',
        as: { role: 'operator' },
        json,
      });
      if (answer.json.drained === true) return;
    }
  }

  async #errors(id: string): Promise<Brought['errors']> {
    const errors: z.infer<typeof FileError>[] = [];
    for (let cursor = ''; ; ) {
      const path = `/v1/imports/${id}/errors?limit=100${cursor}`;
      const { data, next } = ErrorPage.parse(await this.#get(path));
      errors.push(...data);
      if (next === null) return errors;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
  }

  /** What the usage route answers of a point, all pages. `point` is `namespace:value`; from and to as the route takes them. */
  async usage(
    point: string,
    { from, to, resolution = 'month', register }: { from: string; to: string; resolution?: string; register?: string },
  ): Promise<Usage> {
    const query = new URLSearchParams({ from, to, resolution, limit: '1000', ...(register && { register }) });
    const rows: Usage['data'] = [];
    for (let cursor: string | null = null; ; ) {
      if (cursor !== null) query.set('cursor', cursor);
      const path = `/v1/service-points/${encodeURIComponent(point)}/usage?${query}`;
      const page = Usage.parse(await this.#get(path));
      rows.push(...page.data);
      if (page.next === null) return { ...page, data: rows };
      cursor = page.next;
    }
  }

  /** Exceptions of a point's readings in one state, or those that stand. */
  async exceptions(point: string, state?: string): Promise<readonly FoundException[]> {
    const found: FoundException[] = [];
    const query = new URLSearchParams({ limit: '100', ...(state === undefined ? {} : { state }) });
    for (;;) {
      const path = `/v1/service-points/${encodeURIComponent(point)}/exceptions?${query}`;
      const { data, next } = FoundPage.parse(await this.#get(path));
      found.push(...data);
      if (next === null) return found;
      query.set('cursor', next);
    }
  }

  /** What is stored of a register as it was told, without corrections and estimates: by start of the interval, Unix seconds. */
  async stored(meter: string, register: string): Promise<ReadonlyMap<number, StoredReading>> {
    const readings = this.system.served.system.store.table('readings');
    const blocks = await readBlocks(readings, meter, register, 0, 4_000_000_000);
    const stored = new Map<number, StoredReading>();
    for (const run of mergeBlocks(blocks.filter(({ kind }) => kind === 'actual'))) {
      const codes = codesFromMarks(run.quality ?? [], run.values.length);
      for (const [place, value] of run.values.entries())
        if (value !== null) stored.set(run.start + place * run.interval, { value, quality: codes[place] ?? 0 });
    }
    return stored;
  }
}
