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

export type WaterReason = 'negative' | 'steady' | 'high' | 'away';

/** What the alerts remember of a water register between hours: plain numbers, bounded. */
export interface WaterState {
  /** Litres that the register is behind its highest reading, and when it began to be. */
  readonly behind: number;
  readonly behindSince: number;
  /** Litres of the last hours in a row, as far as they were no more than what brings the register back. */
  readonly recent: readonly number[];
  readonly last: number | undefined;
  /** Of the last 56 days that were read: the highest hour, and the most that ran in each of some hours in a row. */
  readonly days: readonly (readonly [day: number, highest: number, steadiest: number])[];
}

export const freshWater: WaterState = { behind: 0, behindSince: 0, recent: [], last: undefined, days: [] };

const hour = 3600;
const day = 86_400;
/** Meters send about hourly, not to the second. */
const atMostApart = 1.5 * hour;
/** Hours in a row in which as much has to run for it to be steady: no bath, no washing and no garden takes so long. */
export const steadyHours = 6;
const leastSteady = 15;
/** What nobody uses in each of so many hours, however they live: where their ways are not known, it is steady from here on. */
const leastSteadyOfStrangers = 60;
const leastHigh = 200;
/** An hour, or a steady flow, is out of the ordinary where it is twice the second most of the days before. */
const times = 2;
const knownDays = 56;
/** Days of a home after which it is known what runs in it for hours; of days on which nobody was there it is not. */
const learnedDays = 14;
const leastAway = 10;
/** A register that is not back by then was exchanged, or set anew. */
const longestBehind = day;

const second = (values: readonly number[]): number => values.toSorted((left, right) => right - left)[1] ?? 0;

/**
 * Alerts of hourly water (docs/insight.md): a register that runs back, until it is back; water that runs for hours without a pause
 * and at more than usual; an hour far above those of other days, unless somebody is at home; and use while nobody is. Hours ascend.
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
  const recent = [...(follows ? state.recent : []), used].slice(-steadyHours);
  const steadiest = recent.length === steadyHours ? Math.min(...recent) : 0;
  const before = state.days.filter(([of]) => of > today - knownDays && of < today);
  const lived = before.filter(([, highest]) => highest > 0).length;
  const isSteady =
    before.length >= learnedDays &&
    steadiest >= (lived >= learnedDays ? leastSteady : leastSteadyOfStrangers) &&
    steadiest >= times * second(before.map(([, , most]) => most));
  const isHigh =
    presence !== 'home' && used >= leastHigh && used >= times * second(before.map(([, highest]) => highest));
  const [, highest = 0, most = 0] = state.days.find(([of]) => of === today) ?? [];
  const told: readonly (readonly [WaterReason, boolean])[] = [
    ['negative', litres < 0 || owed > 0],
    ['steady', isSteady],
    ['high', isHigh],
    ['away', presence === 'away' && used >= leastAway],
  ];
  return {
    state: {
      behind,
      behindSince: owed > 0 ? state.behindSince : at,
      recent,
      last: at,
      days: [...before, [today, Math.max(highest, used), Math.max(most, steadiest)]],
    },
    reasons: told.flatMap(([reason, is]) => (is ? [reason] : [])),
  };
};
