import type { Dates } from '#functions/validation/rules/history-needed.ts';
import { numberOf, textsOf } from '#shared/profile/store/items.ts';
import { daysLeftKey, judgedOf } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Key, type Table, type Write } from '#shared/table/table.ts';
import { addDays, daysBetween } from '#shared/vocabulary/time.ts';
import type { RegisterPlace } from './judged-registers.ts';

/** Dates of a register that are to be judged still, ascending; `version` counts the item's writes, 0 where there is none. */
export interface DaysLeft {
  readonly version: number;
  readonly dates: readonly string[];
}

/** More stretches than this are kept as the one that holds them all: to judge a day again changes nothing. */
const mostStretches = 100;
const tries = 8;

const stretchesOf = (dates: readonly string[]): readonly Dates[] => {
  const stretches: { first: string; last: string }[] = [];
  for (const date of dates) {
    const current = stretches.at(-1);
    if (current !== undefined && addDays(current.last, 1) === date) current.last = date;
    else stretches.push({ first: date, last: date });
  }
  const [first, last] = [stretches[0]?.first, stretches.at(-1)?.last];
  return stretches.length <= mostStretches || first === undefined || last === undefined ? stretches : [{ first, last }];
};

const datesOf = ({ first, last }: Dates): readonly string[] =>
  Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => addDays(first, index));

const itemOf = ({ meter, register }: RegisterPlace, version: number, dates: readonly string[]): Item => ({
  ...daysLeftKey(meter, register),
  version,
  days: stretchesOf(dates).map(({ first, last }) => `${first}/${last}`),
});

/** The register whose days left a key is of; undefined where it is another key. */
export const daysLeftPlace = ({ pk, sk }: Key): RegisterPlace | undefined => {
  const place = judgedOf(pk);
  return place !== undefined && sk === daysLeftKey(place.meter, place.register).sk ? place : undefined;
};

/** The days of a register that are to be judged still, read consistently. */
export const readDaysLeft = async (readings: Table, { meter, register }: RegisterPlace): Promise<DaysLeft> => {
  const item = await readings.get(daysLeftKey(meter, register), { consistent: true });
  if (item === undefined) return { version: 0, dates: [] };
  const dates = textsOf(item, 'days').flatMap((stretch) => {
    const [first, last] = stretch.split('/');
    return first === undefined || last === undefined ? [] : datesOf({ first, last });
  });
  return { version: numberOf(item, 'version'), dates };
};

/** Writes that days are to be judged still, beside those that are so already. */
export const leaveDays = async (readings: Table, place: RegisterPlace, dates: readonly string[]): Promise<void> => {
  for (let tried = 1; ; tried += 1) {
    const before = await readDaysLeft(readings, place);
    const put = itemOf(place, before.version + 1, [...new Set([...before.dates, ...dates])].sort());
    try {
      return await readings.commit([{ put, when: unchanged(before), mayRepeat: true }]);
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tried >= tries) throw error;
    }
  }
};

const unchanged = ({ version }: DaysLeft) =>
  version === 0 ? ({ kind: 'absent' } as const) : ({ kind: 'version', is: version } as const);

/** Writes what is left of the days after some were judged. Where others added to them meanwhile, theirs stands, and is judged. */
export const keepDaysLeft = async (
  readings: Table,
  place: RegisterPlace,
  before: DaysLeft,
  dates: readonly string[],
): Promise<void> => {
  const write: Write =
    dates.length === 0
      ? { remove: daysLeftKey(place.meter, place.register), when: unchanged(before) }
      : { put: itemOf(place, before.version + 1, dates), when: unchanged(before), mayRepeat: true };
  try {
    await readings.commit([write]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
};
