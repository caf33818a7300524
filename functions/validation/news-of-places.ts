import type { Range } from '#shared/domain/metering/ranges.ts';
import { judgedMonthOf } from '#shared/store/judged-months.ts';
import type { RegisterPlace } from '#shared/store/judged-registers.ts';
import { longestOutage, type PlaceEvent, placeEventOf } from '#shared/store/place-events.ts';
import type { Change, Item } from '#shared/store/table.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { isSilent } from './around-days.ts';
import type { GroundReader } from './register-ground.ts';

/** A register and instants on days of its that are to be judged again. */
export interface PlaceNews {
  readonly place: RegisterPlace;
  readonly instants: readonly number[];
}

/** Two instants for each 24 hours, so that none of the days is passed over. */
const step = 43_200;

const rangeOf = (event: PlaceEvent): Range => ({
  from: event.from,
  to: event.is === 'outage' && event.to !== null ? Math.min(event.to, event.from + longestOutage) : event.from,
});

const instantsOf = ({ from, to }: Range): readonly number[] => [
  ...Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step),
  to,
];

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
            instants: dates.flatMap((date) => [startOfDate(zone, date), startOfDate(zone, addDays(date, 1)) - 1]),
          },
        ],
  );
};

/**
 * What a change of the readings table says of other registers than the one it is of: what happened at a premise speaks of its
 * meters, at most 62 days; a register without readings of a day speaks of the others of its meter.
 */
export const newsOfPlaces = async (grounds: GroundReader, change: Change): Promise<readonly PlaceNews[]> => {
  const told = [change.before, change.after].flatMap((item) => (item === undefined ? [] : (placeEventOf(item) ?? [])));
  const [first] = told;
  if (first === undefined) return newsOfSiblings(grounds, change);
  const ranges = told.map(({ event }) => rangeOf(event));
  const range = { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) };
  const meters = new Set<string>();
  for (const { premise, event } of told) {
    if (event.is === 'told') meters.add(event.meter);
    if (event.is !== 'outage') continue;
    for (const meter of await grounds.metersAt(premise, event.commodity, { from: range.from, to: range.to + 1 })) {
      meters.add(meter);
    }
  }
  const news: PlaceNews[] = [];
  for (const meter of meters) {
    for (const { id } of await grounds.registersOf(meter)) {
      news.push({ place: { meter, register: id }, instants: instantsOf(range) });
    }
  }
  return news;
};
