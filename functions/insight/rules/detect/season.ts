import { medianIn, medianOf } from '#functions/insight/rules/robust.ts';

/** Values of one local day by slot; null where there is none. */
export interface DayValues {
  /** Days since 1970-01-01 of the local date. */
  readonly day: number;
  readonly values: readonly (number | null)[];
}

/**
 * Predictions of a day, coarse to fine: the median of 14 days, the slot's median of 28 days, that of weekdays or weekends, that
 * of this weekday over 8 weeks. Where a finer one has too few values it is the coarser one.
 */
const candidates = ['overall', 'slot', 'dayType', 'weekday'] as const;
export type Candidate = (typeof candidates)[number];

export const historyDays = 56;
const overallDays = 14;
export const slotDays = 28;
const leastOfWeekday = 3;
/** A finer candidate must be better by this much. */
const finerWinsBy = 0.03;
const errorMemory = 0.9;

/** 0 is Sunday. */
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;
const isWeekend = (day: number): boolean => weekdayOf(day) % 6 === 0;

type Profile = readonly number[];

/** The median of each slot over some days, the slots beside it pooled where asked; the coarser one where there are too few values. */
const profileOf = (
  days: readonly DayValues[],
  { slots, pooled, least }: { slots: number; pooled: boolean; least: number },
  coarser: Profile,
): Profile => {
  const reach = pooled ? 1 : 0;
  const found = new Float64Array(days.length * (2 * reach + 1));
  return Array.from({ length: slots }, (_, slot) => {
    let count = 0;
    for (const { values } of days) {
      for (let beside = slot - reach; beside <= slot + reach; beside += 1) {
        const value = values[(beside + slots) % slots] ?? null;
        if (value === null) continue;
        found[count] = value;
        count += 1;
      }
    }
    return count >= least ? medianIn(found.subarray(0, count)) : (coarser[slot] ?? 0);
  });
};

/** Slots of a day of 24 hours. */
export const slotsOf = (step: number): number => Math.ceil(86_400 / step);

/** Whether the slots beside one are pooled with it: they are where a slot is short. */
export const isPooled = (step: number): boolean => step <= 600;

/** What each candidate predicts for the slots of a day, from the days before it. */
export const predictDay = (
  history: readonly DayValues[],
  day: number,
  step: number,
): Readonly<Record<Candidate, Profile>> => {
  const slots = slotsOf(step);
  const pooled = isPooled(step);
  const since = (days: number): readonly DayValues[] => history.filter((one) => one.day >= day - days);
  const middle = medianOf(since(overallDays).flatMap(({ values }) => values.filter((value) => value !== null)));
  const overall = new Array<number>(slots).fill(middle);
  const slot = profileOf(since(slotDays), { slots, pooled, least: 1 }, overall);
  const dayType = profileOf(
    since(slotDays).filter((one) => isWeekend(one.day) === isWeekend(day)),
    { slots, pooled, least: 1 },
    slot,
  );
  const weekday = profileOf(
    since(historyDays).filter((one) => weekdayOf(one.day) === weekdayOf(day)),
    { slots, pooled, least: leastOfWeekday * (pooled ? 3 : 1) },
    dayType,
  );
  return { overall, slot, dayType, weekday };
};

/** Absolute error of each candidate, in the order of `candidates`; null before the first day that could be judged. */
export type CandidateErrors = readonly number[] | null;

/** Errors after one more day, which none of the candidates had seen. */
export const afterDay = (
  errors: CandidateErrors,
  predicted: Readonly<Record<Candidate, Profile>>,
  values: DayValues['values'],
): CandidateErrors => {
  const present = values.flatMap((value, slot) => (value === null ? [] : [{ value, slot }]));
  if (present.length === 0) return errors;
  return candidates.map((name, place) => {
    const profile = predicted[name];
    const error =
      present.reduce((sum, { value, slot }) => sum + Math.abs(value - (profile[slot] ?? 0)), 0) / present.length;
    const before = errors?.[place];
    return before === undefined ? error : errorMemory * before + (1 - errorMemory) * error;
  });
};

/** The candidate that has erred least so far; a finer one only where it is clearly better. */
export const chosenOf = (errors: CandidateErrors): Candidate => {
  let [best, least] = [0, errors?.[0] ?? 0];
  for (let place = 1; place < candidates.length && errors !== null; place += 1) {
    const error = errors[place] ?? Number.POSITIVE_INFINITY;
    if (error < least * (1 - finerWinsBy)) [best, least] = [place, error];
  }
  return candidates[best] ?? 'overall';
};
