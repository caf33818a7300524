import { medianOf, normalConsistency, spreadIn } from '#functions/insight/rules/robust.ts';
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

/** Writes those of a day's residuals that are known into a buffer from a place on; answers the place behind them. */
const gather = (rests: Float64Array, first: number, last: number, into: Float64Array, from: number): number => {
  let place = from;
  for (let slot = first; slot <= last; slot += 1) {
    const rest = rests[(slot + rests.length) % rests.length] ?? Number.NaN;
    if (Number.isNaN(rest)) continue;
    into[place] = rest;
    place += 1;
  }
  return place;
};

/**
 * Scales for a day from the days before it and the residuals that the chosen prediction leaves on them, by day and slot, NaN where
 * there is none.
 */
export const scaleOf = (
  history: readonly DayValues[],
  residuals: readonly Float64Array[],
  day: number,
  step: number,
): Scale => {
  const recent = history.filter((one) => one.day >= day - slotDays);
  const change = usualChange(recent);
  const values = recent.flatMap((one) => one.values.filter((value) => value !== null));
  const slots = slotsOf(step);
  const buffer = new Float64Array(residuals.length * slots);
  /** The spread of the residuals in some slots of all days; 0 where there are fewer than asked. */
  const spreadOf = (first: number, last: number, least: number): number => {
    let count = 0;
    for (const rests of residuals) count = gather(rests, first, last, buffer, count);
    return count < least ? 0 : normalConsistency * spreadIn(buffer.subarray(0, count));
  };
  const overall = Math.max(spreadOf(0, slots - 1, 0), 0.02 * Math.abs(medianOf(values)), 0.25 * change, tiny);
  const wider = 1 + widening / Math.max(1, recent.length);
  const reach = isPooled(step) ? 1 : 0;
  const bySlot = Array.from(
    { length: slots },
    (_, slot) => wider * Math.max(overall, spreadOf(slot - reach, slot + reach, 3)),
  );
  return { slots: bySlot, overall: wider * overall, change };
};
