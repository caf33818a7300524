import { createHash } from 'node:crypto';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { readPlan } from '#functions/imports/chunk-plan.ts';
import type { AdvanceParts } from '#functions/imports/import-work.ts';
import { keepRows } from '#functions/imports/keep-rows.ts';
import { makePoints } from '#functions/imports/make-points.ts';
import { type AskedFor, askUndo, fileArrived, startImport } from '#functions/imports/start-import.ts';
import { type ImportItem, readImport } from '#functions/imports/store/imports.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { digestReadings } from '#functions/operations/store/digest.ts';
import { senderOfKey } from '#functions/readings/contract/stream-key.ts';
import { readRuns } from '#functions/readings/store/readings.ts';
import type { NewEntry } from '#shared/facts/audit.ts';
import { createLocalUploads } from '#shared/messaging/local/local-uploads.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { newMeterWrites } from '#shared/profile/store/meters.ts';
import { crockford26 } from '#shared/runtime/identify.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { ImportFormat } from '#shared/vocabulary/statuses.ts';
import { aMeter, halfHours, type TelemetryGround, telemetryGround } from './meters/telemetry.ts';
import { RecordedLogger } from './recorders.ts';

/** How the stream of a ground brings what was appended: in this order, each so often. */
export type Delivery = (records: readonly Arrived[]) => readonly Arrived[];
interface Arrived {
  readonly sequenceNumber: string;
  readonly thing: string;
  readonly headEnd: boolean;
  readonly data: Uint8Array;
  readonly arrivedAt: number;
}

export interface AskedFile {
  readonly text: string;
  readonly format?: ImportFormat;
  readonly mapping?: unknown;
  readonly createMissing?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  /** The program that imports it. */
  readonly as?: string;
}

/** Imports on a store in memory, with a stream that brings its records when somebody waits for them. */
export class ImportGround {
  readonly ground: TelemetryGround;
  readonly parts: AdvanceParts;
  readonly #uploads: ReturnType<typeof createLocalUploads>;
  readonly #waiting: Arrived[] = [];
  readonly #deliver: Delivery;
  readonly #byNmi = new Map<string, string>();
  readonly #meters = new Map<string, readonly string[]>();
  /** The entry of whoever asks for imports and has them taken back; each may ask again. */
  get asker(): NewEntry {
    return this.askerNamed('head-end');
  }
  askerNamed(actor: string): NewEntry {
    this.#asked += 1;
    const at = new Date(this.ground.clock.now()).toISOString();
    const id = crockford26(createHash('sha256').update(`asked ${this.#asked}`).digest());
    const who = { actor, actorKind: 'machine', act: 'imports.write' } as const;
    const request = { requestId: `r${this.#asked}`, route: 'POST /v1/imports', outcome: 'allowed' };
    return { at, id, ...who, ...request, fields: [], count: 1, named: [] };
  }
  #asked = 0;
  /** Imports that others were asked to work on. */
  readonly woken: string[] = [];
  /** Records that were appended in all. */
  appended = 0;

  private constructor(ground: TelemetryGround, deliver: Delivery, chunk: AdvanceParts['chunk'], onTheWay: number) {
    this.ground = ground;
    this.#deliver = deliver;
    const { clock, profile, readings, sealer, submit, metrics } = ground;
    this.#uploads = createLocalUploads({ clock, address: () => 'http://127.0.0.1/_uploads' });
    this.parts = {
      profile,
      readings,
      clock,
      metrics,
      logger: new RecordedLogger(),
      objects: createMemoryObjects(clock),
      uploads: this.#uploads,
      zone: 'Europe/London',
      keepRows: (...rows) => keepRows({ profile, sealer }, ...rows),
      makePoints: (id, points) =>
        makePoints({ profile, submit, registerMeter: (meter) => registerHeadEndMeter(profile, meter) }, id, points),
      wake: async (id) => void this.woken.push(id),
      telemetry: {
        append: async (key, data) => {
          this.appended += 1;
          const sequenceNumber = String(this.appended).padStart(10, '0');
          this.#waiting.push({ sequenceNumber, ...senderOfKey(key), data, arrivedAt: clock.now() / 1000 });
        },
      },
      ...(chunk === undefined ? {} : { chunk }),
      onTheWay,
      sleep: () => this.bring(),
    };
  }

  static async open(
    options: { readonly deliver?: Delivery; readonly chunk?: AdvanceParts['chunk']; readonly onTheWay?: number } = {},
  ): Promise<ImportGround> {
    const ground = await telemetryGround();
    return new ImportGround(ground, options.deliver ?? ((records) => records), options.chunk, options.onTheWay ?? 50);
  }

