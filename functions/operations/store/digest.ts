import { createHash } from 'node:crypto';
import { mergeBlocks, type RankedBlock } from '#functions/readings/rules/merge.ts';
import { codesFromMarks } from '#functions/readings/rules/runs.ts';
import { blockOf } from '#functions/readings/store/readings.ts';
import { readOfItem } from '#functions/readings/store/register-reads.ts';
import { ContentSum } from '#shared/facts/content-sum.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { readFact } from '#shared/profile/store/items.ts';
import { unsealFact } from '#shared/profile/store/subjects.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { readingsBlockOf, readingsSeriesOf, registerReadsOf, subjectOfPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { writeScanCursor } from '#shared/table/table-cursor.ts';
import { quality } from '#shared/vocabulary/measures.ts';

/** SHA-256 over the logical content of a table: the same for any order of writing and any time of receipt. */
export interface Digest {
  readonly sha256: string;
  /** Items (profile) or intervals (readings) that went in. */
  readonly items: number;
}

/** The digest that a sum comes to. */
export const digestOf = (sum: ContentSum): Digest => ({ sha256: sum.sha256(), items: sum.elements });

/** A value of an item as JSON has it; bytes as base64. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
};

const factContent = async (sealer: Sealer, item: Item): Promise<unknown> => {
  const stored = readFact(item);
  const { recordedAt: _recorded, correlationId: _correlation, ...fact } = await unsealFact(sealer, stored);
  return { ...fact, owner: stored.owner, retractedBy: stored.retractedBy };
};

/** Facts without time of receipt, correlation and cipher; STATE, VIEW and WAS without counters and what helps to fold on. */
const profileContent = async (sealer: Sealer, item: Item): Promise<unknown> => {
  if (subjectOfPartition(item.pk) === undefined) return undefined;
  if (item.sk.startsWith('FACT#')) return factContent(sealer, item);
  if (!/^(STATE|VIEW|WAS)#/.test(item.sk)) return undefined;
  const { pk: _pk, sk: _sk, n: _counter, o: _orders, ...content } = item;
  return plain(content);
};

/** Adds what an item of the profile table says. */
const addProfileItem = async (sum: ContentSum, sealer: Sealer, item: Item): Promise<void> => {
  const content = await profileContent(sealer, item);
  if (content !== undefined) sum.add(canonicalJson([item.pk, item.sk, content]));
};

/** Digest of the profile table; its items may come in any order. */
export const digestProfile = async (items: AsyncIterable<Item>, sealer: Sealer): Promise<Digest> => {
  const sum = new ContentSum();
  for await (const item of items) await addProfileItem(sum, sealer, item);
  return digestOf(sum);
};

/** Adds what the blocks of one register say, merged. */
const addSeries = (sum: ContentSum, pk: string, blocks: readonly RankedBlock[]): void => {
  const series = readingsSeriesOf(pk);
  if (series === undefined) return;
  const hash = createHash('sha256').update(`${series.meter} ${series.register}\n`);
  let count = 0;
  for (const run of mergeBlocks(blocks)) {
    const codes = codesFromMarks(run.quality ?? [], run.values.length);
    run.values.forEach((value, index) => {
      const code = codes[index] ?? quality.valid;
      if (value === null) return;
      hash.update(`${run.start + run.interval * index} ${value} ${code}\n`);
      count += 1;
    });
  }
  if (count > 0) sum.add(hash.digest('hex'), count);
};

/** Gathers the blocks of one register after the other; each partition must come whole, partitions in any order. */
class SeriesWalk {
  readonly #sum: ContentSum;
  #pk: string | undefined;
  #last: Item | undefined;
  #blocks: RankedBlock[] = [];
  /** The last item of those that are in the sum. */
  added: Item | undefined;

  constructor(sum: ContentSum) {
    this.#sum = sum;
  }

  take(item: Item): void {
    if (item.pk !== this.#pk) this.end();
    const reads = registerReadsOf(item.pk);
    if (reads !== undefined) {
      const { at, revision, value, quality: code } = readOfItem(item);
      this.#sum.add(`dial ${reads.meter} ${reads.register} ${at} ${revision} ${value} ${code}`);
      this.added = item;
      return;
    }
    if (readingsSeriesOf(item.pk) === undefined) {
      this.added = item;
      return;
    }
    this.#pk = item.pk;
    this.#last = item;
    if (readingsBlockOf(item.sk).kind !== 'estimate') this.#blocks.push(blockOf(item));
  }

  end(): void {
    if (this.#pk !== undefined) addSeries(this.#sum, this.#pk, this.#blocks);
    this.added = this.#last;
    this.#pk = undefined;
    this.#blocks = [];
  }
}

/**
 * Digest of the readings table: meter, register, instant, value and quality as merged, and what dials stood at. What follows from
 * them is left out: estimates and verdicts may depend on when a day was judged.
 */
export const digestReadings = async (items: AsyncIterable<Item>): Promise<Digest> => {
  const sum = new ContentSum();
  const walk = new SeriesWalk(sum);
  for await (const item of items) walk.take(item);
  walk.end();
  return digestOf(sum);
};

/** A digest under way: what is in it so far, and where the table goes on; without `after` all of it is in. */
export interface DigestSoFar {
  readonly sum: ContentSum;
  readonly after?: string;
}

/** How far to walk in one go: told after each page. */
type IsOver = () => boolean;

/** Goes on with the digest of the profile table until it is whole, or time is over. */
export const walkProfile = async (
  parts: { readonly profile: Table; readonly sealer: Sealer },
  from: DigestSoFar,
  isOver: IsOver,
): Promise<DigestSoFar> => {
  const { sum } = from;
  let { after } = from;
  do {
    const page = await parts.profile.scan({ consistent: true, ...(after === undefined ? {} : { cursor: after }) });
    for (const item of page.items) await addProfileItem(sum, parts.sealer, item);
    after = page.cursor;
  } while (after !== undefined && !isOver());
  return after === undefined ? { sum } : { sum, after };
};

/** Goes on with the digest of the readings table; stops between two registers alone. */
export const walkReadings = async (readings: Table, from: DigestSoFar, isOver: IsOver): Promise<DigestSoFar> => {
  const { sum } = from;
  const walk = new SeriesWalk(sum);
  let { after } = from;
  do {
    const page = await readings.scan({ consistent: true, ...(after === undefined ? {} : { cursor: after }) });
    for (const item of page.items) walk.take(item);
    after = page.cursor;
    if (after !== undefined && walk.added !== undefined && isOver()) return { sum, after: writeScanCursor(walk.added) };
  } while (after !== undefined);
  walk.end();
  return { sum };
};
