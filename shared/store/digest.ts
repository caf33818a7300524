import { createHash, type Hash } from 'node:crypto';
import { mergeBlocks, type RankedBlock } from '#shared/domain/metering/merge.ts';
import { codesFromMarks } from '#shared/domain/metering/runs.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { readFact } from './items.ts';
import { readingsSeriesOf, subjectOfPartition } from './keys.ts';
import { blockOf } from './readings.ts';
import type { Sealer } from './seal.ts';
import { unsealFact } from './subjects.ts';
import type { Item } from './table.ts';

/** SHA-256 over the logical content of a table: the same for any order of writing and any time of receipt. */
export interface Digest {
  readonly sha256: string;
  /** Items (profile) or intervals (readings) that went in. */
  readonly items: number;
}

const finish = (hash: Hash, items: number): Digest => ({ sha256: hash.digest('hex'), items });

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

/** Facts without time of receipt, correlation and cipher; STATE; VIEW and WAS without the counter of usage items. */
const profileContent = async (sealer: Sealer, item: Item): Promise<unknown> => {
  if (subjectOfPartition(item.pk) === undefined) return undefined;
  if (item.sk.startsWith('FACT#')) return factContent(sealer, item);
  if (!/^(STATE|VIEW|WAS)#/.test(item.sk)) return undefined;
  const { pk: _pk, sk: _sk, n: _counter, ...content } = item;
  return plain(content);
};

/** Digest of the profile table; `items` come in the order of their keys. */
export const digestProfile = async (items: AsyncIterable<Item>, sealer: Sealer): Promise<Digest> => {
  const hash = createHash('sha256');
  let count = 0;
  for await (const item of items) {
    const content = await profileContent(sealer, item);
    if (content === undefined) continue;
    hash.update(canonicalJson([item.pk, item.sk, content])).update('\n');
    count += 1;
  }
  return finish(hash, count);
};

const addSeries = (hash: Hash, pk: string, blocks: readonly RankedBlock[]): number => {
  const series = readingsSeriesOf(pk);
  if (series === undefined) return 0;
  let count = 0;
  for (const run of mergeBlocks(blocks)) {
    const codes = codesFromMarks(run.quality ?? [], run.values.length);
    run.values.forEach((value, index) => {
      const code = codes[index] ?? quality.valid;
      if (value === null) return;
      hash.update(`${series.meter} ${series.register} ${run.start + run.interval * index} ${value} ${code}\n`);
      count += 1;
    });
  }
  return count;
};

/** Digest of the readings table: meter, register, instant, value and quality as merged. */
export const digestReadings = async (items: AsyncIterable<Item>): Promise<Digest> => {
  const hash = createHash('sha256');
  let count = 0;
  let pk: string | undefined;
  let blocks: RankedBlock[] = [];
  for await (const item of items) {
    if (item.pk !== pk) {
      if (pk !== undefined) count += addSeries(hash, pk, blocks);
      pk = item.pk;
      blocks = [];
    }
    blocks.push(blockOf(item));
  }
  if (pk !== undefined) count += addSeries(hash, pk, blocks);
  return finish(hash, count);
};
