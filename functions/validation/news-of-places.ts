import { placeOfEvents } from '#shared/table/keys.ts';
import type { Change, Item } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { isSilent } from './around-days.ts';
import type { GroundReader } from './register-ground.ts';
import { judgedMonthOf } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { changedTimeOf, longestOutage, type PlaceEvent, placeEventOf } from './store/place-events.ts';

/** A register and times of it, Unix seconds, of which something else is known now. */
export interface PlaceNews {
  readonly place: RegisterPlace;
  readonly ranges: readonly Range[];
}

const rangeOf = (event: PlaceEvent): Range => ({
  from: event.from,
  to: event.is === 'outage' && event.to !== null ? Math.min(event.to, event.from + longestOutage) : event.from + 1,
});

/** Dates on which a register has nothing, by a month of its judged days. */
const silentDates = (item: Item | undefined): ReadonlySet<string> =>
  new Set(
    item === undefined
      ? []
      : judgedMonthOf(item)
          ?.digests.filter(isSilent)
          .map(({ date }) => date),
  );

/** A register fell silent on days, or no longer: the others of its meter are told of. */
const newsOfSiblings = async (grounds: GroundReader, { before, after }: Change): Promise<readonly PlaceNews[]> => {
  const place = after === undefined ? undefined : judgedMonthOf(after);
  if (place === undefined) return [];
  const [was, is] = [silentDates(before), silentDates(after)];
  const dates = [...new Set([...was, ...is])].filter((date) => was.has(date) !== is.has(date));
  if (dates.length === 0) return [];
  const registers = await grounds.registersOf(place.meter);
  return registers.flatMap(({ id, zone }) =>
    id === place.register
      ? []
      : [
          {
            place: { meter: place.meter, register: id },
            ranges: dates.map((date) => ({ from: startOfDate(zone, date), to: startOfDate(zone, addDays(date, 1)) })),
          },
        ],
  );
};

const newsOfMeter = async (
  grounds: GroundReader,
  meter: string,
  ranges: readonly Range[],
): Promise<readonly PlaceNews[]> =>
  (await grounds.registersOf(meter)).map(({ id }) => ({ place: { meter, register: id }, ranges }));

/** What happened at a premise speaks of the meters there, or of the one that told it. */
const newsOfEvent = async (grounds: GroundReader, item: Item): Promise<readonly PlaceNews[]> => {
  const told = placeEventOf(item);
  if (told === undefined || told.event.is === 'retracted') return [];
  const { premise, event } = told;
  const range = rangeOf(event);
  const meters = event.is === 'told' ? [event.meter] : await grounds.metersAt(premise, event.commodity, range);
  return (await Promise.all(meters.map((meter) => newsOfMeter(grounds, meter, [range])))).flat();
};

/**
 * What a change of the readings table says of registers otherwise than by readings: what happened at a premise, at most 62 days of
 * it; what else is known of a meter; a register without readings of a day, which speaks of the others of its meter.
 */
export const newsOfPlaces = async (grounds: GroundReader, change: Change): Promise<readonly PlaceNews[]> => {
  const changed = change.after === undefined ? undefined : changedTimeOf(change.after);
  if (changed !== undefined)
    return changed.ranges.length === 0 ? [] : newsOfMeter(grounds, changed.meter, changed.ranges);
  if (placeOfEvents(change.key.pk) === undefined) return newsOfSiblings(grounds, change);
  const items = [change.before, change.after].flatMap((item) => item ?? []);
  return (await Promise.all(items.map((item) => newsOfEvent(grounds, item)))).flat();
};
