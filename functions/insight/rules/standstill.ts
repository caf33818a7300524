import type { Range } from '#shared/vocabulary/ranges.ts';
import type { SeriesReading } from './detect/detect.ts';
import { type Insight, notEnough, type Window } from './insight.ts';
import { medianOf } from './robust.ts';

/** What is known of the service point beside its readings. */
export interface SupplyState {
  readonly connected: boolean;
  /** Nobody lives there, or hardly any use is agreed. */
  readonly nothingExpected: boolean;
}

export interface Standstill {
  readonly dead: boolean;
  /** Hours of zeros that were read since the last use; holes are not counted. */
  readonly hours: number;
  /** When the meter was dead, ascending, from its first zero until it counted again or the readings end; the last may go on. */
  readonly stood: readonly Range[];
}

const hour = 3600;
const leastHours = 48;
const hoursBefore = 28 * 24;

/** Zeros in a row, by the places of the first and of what was read next. */
interface Zeros {
  readonly first: number;
  readonly next: number;
}

const zerosIn = (readings: readonly SeriesReading[]): readonly Zeros[] => {
  const found: Zeros[] = [];
  let first: number | undefined;
  for (const [place, { value }] of readings.entries()) {
    if (value === 0) first ??= place;
    else if (first !== undefined) {
      found.push({ first, next: place });
      first = undefined;
    }
  }
  return first === undefined ? found : [...found, { first, next: readings.length }];
};

/** The readings of four weeks before a place. */
const readBefore = (readings: readonly SeriesReading[], step: number, place: number): readonly SeriesReading[] =>
  readings.slice(Math.max(0, place - (hoursBefore * hour) / step), place);

const medianBefore = (readings: readonly SeriesReading[], step: number, place: number): number =>
  medianOf(readBefore(readings, step, place).map(({ value }) => value));

/** Two days of zeros or more after two days or more of which the median is use, as ranges of time. */
const standsOf = (readings: readonly SeriesReading[], step: number): readonly Range[] => {
  const least = (leastHours * hour) / step;
  return zerosIn(readings)
    .filter(({ first, next }) => next - first >= least && first >= least && medianBefore(readings, step, first) > 0)
    .map(({ first, next }) => ({
      from: readings[first]?.at ?? 0,
      to: readings[next]?.at ?? (readings.at(-1)?.at ?? 0) + step,
    }));
};

/**
 * Whether a meter is dead (docs/insight.md, "dead-meter"): nothing but zeros for two days at a point that is connected, meant to be used, and was
 * used before. Readings ascend, `step` seconds each. A meter that says nothing for a while is not alive again, as for the rule
 * `zero`.
 */
export const standstillOf = (
  readings: readonly SeriesReading[],
  step: number,
  window: Window,
  supply: SupplyState,
): Insight<Standstill> => {
  if (readings.length === 0) return notEnough('dead-meter', 0, 'nothing was read');
  const lastUse = readings.findLastIndex(({ value }) => value !== 0);
  const zeros = readings.slice(lastUse + 1);
  const [first, last] = [zeros[0], zeros.at(-1)];
  const hours = (zeros.length * step) / hour;
  const passed = first === undefined || last === undefined ? 0 : (last.at - first.at + step) / hour;
  const before = readBefore(readings, step, lastUse + 1);
  const coverage = passed === 0 ? 1 : Math.min(1, hours / passed);
  if (hours >= leastHours && before.length < (leastHours * hour) / step)
    return notEnough('dead-meter', coverage, 'the readings before the standstill do not fill two days');
  const usual = medianOf(before.map(({ value }) => value));
  const expected = supply.connected && !supply.nothingExpected;
  return {
    enough: true,
    value: {
      dead: hours >= leastHours && usual > 0 && expected,
      hours,
      stood: expected ? standsOf(readings, step) : [],
    },
    window,
    coverage,
    method: 'dead-meter',
    confidence: coverage,
    evidence: {
      medianBefore: usual,
      zeros: zeros.length,
      connected: supply.connected,
      useExpected: !supply.nothingExpected,
    },
  };
};
