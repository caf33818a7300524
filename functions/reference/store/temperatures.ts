import { type HourlyTenths, packTenths, unpackTenths } from '#functions/reference/rules/hourly-temperatures.ts';
import { bytesOf, numberOf } from '#shared/profile/store/items.ts';
import { temperaturesKey, temperaturesPartition, weatherAreaKey, weatherAreasPartition } from '#shared/table/keys.ts';
import {
  type Condition,
  ConditionFailed,
  type Item,
  type Table,
  TransactionConflict,
  type Write,
} from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { addMonths, localMonthAt, startOfMonth } from '#shared/vocabulary/time.ts';

/** Temperatures of an area, one item for each month in UTC: about 0.8 kB. */

const hour = 3600;
const tries = 8;
const startOf = (month: string): number => startOfMonth('UTC', month);
const monthAt = (instant: number): string => localMonthAt('UTC', instant);
const hoursOf = (month: string): number => (startOf(addMonths(month, 1)) - startOf(month)) / hour;

const monthsOf = (from: number, to: number): readonly string[] => {
  const months: string[] = [];
  for (let month = monthAt(from); startOf(month) < to; month = addMonths(month, 1)) months.push(month);
  return months;
};

interface StoredMonth {
  readonly version: number;
  readonly tenths: readonly (number | null)[];
}

const readMonths = async (
  readings: Table,
  area: string,
  months: readonly string[],
  consistent: boolean,
): Promise<ReadonlyMap<string, StoredMonth>> => {
  const [first = '', last = ''] = [months[0], months.at(-1)];
  const { items } = await readings.query({
    pk: temperaturesPartition(area),
    from: temperaturesKey(area, first).sk,
    to: temperaturesKey(area, last).sk,
    consistent,
  });
  const bySort = new Map(items.map((item) => [item.sk, item]));
  return new Map(
    months.flatMap((month) => {
      const item = bySort.get(temperaturesKey(area, month).sk);
      if (item === undefined) return [];
      const stored = { version: numberOf(item, 'version'), tenths: unpackTenths(bytesOf(item, 'b'), hoursOf(month)) };
      return [[month, stored] as const];
    }),
  );
};

/** What is held of an area over [from, to), whole hours, Unix seconds; at most a page of the table, which is decades. One query. */
export const readTemperatures = async (
  readings: Table,
  area: string,
  { from, to }: { readonly from: number; readonly to: number },
  consistent = false,
): Promise<HourlyTenths> => {
  const months = monthsOf(from, to);
  const stored = await readMonths(readings, area, months, consistent);
  const tenths = months.flatMap(
    (month) => stored.get(month)?.tenths ?? Array.from({ length: hoursOf(month) }, () => null),
  );
  const skipped = (from - startOf(monthAt(from))) / hour;
  return { from, tenths: tenths.slice(skipped, skipped + (to - from) / hour) };
};

const changeOf = (
  area: string,
  month: string,
  before: StoredMonth | undefined,
  given: HourlyTenths,
): readonly { readonly put: Item; readonly when: Condition }[] => {
  const [start, hours] = [startOf(month), hoursOf(month)];
  const after = Array.from({ length: hours }, (_, at) => {
    const said = given.tenths[start / hour + at - given.from / hour];
    return said === undefined ? (before?.tenths[at] ?? null) : said;
  });
  if (after.every((one, at) => one === (before?.tenths[at] ?? null))) return [];
  const version = before?.version ?? 0;
  return [
    {
      put: { ...temperaturesKey(area, month), version: version + 1, b: packTenths(after) },
      when: version === 0 ? { kind: 'absent' } : { kind: 'version', is: version },
    },
  ];
};

/**
 * Puts hours of an area in place of what was held of the same hours; null takes one away. Nothing is written where all stand
 * already, and false is answered. Throws DomainError('unavailable', 'temperatures.busy') where others write them all the time.
 */
export const putTemperatures = async (
  readings: Table,
  area: string,
  given: HourlyTenths,
  beside: readonly Write[] = [],
): Promise<boolean> => {
  const months = monthsOf(given.from, given.from + given.tenths.length * hour);
  for (let tried = 0; tried < tries; tried += 1) {
    const stored = await readMonths(readings, area, months, true);
    const writes = months.flatMap((month) => changeOf(area, month, stored.get(month), given));
    if (writes.length === 0) return false;
    try {
      const [only] = writes;
      const alone = only !== undefined && writes.length === 1 && beside.length === 0;
      await readings.commit(alone ? [{ ...only, mayRepeat: true }] : [...writes, ...beside]);
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof TransactionConflict)) throw error;
    }
  }
  throw new DomainError(
    'unavailable',
    'temperatures.busy',
    'the temperatures of this area are being written by others',
    {
      retryAfterSeconds: 1,
    },
  );
};

/** An area in which homes are, and the last local date that one of them told its use of. */
export interface WeatherArea {
  readonly area: string;
  readonly on: string;
}

/** That a home of an area uses what the weather matters to, as an item to put. */
export const weatherAreaItem = ({ area, on }: WeatherArea): Item => ({ ...weatherAreaKey(area), on });

/** The areas in which homes are, in order of their texts, a page: one query. */
export const listWeatherAreas = async (
  readings: Table,
  limit: number,
  after: string | undefined,
): Promise<{ readonly areas: readonly WeatherArea[]; readonly next: string | null }> => {
  const { items, cursor } = await readings.query({
    pk: weatherAreasPartition,
    limit,
    ...(after === undefined ? {} : { cursor: after }),
  });
  const areas = items.map(({ sk, on }) => ({ area: sk, on: String(on) }));
  return { areas, next: cursor ?? null };
};
