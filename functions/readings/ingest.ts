import type { SetAsideStatus } from '#shared/facts/fact-outcome.ts';
import { type AwaitedThing, quarantine, type Refused, waitingWrite } from '#shared/facts/quarantine.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { MeterItem } from '#shared/profile/store/meters.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { quarantineIdOf } from '#shared/runtime/identify.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { meterKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Table } from '#shared/table/table.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { conflictOf } from './block-conflicts.ts';
import { readMeterMessage } from './contract/read-message.ts';
import { headEndKey } from './contract/stream-key.ts';
import { type BlockItem, judgeMessage, type Keepable, toldOf } from './judge-message.ts';
import { keepMessage } from './keep-message.ts';
import { MeterCache } from './meter-cache.ts';
import { putEach } from './put-each.ts';
import { putFirst } from './put-first.ts';

/** A record of the telemetry stream. Its partition key tells who sent it: the authenticated thing, or the head end. */
export interface ArrivedRecord {
  readonly sequenceNumber: string;
  readonly thing: string;
  readonly data: Uint8Array;
  /** Whether the head end said it of the thing, by a file; else the thing said it itself. */
  readonly headEnd?: boolean;
  /** Receipt, Unix seconds. */
  readonly arrivedAt: number;
}

/** What became of a record: kept, refused into quarantine, waiting for its meter, or to be tried again. */
export type RecordOutcome =
  | { readonly kind: 'stored' | 'failed' }
  | { readonly kind: SetAsideStatus; readonly entry: string };

const stored: RecordOutcome = { kind: 'stored' };
const failed: RecordOutcome = { kind: 'failed' };

export interface IngestParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly sealer: Sealer;
  /** The way in for the facts that events of meters say. */
  readonly submit: SubmitFacts;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** How long a meter that was read is held to be as it was. */
  readonly meterSeconds?: number;
}

/** What a block of an unknown or not yet installed meter waits for. */
export const meterAwaited = (meter: string): AwaitedThing => ({ kind: 'meter', namespace: '', value: meter });

/** A block of a batch, and the records that say it. */
interface Gathered {
  readonly item: BlockItem;
  readonly records: number[];
}

/** How many events of a batch are kept at a time, and how many register reads, each of which is one put. */
const [eventsAtOnce, readsAtOnce] = [16, 64];

/**
 * Keeps the messages of a batch of records: one item for each block; events as facts, whose ids follow from what they say. Of two
 * contents under one key a meter's first one stands, since it replaces nothing that it told; of its head end's the later,
 * blind puts of absolute bytes. A repeat writes what is there already. A bad record goes to quarantine and holds nobody up; only a
 * write that failed is to be tried again.
 */
