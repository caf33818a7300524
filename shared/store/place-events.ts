import * as z from 'zod';
import { Commodity, MeterEventKind } from '#shared/vocabulary/statuses.ts';
import { placeEventKey, placeEventsPartition, placeEventsRange, placeOfEvents } from './keys.ts';
import { readAll } from './subjects.ts';
import type { Item, Table, Write } from './table.ts';

const from = z.int().describe('Unix seconds.');
/** What is known of something that happened at a premise: an outage (`to` is null while it lasts), what a meter told, or that it did not. */
const PlaceEvent = z.discriminatedUnion('is', [
  z.object({ is: z.literal('outage'), from, to: z.int().nullable(), commodity: Commodity }),
  z.object({ is: z.literal('told'), from, meter: z.string(), kind: MeterEventKind, value: z.int().nullable() }),
  z.object({ is: z.literal('retracted'), from }),
]);
export type PlaceEvent = z.infer<typeof PlaceEvent>;
const Version = z.object({ version: z.int().min(1) });

/** How long before a time an outage may have begun that is looked for, in seconds. */
export const longestOutage = 62 * 86_400;

/** Reads an item of what happened at a premise, e.g. from the table's feed; undefined where it is none. */
export const placeEventOf = (item: Item): { readonly premise: string; readonly event: PlaceEvent } | undefined => {
  const premise = placeOfEvents(item.pk);
  return premise === undefined ? undefined : { premise, event: PlaceEvent.parse(item) };
};

/** What happened at a premise over [from, to), Unix seconds, but outages that began 62 days before it or earlier: one query. */
export const readPlaceEvents = async (
  readings: Table,
  premise: string,
  range: { readonly from: number; readonly to: number },
): Promise<readonly PlaceEvent[]> => {
  const within = placeEventsRange(range.from - longestOutage, range.to);
  const items = await readAll(readings, { pk: placeEventsPartition(premise), ...within, consistent: true });
  return items.map((item) => PlaceEvent.parse(item));
};

/** The write that lets an event stand at a premise as it is now; undefined where it does already. */
export const placeEventWrite = async (
  readings: Table,
  premise: string,
  id: string,
  event: PlaceEvent,
): Promise<Write | undefined> => {
  const key = placeEventKey(premise, event.from, id);
  const item = await readings.get(key, { consistent: true });
  if (item === undefined && event.is === 'retracted') return undefined;
  if (item !== undefined && JSON.stringify(PlaceEvent.parse(item)) === JSON.stringify(event)) return undefined;
  const version = item === undefined ? 0 : Version.parse(item).version;
  return {
    in: 'readings',
    put: { ...key, ...event, version: version + 1 },
    when: version === 0 ? { kind: 'absent' } : { kind: 'version', is: version },
  };
};
