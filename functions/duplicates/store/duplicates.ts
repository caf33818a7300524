import * as z from 'zod';
import type { Band } from '#functions/duplicates/rules/vetoes.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { duplicateKey, duplicateOfKey, queuePartition, queueShardOf, queueShards } from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';

/** Two records that may be one customer, as the question is kept: levels and weights, never what the records say. */
const Duplicate = z.object({
  id: z.string(),
  /** Ids of the two records, in the order of the alphabet. */
  first: z.string(),
  second: z.string(),
  status: z.enum(['open', 'same', 'different', 'withdrawn']),
  /** Counts the writes of this item. */
  version: z.int().min(1),
  band: z.enum(['auto', 'steward', 'separate']),
  bits: z.number(),
  probability: z.number(),
  before: z.number(),
  /** Name of the evidence, level, weight in bits. */
  comparisons: z.array(z.tuple([z.string(), z.int(), z.number()])),
  vetoes: z.array(z.string()),
  /** Systems that say themselves that the two are one. */
  claimedBy: z.array(z.string()).default([]),
  /** Versions of the two records when they were compared. */
  versions: z.tuple([z.int(), z.int()]),
  foundAt: z.string(),
});
export type Duplicate = z.infer<typeof Duplicate>;

/** Id of the question whether two records are one customer: the same from either side. */
export const duplicateIdOf = (first: string, second: string): string =>
  mintedId('duplicate', first < second ? `${first} ${second}` : `${second} ${first}`);

/** Bits as text of one width that sorts as they do. */
const sortable = (bits: number): string => (bits + 1000).toFixed(3).padStart(9, '0');
const queueOf = (band: Band): string => `duplicates-${band}`;
const queueSortOf = ({ bits, id }: Pick<Duplicate, 'bits' | 'id'>): string => `${sortable(bits)}#${id}`;

const parsed = (item: Item): Duplicate => Duplicate.parse(item);

/** A question by its id; undefined where there is none. */
export const readDuplicate = async (profile: Table, id: string): Promise<Duplicate | undefined> => {
  const item = await profile.get(duplicateKey(id), { consistent: true });
  return item === undefined ? undefined : parsed(item);
};

/** The two records of a question; undefined where there is no such question. */
export const customersOfDuplicate = async (profile: Table, id: string): Promise<readonly string[] | undefined> => {
  const duplicate = await readDuplicate(profile, id);
  return duplicate === undefined ? undefined : [duplicate.first, duplicate.second];
};

/**
 * Writes that bring a question from one state to the next, for one commit. It is in the queue, and each record leads to the other,
 * as long as it is open. The commit fails where somebody else has written it since it was read.
 */
export const duplicateWrites = (before: Duplicate | undefined, after: Omit<Duplicate, 'version'>): readonly Write[] => {
  const { id, first, second, status, band } = after;
  const version = (before?.version ?? 0) + 1;
  const open = status === 'open';
  const queued = open ? { queue: queuePartition(queueOf(band), queueShardOf(id)), queueSort: queueSortOf(after) } : {};
  const item: Item = { ...duplicateKey(id), ...after, version, ...queued };
  const ways = [duplicateOfKey(first, second), duplicateOfKey(second, first)];
  return [
    { put: item, when: before === undefined ? { kind: 'absent' } : { kind: 'version', is: before.version } },
    ...(open === (before?.status === 'open')
      ? []
      : ways.map((way): Write => (open ? { put: { ...way } } : { remove: way }))),
  ];
};

export interface DuplicatePage {
  readonly duplicates: readonly Duplicate[];
  readonly next: string | undefined;
}

/** Open questions of some bands, the likeliest first; `next` continues behind the last one. */
export const listDuplicates = async (
  profile: Table,
  options: { readonly bands: readonly Band[]; readonly limit: number; readonly after?: string | undefined },
): Promise<DuplicatePage> => {
  const { bands, limit, after } = options;
  // A page starts with the entry it goes on behind, where that one is still open.
  const upTo = after === undefined ? { limit: limit + 1 } : { to: after, limit: limit + 2 };
  const pages = await Promise.all(
    bands.flatMap((band) =>
      Array.from({ length: queueShards }, (_, shard) =>
        profile.query({ pk: queuePartition(queueOf(band), shard), index: 'queue', descending: true, ...upTo }),
      ),
    ),
  );
  const found = pages
    .flatMap(({ items }) => items.map(parsed))
    .map((duplicate) => ({ duplicate, sort: queueSortOf(duplicate) }))
    .filter(({ sort }) => after === undefined || sort < after)
    .sort((a, b) => (a.sort < b.sort ? 1 : -1));
  const shown = found.slice(0, limit);
  // The index may lag behind a decision: what is shown is read as it stands.
  const current = await Promise.all(shown.map(({ duplicate }) => readDuplicate(profile, duplicate.id)));
  return {
    duplicates: current.filter((one) => one?.status === 'open' && bands.includes(one.band)).flatMap((one) => one ?? []),
    next: found.length > limit ? shown.at(-1)?.sort : undefined,
  };
};