export class Ingest {
  readonly #parts: IngestParts;
  readonly #meters: MeterCache;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#meters = new MeterCache(parts.profile, parts.clock, parts.meterSeconds);
  }

  /** What became of each record, in their order. Never throws for what a record holds. */
  async take(records: readonly ArrivedRecord[]): Promise<readonly RecordOutcome[]> {
    const outcomes = new Array<RecordOutcome>(records.length).fill(stored);
    /** Of the head end one block a key, the later; of meters each content, in the order they came. */
    const byHeadEnd = new Map<string, Gathered>();
    const byMeters = new Map<string, Gathered[]>();
    await this.#meters.prefetch(new Set(records.map(({ thing }) => thing)));
    const overwritten: { readonly item: BlockItem; readonly record: number }[] = [];
    const messages: (readonly [index: number, message: Exclude<Keepable, { keep: 'block' }>])[] = [];
    for (const [index, record] of records.entries()) {
      const judged = await this.#judge(record, outcomes, index);
      if (judged === undefined) continue;
      if (judged.keep !== 'block') {
        messages.push([index, judged]);
        continue;
      }
      const { item } = judged;
      const key = `${item.pk}\n${item.sk}`;
      if (record.headEnd !== true) {
        const contents = byMeters.get(key) ?? [];
        byMeters.set(key, contents);
        const same = contents.find((one) => Buffer.compare(one.item.w, item.w) === 0);
        if (same === undefined) contents.push({ item, records: [index] });
        else same.records.push(index);
        continue;
      }
      const there = byHeadEnd.get(key);
      if (there === undefined) byHeadEnd.set(key, { item, records: [index] });
      else if (Buffer.compare(there.item.w, item.w) === 0) there.records.push(index);
      else {
        overwritten.push({ item: there.item, record: index });
        byHeadEnd.set(key, { item, records: [...there.records, index] });
      }
    }
    await this.#keepMessages(records, messages, outcomes);
    for (const { item, record } of overwritten) {
      const refused = conflictOf(item, this.#receipt(records[record]));
      if ((await this.#quarantine(refused)).kind === 'failed') outcomes[record] = failed;
    }
    await this.#putLast([...byHeadEnd.values()], outcomes);
    await this.#putFirst(records, [...byMeters.values()], outcomes);
    this.#count(outcomes);
    return outcomes;
  }

  #putFailed(blocks: readonly Gathered[], places: readonly number[], outcomes: RecordOutcome[]): void {
    for (const place of places) for (const index of blocks[place]?.records ?? []) outcomes[index] = failed;
  }

  readonly #onFailure = (error: unknown): void =>
    this.#parts.metrics.count('readings.put-failed', { error: causeName(error) });

  /** Puts blocks of the head end: of two contents under one key the later stands. */
  async #putLast(blocks: readonly Gathered[], outcomes: RecordOutcome[]): Promise<void> {
    const items = blocks.map(({ item }) => item);
    this.#putFailed(blocks, await putEach(this.#parts.readings, items, this.#onFailure), outcomes);
  }

  /** Puts blocks of meters, the contents of each key one after the other: the first stands, any other is kept aside. */
  async #putFirst(
    records: readonly ArrivedRecord[],
    byKey: readonly (readonly Gathered[])[],
    outcomes: RecordOutcome[],
  ): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      const blocks = byKey.flatMap((contents) => contents[turn] ?? []);
      if (blocks.length === 0) return;
      const items = blocks.map(({ item }) => item);
      const { unwritten, taken } = await putFirst(this.#parts.readings, items, this.#onFailure);
      this.#putFailed(blocks, unwritten, outcomes);
      for (const index of taken.flatMap((place) => blocks[place]?.records ?? [])) {
        const record = records[index];
        if (record === undefined) continue;
        outcomes[index] = await this.#quarantine(this.#refused(record, 'block.conflict', { meter: record.thing }));
      }
    }
  }

  /** The item of a record, or undefined where it was refused; then its outcome is set. */
  async #judge(record: ArrivedRecord, outcomes: RecordOutcome[], index: number): Promise<Keepable | undefined> {
    const message = readMeterMessage(record.data);
    const refuse = async (reason: QuarantineReason, detail: Readonly<Record<string, string>>): Promise<undefined> => {
      outcomes[index] = await this.#quarantine(this.#refused(record, reason, detail));
    };
    if (message.kind === 'fault') return refuse('block.invalid', { ...message.fault });
    const { meter, register } = toldOf(message);
    if (meter !== record.thing) return refuse('block.foreign', { meter });
    const known = this.#meters.kept(meter);
    const headEnd = record.headEnd === true;
    const first = known === undefined ? undefined : judgeMessage(known, message, headEnd, record.arrivedAt);
    if (first !== undefined && first.keep !== 'nothing') return first;
    // What a kept meter refuses, the meter as it is now may take.
    const now = await this.#fresh(meter);
    if (now === 'unreadable') {
      outcomes[index] = failed;
      return undefined;
    }
    const judged = judgeMessage(now, message, headEnd, record.arrivedAt);
    if (judged.keep !== 'nothing') return judged;
    const detail = { meter, ...(register === undefined ? {} : { register }), code: judged.code };
    if (judged.reason !== 'meter.unknown' && judged.reason !== 'meter.not-installed') {
      return refuse(judged.reason, detail);
    }
    const waits = this.#refused(record, 'reference.unknown', { ...detail, code: judged.reason });
    const outcome = await this.#wait(waits, meter, now);
    outcomes[index] = outcome ?? stored;
    return outcome === undefined ? this.#judge(record, outcomes, index) : undefined;
  }

  /** Keeps events and register reads, some at a time: what fails is tried again, and holds up no other. */
  async #keepMessages(
    records: readonly ArrivedRecord[],
    messages: readonly (readonly [number, Exclude<Keepable, { keep: 'block' }>])[],
    outcomes: RecordOutcome[],
  ): Promise<void> {
    const keepAll = async (some: typeof messages, atOnce: number): Promise<void> => {
      const left = some.values();
      const work = async (): Promise<void> => {
        for (const [index, message] of left) {
          const record = records[index];
          if (record !== undefined) outcomes[index] = await this.#keepMessage(record, message);
        }
      };
      await Promise.all(Array.from({ length: Math.min(atOnce, some.length) }, work));
    };
    const isRead = ([, { keep }]: (typeof messages)[number]): boolean => keep === 'read';
    await keepAll(messages.filter(isRead), readsAtOnce);
    await keepAll(
      messages.filter((message) => !isRead(message)),
      eventsAtOnce,
    );
  }

  async #keepMessage(record: ArrivedRecord, message: Exclude<Keepable, { keep: 'block' }>): Promise<RecordOutcome> {
    try {
      const kept = await keepMessage(this.#parts, message, record.sequenceNumber);
      if (kept === 'stored') return stored;
      if (kept === 'failed') return failed;
      if (kept !== 'conflict') return { kind: kept.elsewhere, entry: kept.entry };
      return this.#quarantine(this.#refused(record, 'block.conflict', { meter: record.thing }));
    } catch (error) {
      this.#parts.metrics.count('readings.message-failed', { error: causeName(error) });
      return failed;
    }
  }

  async #fresh(meter: string): Promise<MeterItem | undefined | 'unreadable'> {
    try {
      return await this.#meters.fresh(meter);
    } catch (error) {
      this.#parts.metrics.count('readings.meter-unreadable', { error: causeName(error) });
      return 'unreadable';
    }
  }

  /** Lets a block wait while its meter is as it was read; undefined where the meter changed meanwhile: judge again. */
  async #wait(refused: Refused, meter: string, asRead: MeterItem | undefined): Promise<RecordOutcome | undefined> {
    const { profile, sealer } = this.#parts;
    const entry = quarantineIdOf(refused.source, refused.reason, refused.raw);
    try {
      const { write } = await waitingWrite(sealer, refused, meterAwaited(meter));
      const still =
        asRead === undefined ? { kind: 'absent' as const } : { kind: 'version' as const, is: asRead.version };
      await profile.commit([write, { check: meterKey(meter), when: still }]);
      return { kind: 'waiting', entry };
    } catch (error) {
      if (error instanceof ConditionFailed) return error.failed.includes(1) ? undefined : { kind: 'waiting', entry };
      this.#parts.metrics.count('readings.quarantine-failed', { error: causeName(error) });
      return failed;
    }
  }

  #receipt(record: ArrivedRecord | undefined): number {
    return record === undefined ? this.#parts.clock.now() : Math.round(record.arrivedAt * 1000);
  }

  #refused(record: ArrivedRecord, reason: QuarantineReason, detail: Readonly<Record<string, string>>): Refused {
    const source = record.headEnd === true ? headEndKey(record.thing) : record.thing;
    return { kind: 'block', reason, source, receivedAt: this.#receipt(record), raw: record.data, detail };
  }

  /** Keeps a refusal; where that fails, the record is tried again. */
  async #quarantine(refused: Refused): Promise<RecordOutcome> {
    this.#parts.metrics.count('readings.refused', { reason: refused.reason });
    try {
      const entry = await quarantine(this.#parts.profile, this.#parts.sealer, refused);
      return { kind: 'quarantined', entry };
    } catch (error) {
      this.#parts.metrics.count('readings.quarantine-failed', { error: causeName(error) });
      return failed;
    }
  }

  #count(outcomes: readonly RecordOutcome[]): void {
    const counts = new Map<RecordOutcome['kind'], number>();
    for (const { kind } of outcomes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const [outcome, count] of counts) this.#parts.metrics.count('readings.records', { outcome }, count);
  }
}
