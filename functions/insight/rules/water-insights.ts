import type { Scale } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { Presence } from '#shared/vocabulary/statuses.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import { litresOf } from './amounts.ts';
import { windowBefore } from './day-use.ts';
import type { SeriesReading } from './detect/detect.ts';
import { erasOf } from './eras.ts';
import { type Insight, notEnough } from './insight.ts';
import { leaksOf, type NightFlow, nightFlow } from './night-flow.ts';
import { judgeWaterEra, type ToldWater, type WaterEpisode, waterEpisodes } from './water-eras.ts';
import { hoursNeeded, makesHours } from './water-hours.ts';

/** When somebody is known to be at home, and when nobody is, or next to no use is to be expected. Unix seconds. */
export interface KnownPresence {
  readonly home: readonly Range[];
  readonly away: readonly Range[];
}

/** A water register, as far as its hours are looked at. */
export interface WaterGround extends Scale {
  readonly zone: string;
  /** Seconds of an interval. */
  readonly step: number;
  /** The first local date that is not over. */
  readonly date: string;
  /** Measured values of the last 16 weeks, ascending. */
  readonly readings: readonly SeriesReading[];
  /** Intervals that the last four weeks should have. */
  readonly expected: { readonly now: number };
  readonly presence: KnownPresence;
}

export interface WaterInsights {
  readonly 'night-flow': Insight<NightFlow>;
  readonly 'even-flow': Insight<readonly WaterEpisode[]>;
  readonly 'high-flow': Insight<readonly WaterEpisode[]>;
  readonly 'away-flow': Insight<readonly WaterEpisode[]>;
}

const span = 28;

const covers = (ranges: readonly Range[], { from, to }: Range): boolean =>
  ranges.some((range) => range.from <= from && to <= range.to);

const presenceIn =
  ({ home, away }: KnownPresence) =>
  (from: number, to: number): Presence =>
    covers(home, { from, to }) ? 'home' : covers(away, { from, to }) ? 'away' : 'unknown';

/** Whether it lies in one of the leaks, which are told as that: the hours of a leak are one cause. */
const isWithin = ({ from }: WaterEpisode, leaks: readonly Range[]): boolean =>
  leaks.some((leak) => leak.from <= from && from < leak.to);

/** Why hours of a register cannot be judged for a reason; undefined where they can. */
const missingFor = (
  reason: ToldWater,
  { step, presence }: WaterGround,
  litres: number | undefined,
  window: Range & { readonly counted: number },
): string | undefined => {
  if (litres === undefined) return 'the register does not count a volume';
  if (!makesHours(step)) return hoursNeeded;
  const isKnown = [...presence.home, ...presence.away].some(({ from, to }) => from < window.to && to > window.from);
  if (reason === 'away' && !isKnown) return 'whether somebody is at home is not known';
  return window.counted === 0 ? 'nothing was read in the last four weeks' : undefined;
};

/** What the water of a register tells, from its readings alone and from what is known of who is at home. */
export const waterInsights = (ground: WaterGround): WaterInsights => {
  const { zone, step, date, readings } = ground;
  const litres = litresOf(ground);
  const window = windowBefore(date, span);
  const range = { from: startOfDate(zone, window.from), to: startOfDate(zone, window.to) };
  const counted = readings.filter(({ at }) => at >= range.from).length;
  const coverage = Math.min(1, counted / Math.max(1, ground.expected.now));
  const settings = { step, zone, litres: litres ?? 1, presenceAt: presenceIn(ground.presence) };
  const isJudged = litres !== undefined && makesHours(step);
  const alerts = isJudged ? erasOf(date, span).flatMap((era) => judgeWaterEra(settings, readings, era)) : [];
  const leaks = leaksOf(readings, step, zone);
  const recent = waterEpisodes(alerts).filter(({ from }) => from >= range.from);
  const of = (method: string, reason: ToldWater): Insight<readonly WaterEpisode[]> => {
    const missing = missingFor(reason, ground, litres, { ...range, counted });
    if (missing !== undefined) return notEnough(method, coverage, missing);
    const value = recent.filter((one) => one.reason === reason && (reason !== 'steady' || !isWithin(one, leaks)));
    const evidence = { readings: counted, litresOfACount: litres ?? 1 };
    return { enough: true, value, window, coverage, method, confidence: coverage, evidence };
  };
  return {
    'night-flow': nightFlow(readings, { step, zone, litres }, window),
    'even-flow': of('even-flow', 'steady'),
    'high-flow': of('high-flow', 'high'),
    'away-flow': of('away-flow', 'away'),
  };
};
