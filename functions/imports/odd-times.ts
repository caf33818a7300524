import { wholeDay } from '#functions/readings/rules/runs.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { midnightBefore, nextMidnight } from '#shared/vocabulary/time.ts';
import type { SeriesBlock } from './rules/interval-series.ts';
import type { Found } from './series-targets.ts';

/** Whether an interval is one of a register: of its length or, where it counts whole days, a local day. */
export const isOf = ({ intervalSeconds, zone }: Register, start: number, seconds: number): boolean =>
  intervalSeconds === wholeDay
    ? start === midnightBefore(zone, start) && start + seconds === nextMidnight(zone, start)
    : seconds === intervalSeconds;

/** Whether intervals of a register begin at an instant. */
export const isOnGrid = ({ intervalSeconds, zone }: Register, start: number): boolean =>
  (start - midnightBefore(zone, start)) % intervalSeconds === 0;

/**
 * Whether a block tells of a dial that is read at odd times: fewer than half of what it advanced are intervals of the register. Such
 * an interval is one by chance, and its reads say it like all others.
 */
export const isReadAtOddTimes = ({ advances, intervals }: SeriesBlock, found: Found): boolean => {
  if (advances !== true || 'none' in found) return false;
  const { targets } = found;
  const own = intervals.filter(({ start, seconds }) => {
    const register = targets.find(({ from, to }) => from <= start && start < to)?.register;
    return register !== undefined && isOf(register, start, seconds) && isOnGrid(register, start);
  });
  return own.length * 2 < intervals.length;
};
