import type { Range } from '#shared/domain/metering/ranges.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import type { SeriesReading } from './detect/detect.ts';
import { type Insight, notEnough, type Window } from './insight.ts';

export interface NightFlow {
  readonly leak: 'none' | 'suspected' | 'high';
  /** Smallest flow of the last 24 hours, litres an hour. */
  readonly leastPerHour: number;
  /** Hours without a pause, up to the last reading. */
  readonly hours: number;
}

const hour = 3600;
const dayHours = 24;
/** Water that never stopped for two days is a leak until shown otherwise; above half a litre a minute a high one (domain 5.10). */
export const leakHours = 48;
const highPerHour = 30;
const leastCoverage = 0.9;
/** So much of two days may be unread; over a longer hole nobody knows whether the water stopped. Seconds. */
export const longestHole = (1 - leastCoverage) * leakHours * hour;

/** Times in which water ran without a pause and that were a leak by the end of a local day, so that this was told. */
export const leaksOf = (readings: readonly SeriesReading[], step: number, zone: string): readonly Range[] => {
  const runs: Range[] = [];
  let [from, read]: [number | undefined, number] = [undefined, 0];
  const close = (to: number): void => {
    if (from === undefined) return;
    const known = startOfDate(zone, addDays(localDateAt(zone, from + leakHours * hour - 1), 1));
    if (known <= to) runs.push({ from, to });
    from = undefined;
  };
  for (const { at, value } of readings) {
    if (at - read > longestHole) close(read);
    if (value > 0) from ??= at;
    else close(at);
    read = at + step;
  }
  close(read);
  return runs;
};

/**
 * Whether water runs that nobody uses. Readings ascend, `step` seconds each.
 * @param litres litres that a value of 1 stands for
 */
export const nightFlow = (
  readings: readonly SeriesReading[],
  step: number,
  window: Window,
  litres = 1,
): Insight<NightFlow> => {
  const last = readings.at(-1);
  const recent = readings.filter(({ at }) => last !== undefined && at > last.at - leakHours * hour);
  const coverage = Math.min(1, (recent.length * step) / (leakHours * hour));
  if (last === undefined || coverage < leastCoverage)
    return notEnough('night-flow', coverage, 'nine tenths of the last 48 hours are needed');
  const day = recent.filter(({ at }) => at > last.at - dayHours * hour);
  const leastPerHour = (Math.min(...day.map(({ value }) => value)) * hour) / step;
  const pause = readings.findLastIndex(
    ({ at, value }, place) => value <= 0 || (readings[place + 1]?.at ?? at) - at - step > longestHole,
  );
  const since = readings[pause + 1];
  const hours = since === undefined ? 0 : (last.at - since.at + step) / hour;
  const runs = hours >= leakHours;
  return {
    enough: true,
    value: { leak: !runs ? 'none' : leastPerHour * litres > highPerHour ? 'high' : 'suspected', leastPerHour, hours },
    window,
    coverage,
    method: 'night-flow',
    confidence: coverage,
    evidence: { readings: recent.length, hoursWithoutPause: hours },
  };
};
