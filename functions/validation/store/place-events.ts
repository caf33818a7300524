import * as z from 'zod';
import { readAll } from '#shared/profile/store/subjects.ts';
import {
  changedTimeKey,
  changedTimePrefix,
  placeEventKey,
  placeEventsPartition,
  placeEventsRange,
  placeOfEvents,
} from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { Commodity, MeterEventKind } from '#shared/vocabulary/statuses.ts';

const from = z.int();
/**
 * What is known of something that happened at a premise, Unix seconds: an outage (`to` is null while it lasts), what a meter told, or
 * that it did not happen.
 */
const PlaceEvent = z.union([
  z.object({ is: z.literal('outage'), from, to: z.int().nullable(), commodity: Commodity }),
  z.object({ is: z.literal('told'), from, meter: z.string(), kind: MeterEventKind, value: z.int().nullable() }),
  z.object({ is: z.literal('retracted'), from }),
]);
export type PlaceEvent = z.infer<typeof PlaceEvent>;
/** Times of a meter of which something else is known now; an end of null is open. */
const ChangedTime = z.object({
  ranges: z.array(z.tuple([z.int(), z.int().nullable()])),
  /** Local months of its service point in which others take service than was said. */
  months: z.array(z.string()).optional(),
});
const Version = z.object({ version: z.int().min(1) });

/** How long before a time an outage may have begun that is looked for, in seconds. */
export const longestOutage = 62 * 86_400;

/** Reads an item of what happened at a premise, e.g. from the table's feed; undefined where it is none. */
export const placeEventOf = (item: Item): { readonly premise: string; readonly event: PlaceEvent } | undefined => {
  const premise = placeOfEvents(item.pk);
  const isEvent = premise !== undefined && !item.sk.startsWith(changedTimePrefix);
  return isEvent ? { premise, event: PlaceEvent.parse(item) } : undefined;
};

/** The item that says that something else is known of times of a meter now; `told` names the news, so that each is a change. */
export const changedTimeItem = (
  premise: string,
  meter: string,
  { ranges, months }: { readonly ranges: readonly Range[]; readonly months: readonly string[] },
  told: string,
): Item => ({
  ...changedTimeKey(premise, meter),
  told,
  ...(months.length === 0 ? {} : { months: [...months] }),
  ranges: ranges.map(({ from: begin, to }) => [begin, to === Number.POSITIVE_INFINITY ? null : to]),
});

/** Reads such an item, e.g. from the table's feed; undefined where it is none. */
export const changedTimeOf = (
  item: Item,
): { readonly meter: string; readonly ranges: readonly Range[]; readonly months: readonly string[] } | undefined => {
  if (placeOfEvents(item.pk) === undefined || !item.sk.startsWith(changedTimePrefix)) return undefined;
  const { ranges, months = [] } = ChangedTime.parse(item);
  return {
    months,
    meter: item.sk.slice(changedTimePrefix.length),
    ranges: ranges.map(([begin, to]) => ({ from: begin, to: to ?? Number.POSITIVE_INFINITY })),
  };
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
    put: { ...key, ...event, version: version + 1 },
    when: version === 0 ? { kind: 'absent' } : { kind: 'version', is: version },
    mayRepeat: true,
  };
};