  /** Lets the stream bring what waits in it. */
  async bring(): Promise<void> {
    await this.ground.ingest.take(this.#deliver(this.#waiting.splice(0)));
  }

  /** A meter that is known by a reference, with the place it measures. */
  async meter(name: string, registers: readonly Register[], nmi: string): Promise<string> {
    const meter = aMeter(name, { registers: [...registers], references: [{ namespace: 'nmi', value: nmi }] });
    await this.ground.profile.commit(newMeterWrites(meter));
    this.#byNmi.set(nmi, meter.id);
    this.#meters.set(
      meter.id,
      registers.map(({ id }) => id),
    );
    return meter.id;
  }

  /** Begins an import and hands its file in. */
  async start({
    text,
    format = 'nem12',
    mapping,
    createMissing = false,
    force = false,
    dryRun = false,
    as = 'head-end',
  }: AskedFile): Promise<string> {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const asked = { format, mapping, createMissing, force, dryRun, bytes: bytes.byteLength, sha256 };
    const { item, upload } = await startImport(this.parts, asked, this.askerNamed(as));
    if (upload !== undefined) {
      const url = new URL(upload.url);
      await this.#uploads.take(url.pathname.replace('/_uploads', ''), url.searchParams, pieces(bytes));
      await fileArrived(this.parts, item.id);
    }
    return item.id;
  }

  /** Asks for an import to be taken back. */
  async askUndo(id: string, entry: NewEntry = this.asker): Promise<AskedFor> {
    return askUndo(this.parts, await this.import(id), 'The file was sent by mistake.', entry);
  }

  /** Imports a file to its end. */
  async run(file: AskedFile): Promise<ImportItem> {
    const id = await this.start(file);
    await advanceImport(this.parts, id);
    return this.import(id);
  }

  async import(id: string): Promise<ImportItem> {
    const item = await readImport(this.ground.profile, id);
    if (item === undefined) throw new Error(`there is no import ${id}`);
    return item;
  }

  async errors(id: string) {
    const { chunk } = await this.import(id);
    const plans = await Promise.all(
      Array.from({ length: chunk - 1 }, (_, index) => readPlan(this.parts.objects, id, index + 1)),
    );
    return plans.flatMap((plan) => plan?.errors ?? []);
  }

  /** Every stored value by meter, register and instant. */
  async values(): Promise<ReadonlyMap<string, number>> {
    const values = new Map<string, number>();
    for (const [meter, registers] of this.#meters)
      for (const register of registers)
        for (const { start, interval, values: all } of await readRuns(
          this.ground.readings,
          meter,
          register,
          0,
          4_000_000_000,
        ))
          for (const [place, value] of all.entries())
            if (value !== null) values.set(`${meter} ${register} ${start + place * interval}`, value);
    return values;
  }

  /** What a file of half-hourly days says last of each interval, in the scale of its register. */
  saidBy(text: string): ReadonlyMap<string, number> {
    const said = new Map<string, number>();
    let place = '';
    for (const fields of text.split('\n').map((line) => line.split(','))) {
      if (fields[0] === '200') place = `${this.#byNmi.get(fields[1] ?? '')} ${fields[4]}`;
      if (fields[0] !== '300') continue;
      const date = (fields[1] ?? '').replace(/(....)(..)(..)/, '$1-$2-$3');
      const midnight = Date.parse(`${date}T00:00:00+10:00`) / 1000;
      for (let at = 0; at < 48; at += 1) said.set(`${place} ${midnight + at * 1800}`, Number(fields[at + 2]) * 1000);
    }
    return said;
  }

  async digest(): Promise<string> {
    return (await digestReadings(this.ground.store.scan('readings'))).sha256;
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += 100) yield bytes.subarray(from, from + 100);
}

/** A NEM12 file with half-hourly days of a register. */
export const nem12 = (
  streams: readonly { readonly nmi: string; readonly suffix: string; readonly days: readonly NemDay[] }[],
): string =>
  [
    '100,NEM12,202601010000,MDP,RETAILER',
    ...streams.flatMap(({ nmi, suffix, days }) => [
      `200,${nmi},E1B1,${suffix},${suffix},N1,METER1,kWh,30,`,
      ...days.map(({ date, values, quality = 'A' }) => `300,${date},${values.join(',')},${quality},,,20260101000000,`),
    ]),
    '900',
    '',
  ].join('\n');

export interface NemDay {
  readonly date: string;
  readonly values: readonly number[];
  readonly quality?: string;
}

export const sameAllDay = (value: number): number[] => Array<number>(48).fill(value);
export const marketRegister = halfHours('+10:00');
