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
}

const hour = 3600;
const leastHours = 48;
const hoursBefore = 28 * 24;

/**
 * Whether a meter is dead (domain 5.12): nothing but zeros for two days at a point that is connected, meant to be used, and was
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
  const before = readings.slice(Math.max(0, lastUse + 1 - (hoursBefore * hour) / step), lastUse + 1);
  const coverage = passed === 0 ? 1 : Math.min(1, hours / passed);
  if (hours >= leastHours && before.length < (leastHours * hour) / step)
    return notEnough('dead-meter', coverage, 'the readings before the standstill do not fill two days');
  const usual = medianOf(before.map(({ value }) => value));
  return {
    enough: true,
    value: {
      dead: hours >= leastHours && usual > 0 && supply.connected && !supply.nothingExpected,
      hours,
    },
    window,
    coverage,
    method: 'dead-meter',
    confidence: coverage,
    evidence: { medianBefore: usual, zeros: zeros.length, connected: supply.connected },
  };
};
