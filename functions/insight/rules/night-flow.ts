import type { Range } from '#shared/vocabulary/ranges.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import type { SeriesReading } from './detect/detect.ts';
import { type Insight, notEnough, type Window } from './insight.ts';
import { hoursNeeded, hoursOf, makesHours } from './water-hours.ts';

/** From none to the gravest. */
export const leakGravities = ['none', 'suspected', 'leak', 'high'] as const;
export type LeakGravity = (typeof leakGravities)[number];

export interface NightFlow {
  readonly leak: LeakGravity;
  /** Smallest flow of the last 24 hours, litres an hour. */
  readonly leastPerHour: number;
  /** Hours without a pause, up to the last reading. */
  readonly hours: number;
}

const hour = 3600;
/**
 * Water that never stopped for a day is what utilities warn of: a suspicion. After two days it is a leak until shown otherwise; above
 * half a litre a minute a high one (docs/insight.md, "Water, hour by hour").
 */
export const suspicionHours = 24;
const leakHours = 48;
const highPerHour = 30;
const leastCoverage = 0.9;
/** So much of a day may be unread; over a longer hole nobody knows whether the water stopped. Seconds. */
export const longestHole = (1 - leastCoverage) * suspicionHours * hour;

/**
 * Times in which water ran without a pause and that were suspect by the end of a local day, so that this was told. A pause is an
 * hour in which nothing was counted: in a shorter time a small leak does not move the register by a litre either.
 */
export const leaksOf = (readings: readonly SeriesReading[], step: number, zone: string): readonly Range[] => {
  if (!makesHours(step)) return [];
  const runs: Range[] = [];
  let [from, read]: [number | undefined, number] = [undefined, 0];
  const close = (to: number): void => {
    if (from === undefined) return;
    const known = startOfDate(zone, addDays(localDateAt(zone, from + suspicionHours * hour - 1), 1));
    if (known <= to) runs.push({ from, to });
    from = undefined;
  };
  for (const { at, value } of hoursOf(readings, step, zone)) {
    if (at - read > longestHole) close(read);
    if (value > 0) from ??= at;
    else close(at);
    read = at + hour;
  }
  close(read);
  return runs;
};

const gravityOf = (hours: number, litresPerHour: number): LeakGravity => {
  if (hours < leakHours) return hours < suspicionHours ? 'none' : 'suspected';
  return litresPerHour > highPerHour ? 'high' : 'leak';
};

/** How water is counted: seconds of a reading, in which zone its hours are cut, and litres that a value of 1 stands for. */
export interface CountedWater {
  readonly step: number;
  readonly zone: string;
  readonly litres?: number | undefined;
}

/** Whether water runs that nobody uses. Readings ascend. */
export const nightFlow = (
  readings: readonly SeriesReading[],
  { step, zone, litres = 1 }: CountedWater,
  window: Window,
): Insight<NightFlow> => {
  if (!makesHours(step)) return notEnough('night-flow', 0, hoursNeeded);
  const counted = hoursOf(readings, step, zone);
  const last = counted.at(-1);
  const recent = counted.filter(({ at }) => last !== undefined && at > last.at - suspicionHours * hour);
  const coverage = Math.min(1, recent.length / suspicionHours);
  if (last === undefined || coverage < leastCoverage)
    return notEnough('night-flow', coverage, 'nine tenths of the last 24 hours are needed');
  const leastPerHour = Math.min(...recent.map(({ value }) => value));
  const pause = counted.findLastIndex(
    ({ at, value }, place) => value <= 0 || (counted[place + 1]?.at ?? at) - at - hour > longestHole,
  );
  const since = counted[pause + 1];
  const hours = since === undefined ? 0 : (last.at - since.at) / hour + 1;
  return {
    enough: true,
    value: { leak: gravityOf(hours, leastPerHour * litres), leastPerHour, hours },
    window,
    coverage,
    method: 'night-flow',
    confidence: coverage,
    evidence: { hoursCounted: recent.length, hoursWithoutPause: hours },
  };
};
