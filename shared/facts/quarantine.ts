import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { quarantineIdOf } from '#shared/runtime/identify.ts';
import {
  quarantineKey,
  queuePartition,
  queueShardOf,
  queueShards,
  waitingKey,
  waitingPartition,
} from '#shared/table/keys.ts';
import {
  ConditionFailed,
  type Item,
  mayPass,
  type Page,
  type Query,
  type Table,
  type Write,
} from '#shared/table/table.ts';
import { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import type { Sealer } from './seal.ts';

/** Something that could not be kept as it came: a fact, a block of readings or rows of a file, with why, whence and when. */
export interface Refused {
  readonly kind: 'fact' | 'block' | 'rows';
  readonly reason: QuarantineReason;
  /** Sending system, or the thing of a meter. */
  readonly source: string;
  /** Verified actor of a fact. */
  readonly actor?: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The bytes as they came; sealed under the key of the month. */
  readonly raw: Uint8Array;
  /** Ids and codes that help people; never personal values. */
  readonly detail?: Readonly<Record<string, string>>;
}

/** What an entry waits for: a reference, a HEAD, a fact id or a meter. */
export interface AwaitedThing {
  readonly kind: string;
  readonly namespace: string;
  readonly value: string;
}

/** An entry as it is kept; `raw` is opened apart. */
const Entry = z.object({
  id: z.string(),
  kind: z.enum(['fact', 'block', 'rows']),
  reason: QuarantineReason,
  source: z.string(),
  actor: z.string().optional(),
  receivedAt: z.string(),
  owner: z.string(),
  sealed: z.instanceof(Uint8Array),
  detail: z.record(z.string(), z.string()).default({}),
});
export type QuarantineEntry = z.infer<typeof Entry> & { readonly key: { readonly pk: string; readonly sk: string } };

/** Queues of entries that people or the system must look at. */
export const quarantineQueue = 'quarantine';
export const waitingQueue = 'waiting';

const contextOf = (entry: string): string => `quarantine#${entry}`;

const contentOf = async (
  sealer: Sealer,
  refused: Refused,
  queue: string,
): Promise<Omit<Item, 'pk' | 'sk'> & { readonly id: string }> => {
  const id = quarantineIdOf(refused.source, refused.reason, refused.raw);
  const receivedAt = new Date(refused.receivedAt).toISOString();
  const owner = sealer.quarantineOwner(refused.receivedAt);
  const sealed = await sealer.seal(owner, contextOf(id), Buffer.from(refused.raw).toString('base64'));
  return {
    id,
    kind: refused.kind,
    reason: refused.reason,
    source: refused.source,
    receivedAt,
    owner,
    sealed,
    queue: queuePartition(queue, queueShardOf(id)),
    queueSort: `${receivedAt}#${id}`,
    ...(refused.actor === undefined ? {} : { actor: refused.actor }),
    ...(refused.detail === undefined ? {} : { detail: refused.detail }),
  };
};

/** The write that keeps an entry, put if absent, to go with others in one commit. */
export const quarantineWrite = async (
  sealer: Sealer,
  refused: Refused,
): Promise<{ readonly id: string; readonly write: Write }> => {
  const content = await contentOf(sealer, refused, quarantineQueue);
  return { id: content.id, write: { put: { ...quarantineKey(content.id), ...content }, when: { kind: 'absent' } } };
};

/** The write that lets an entry wait for a thing; to go with the condition "still not there" in one commit. */
export const waitingWrite = async (
  sealer: Sealer,
  refused: Refused,
  awaited: AwaitedThing,
): Promise<{ readonly id: string; readonly write: Write }> => {
  const content = await contentOf(sealer, refused, waitingQueue);
  const key = waitingKey(awaited.kind, awaited.namespace, awaited.value, content.id);
  return { id: content.id, write: { put: { ...key, ...content }, when: { kind: 'absent' } } };
};

/** How often an entry is put again where the table is busy or silent, before the failure is told. */
const mostTries = 6;

/** Keeps an entry; the same bytes for the same reason stay the entry they are. */
export const quarantine = async (profile: Table, sealer: Sealer, refused: Refused): Promise<string> => {
  const { id, write } = await quarantineWrite(sealer, refused);
  for (let tried = 1; ; tried += 1) {
    try {
      await profile.commit([write]);
      return id;
    } catch (error) {
      // It is there: put before, or by the try whose answer was lost.
      if (error instanceof ConditionFailed) return id;
      if (tried >= mostTries || !mayPass(error)) throw error;
      await sleep(Math.random() * Math.min(200, 10 * 2 ** tried));
    }
  }
};

const entryFrom = (item: Item): QuarantineEntry => ({ ...Entry.parse(item), key: { pk: item.pk, sk: item.sk } });

/** An entry by its id; undefined where there is none. */
export const readQuarantine = async (profile: Table, id: string): Promise<QuarantineEntry | undefined> => {
  const item = await profile.get(quarantineKey(id), { consistent: true });
  return item === undefined ? undefined : entryFrom(item);
};

/** The bytes as they came; undefined where the month's key is gone. */
export const openQuarantined = async (sealer: Sealer, entry: QuarantineEntry): Promise<Uint8Array | undefined> => {
  const opened = await sealer.open(entry.owner, contextOf(entry.id), entry.sealed);
  if (opened === 'erased') return undefined;
  if (typeof opened.value !== 'string') throw new TypeError('a quarantine entry holds no bytes');
  return new Uint8Array(Buffer.from(opened.value, 'base64'));
};

/** Takes an entry out: it was placed, or people discarded it. */
export const removeEntry = (profile: Table, entry: QuarantineEntry): Promise<void> =>
  profile.commit([{ remove: entry.key }]);

/** Entries of a queue, oldest first; `next` continues behind the last one. */
export interface QuarantinePage {
  readonly entries: readonly QuarantineEntry[];
  readonly next: string | undefined;
}

const sortOf = (item: Item): string => String(item.queueSort);

/** The first entries of one shard, and whether there are more; at least one where there are any. */
const firstOfShard = async (profile: Table, query: Query): Promise<Page> => {
  let page = await profile.query(query);
  while (page.items.length === 0 && page.cursor !== undefined)
    page = await profile.query({ ...query, cursor: page.cursor });
  return page;
};

/**
 * Lists what is in quarantine, or what waits, oldest first. A page may hold fewer than `limit` though more follow: where one shard
 * was cut short (DynamoDB answers 1 MB at most), what the others hold behind that place waits for the next page.
 */
export const listQuarantine = async (
  profile: Table,
  options: { readonly limit: number; readonly after?: string | undefined; readonly queue?: string },
): Promise<QuarantinePage> => {
  // Sort keys have one width, so anything behind the last one sorts before the next.
  const from = options.after === undefined ? {} : { from: `${options.after}~` };
  const pages = await Promise.all(
    Array.from({ length: queueShards }, (_, shard) =>
      firstOfShard(profile, {
        pk: queuePartition(options.queue ?? quarantineQueue, shard),
        index: 'queue',
        limit: options.limit,
        ...from,
      }),
    ),
  );
  const cuts = pages.flatMap(({ items, cursor }) => (cursor === undefined ? [] : items.slice(-1).map(sortOf)));
  const known = pages
    .flatMap((page) => page.items)
    .sort((left, right) => (sortOf(left) < sortOf(right) ? -1 : 1))
    .filter((item) => cuts.every((cut) => sortOf(item) <= cut));
  const items = known.slice(0, options.limit);
  const last = items.at(-1);
  const complete = cuts.length === 0 && known.length <= options.limit;
  return { entries: items.map(entryFrom), next: last === undefined || complete ? undefined : sortOf(last) };
};

/** All that waits for a thing, in the order of their ids. */
export async function* waitingFor(profile: Table, awaited: AwaitedThing): AsyncGenerator<QuarantineEntry> {
  let cursor: string | undefined;
  do {
    const page = await profile.query({
      pk: waitingPartition(awaited.kind, awaited.namespace, awaited.value),
      consistent: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const item of page.items) yield entryFrom(item);
    cursor = page.cursor;
  } while (cursor !== undefined);
}
