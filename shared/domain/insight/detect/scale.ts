import { madAround, medianOf, normalConsistency } from '../robust.ts';
import { type DayValues, isPooled, slotDays, slotsOf } from './season.ts';

/** Smallest scale of a series whose values have no size of their own. */
const tiny = 1e-9;

/** Days that a scale is held to know too little for: after one day it is three times as wide, after four weeks hardly at all. */
const widening = 2;

/** How far values lie from their prediction as a rule. */
export interface Scale {
  /** Of each slot, never below `overall`. */
  readonly slots: readonly number[];
  /** Of the whole day. */
  readonly overall: number;
  /** Usual change from one reading to the next. */
  readonly change: number;
}

/** Larger of the median and half the mean of the changes between neighbours: 0 only for a constant series. */
const usualChange = (days: readonly DayValues[]): number => {
  const changes: number[] = [];
  for (const { values } of days) {
    for (let slot = 1; slot < values.length; slot += 1) {
      const [before, value] = [values[slot - 1] ?? null, values[slot] ?? null];
      if (before !== null && value !== null) changes.push(Math.abs(value - before));
    }
  }
  if (changes.length === 0) return 0;
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return Math.max(medianOf(changes), mean / 2);
};

/** Scales for a day from the days before it and the residuals that the chosen prediction leaves on them. */
export const scaleOf = (
  history: readonly DayValues[],
  residuals: readonly DayValues[],
  day: number,
  step: number,
): Scale => {
  const recent = history.filter((one) => one.day >= day - slotDays);
  const change = usualChange(recent);
  const values = recent.flatMap((one) => one.values.filter((value) => value !== null));
  const rests = residuals.flatMap((one) => one.values.filter((value) => value !== null));
  const overall = Math.max(
    normalConsistency * madAround(rests, medianOf(rests)),
    0.02 * Math.abs(medianOf(values)),
    0.25 * change,
    tiny,
  );
  const wider = 1 + widening / Math.max(1, recent.length);
  const slots = slotsOf(step);
  const reach = isPooled(step) ? 1 : 0;
  const bySlot = Array.from({ length: slots }, (_, slot) => {
    const around: number[] = [];
    for (const { values: rest } of residuals) {
      for (let beside = slot - reach; beside <= slot + reach; beside += 1) {
        const value = rest[(beside + slots) % slots] ?? null;
        if (value !== null) around.push(value);
      }
    }
    return wider * Math.max(overall, around.length < 3 ? 0 : normalConsistency * madAround(around, medianOf(around)));
  });
  return { slots: bySlot, overall: wider * overall, change };
};
