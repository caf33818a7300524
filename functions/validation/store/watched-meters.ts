import { textOf } from '#shared/profile/store/items.ts';
import type { MeterItem } from '#shared/profile/store/meters.ts';
import { meterKey, queuePartition, queueShardOf, queueShards, watchedMeterKey } from '#shared/table/keys.ts';
import type { Table, Write } from '#shared/table/table.ts';

/** Meters of which something is to be heard, by the instant from which on they are to be looked at next. */
const watchQueue = 'watched-meters';

/** Has a meter looked at from an instant (stored form) on, whether anything comes from it. */
export const watchWrite = (meter: string, from: string): Write => ({
  put: {
    ...watchedMeterKey(meter),
    meter,
    queue: queuePartition(watchQueue, queueShardOf(meter)),
    queueSort: `${from}#${meter}`,
  },
  mayRepeat: true,
});

/** Nothing is to be heard of a meter any longer, as it is now: fails where it was changed, e.g. installed anew. */
export const unwatchWrites = ({ id, version }: Pick<MeterItem, 'id' | 'version'>): readonly Write[] => [
  { remove: watchedMeterKey(id) },
  { check: meterKey(id), when: { kind: 'version', is: version } },
];

/** A meter that is due, and its place in the queue. */
export interface DueMeter {
  readonly meter: string;
  readonly shard: number;
  readonly after: string;
}

/**
 * Meters to be looked at by an instant, those due longest first in each part, behind a place of the queue; the index may be a moment
 * behind.
 */
export async function* metersToLookAt(
  profile: Table,
  at: string,
  behind: Pick<DueMeter, 'shard' | 'after'> = { shard: 0, after: '' },
): AsyncGenerator<DueMeter> {
  for (let { shard } = behind; shard < queueShards; shard += 1) {
    let cursor: string | undefined;
    do {
      const page = await profile.query({
        pk: queuePartition(watchQueue, shard),
        index: 'queue',
        // What lies behind a place begins with it and more, or is greater.
        ...(shard === behind.shard && behind.after !== '' ? { from: `${behind.after}!` } : {}),
        to: `${at}~`,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const item of page.items) yield { meter: textOf(item, 'meter'), shard, after: textOf(item, 'queueSort') };
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
