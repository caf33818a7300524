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

/** Ids of meters to be looked at by an instant, those due longest first in each part; the index may be a moment behind. */
export async function* metersToLookAt(profile: Table, at: string): AsyncGenerator<string> {
  for (let shard = 0; shard < queueShards; shard += 1) {
    let cursor: string | undefined;
    do {
      const page = await profile.query({
        pk: queuePartition(watchQueue, shard),
        index: 'queue',
        to: `${at}~`,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const item of page.items) yield textOf(item, 'meter');
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
