/** Whether somebody is at home, where it is known. */
export type Presence = 'home' | 'away' | 'unknown';

/** Litres of one hour. */
export interface WaterHour {
  /** Unix seconds at its start. */
  readonly at: number;
  readonly litres: number;
  readonly presence: Presence;
}

export type WaterReason = 'negative' | 'alike' | 'high' | 'away';

/** What the alerts remember of a water register between hours: plain numbers, bounded. */
export interface WaterState {
  /** Hours read so far. */
  readonly seen: number;
  /** Litres that the register is behind its highest reading. */
  readonly behind: number;
  /** The last hours in a row. */
  readonly recent: readonly number[];
  readonly last: number | undefined;
  readonly alikeAt: number | undefined;
  /** Day number and highest hour of the last 56 days that were used. */
  readonly peaks: readonly (readonly [day: number, litres: number])[];
}

export const freshWater: WaterState = {
  seen: 0,
  behind: 0,
  recent: [],
  last: undefined,
  alikeAt: undefined,
  peaks: [],
};

const hour = 3600;
const day = 86_400;
const inRow = 3;
const leastAlike = 3;
const alikeWithin = 2;
/** Hours read after which the home's ways are known, and alike hours are told once in thirty days. */
const learnedAfter = 14 * 24;
const alikeAgainAfter = 30 * day;
const leastHigh = 200;
const aboveSecond = 1.1;
const peakDays = 56;
const leastAway = 10;

const isAlike = (recent: readonly number[]): boolean =>
  recent.length === inRow &&
  recent.every((litres) => litres >= leastAlike) &&
  Math.max(...recent) - Math.min(...recent) <= alikeWithin;

const secondPeak = (state: WaterState): number =>
  state.peaks.map(([, litres]) => litres).sort((left, right) => right - left)[1] ?? 0;

const withPeak = (state: WaterState, at: number, litres: number): WaterState['peaks'] => {
  const today = Math.floor(at / day);
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
  { at, litres, presence }: WaterHour,
): { readonly state: WaterState; readonly reasons: readonly WaterReason[] } => {
  const behind = Math.max(0, state.behind - litres);
  const follows = state.last !== undefined && at - state.last <= hour;
  const recent = [...(follows ? state.recent : []), litres].slice(-inRow);
  const reasons: WaterReason[] = [];
  if (litres < 0 || state.behind > 0) reasons.push('negative');
  const mayRepeat = state.alikeAt === undefined || state.seen < learnedAfter || at - state.alikeAt >= alikeAgainAfter;
  const alike = isAlike(recent) && mayRepeat;
  if (alike) reasons.push('alike');
  if (presence !== 'home' && litres >= leastHigh && litres >= aboveSecond * secondPeak(state)) reasons.push('high');
  if (presence === 'away' && litres >= leastAway) reasons.push('away');
  return {
    state: {
      seen: state.seen + 1,
      behind,
      recent: alike ? [] : recent,
      last: at,
      alikeAt: alike ? at : state.alikeAt,
      peaks: withPeak(state, at, litres),
    },
    reasons,
  };
};
