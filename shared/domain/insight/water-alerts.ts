import type { Presence } from '#shared/vocabulary/statuses.ts';

/** Litres of one hour. */
export interface WaterHour {
  /** Unix seconds at its start. */
  readonly at: number;
  /** Number of the local day it lies in. */
  readonly day: number;
  readonly litres: number;
  readonly presence: Presence;
}

export type WaterReason = 'negative' | 'alike' | 'high' | 'away';

/** What the alerts remember of a water register between hours: plain numbers, bounded. */
export interface WaterState {
  /** Hours read so far. */
  readonly seen: number;
  /** Litres that the register is behind its highest reading, and when it began to be. */
  readonly behind: number;
  readonly behindSince: number;
  /** Litres of the last hours in a row, as far as they were no more than what brings the register back. */
  readonly recent: readonly number[];
  readonly last: number | undefined;
  readonly alikeAt: number | undefined;
  /** Day number and highest hour of the last 56 days that were used. */
  readonly peaks: readonly (readonly [day: number, litres: number])[];
}

export const freshWater: WaterState = {
  seen: 0,
  behind: 0,
  behindSince: 0,
  recent: [],
  last: undefined,
  alikeAt: undefined,
  peaks: [],
};

const hour = 3600;
const day = 86_400;
/** Meters send about hourly, not to the second. */
const atMostApart = 1.5 * hour;
const inRow = 3;
const leastAlike = 3;
export const alikeWithin = 2;
/** Hours read after which the home's ways are known: what is alike now and then there is told only after thirty days without. */
const learnedAfter = 14 * 24;
const alikeAgainAfter = 30 * day;
const leastHigh = 200;
const aboveSecond = 1.1;
const peakDays = 56;
const leastAway = 10;
/** A register that is not back by then was exchanged, or set anew. */
const longestBehind = day;

const isAlike = (recent: readonly number[]): boolean =>
  recent.length === inRow &&
  recent.every((litres) => litres >= leastAlike) &&
  Math.max(...recent) - Math.min(...recent) <= alikeWithin;

const secondPeak = (state: WaterState): number =>
  state.peaks.map(([, litres]) => litres).sort((left, right) => right - left)[1] ?? 0;

const withPeak = (state: WaterState, today: number, litres: number): WaterState['peaks'] => {
  const before = state.peaks.filter(([of]) => of > today - peakDays && of !== today);
  const known = state.peaks.find(([of]) => of === today)?.[1] ?? 0;
  return [...before, [today, Math.max(known, litres)]];
};

/**
 * Alerts of hourly water (docs/insight.md): a register that runs back, until it is back; three hours in a row alike, which taps
 * are not; an hour far above the highest of others, unless somebody is at home; and use while nobody is. Hours ascend.
 */
export const judgeWaterHour = (
  state: WaterState,
  { at, day: today, litres, presence }: WaterHour,
): { readonly state: WaterState; readonly reasons: readonly WaterReason[] } => {
  const owed = state.behind > 0 && at - state.behindSince <= longestBehind ? state.behind : 0;
  const behind = Math.max(0, owed - litres);
  // What only brings the register back was not used now.
  const used = Math.max(0, litres - owed);
  const follows = state.last !== undefined && at - state.last <= atMostApart;
  const recent = [...(follows ? state.recent : []), used].slice(-inRow);
  const alike = isAlike(recent);
  const mayTell = state.alikeAt === undefined || state.seen < learnedAfter || at - state.alikeAt >= alikeAgainAfter;
  const high = presence !== 'home' && used >= leastHigh && used >= aboveSecond * secondPeak(state);
  const told: readonly (readonly [WaterReason, boolean])[] = [
    ['negative', litres < 0 || owed > 0],
    ['alike', alike && mayTell],
    ['high', high],
    ['away', presence === 'away' && used >= leastAway],
  ];
  return {
    state: {
      seen: state.seen + 1,
      behind,
      behindSince: owed > 0 ? state.behindSince : at,
      recent: alike ? [] : recent,
      last: at,
      alikeAt: alike ? at : state.alikeAt,
      peaks: withPeak(state, today, used),
    },
    reasons: told.flatMap(([reason, is]) => (is ? [reason] : [])),
  };
};
