import { lastRegisterReads } from '#functions/readings/store/register-reads.ts';
import type { Table } from '#shared/table/table.ts';
import { addDays, daysBetween, localDateAt } from '#shared/vocabulary/time.ts';
import { readsUntil } from './store/chained-reads.ts';
import type { RegisterPlace } from './store/judged-registers.ts';

/** Reads that tell how far apart they usually are. */
const readsLookedAt = 9;
/** After so many times the longest usual distance a read is late. */
const lateTimes = 2;
/** No register is late after fewer days than one that sends each day. */
const leastDays = 3;
/** Days after which nobody waits any longer for a read that is late. */
const mostLateDays = 400;
/** Days until a register is looked at again for which nobody waits. */
const seldom = 7;

/** How a register stands that is only read: since when nothing came, and what follows. Local dates. */
export interface SilenceOfReads {
  readonly from: string;
  readonly isSilent: boolean;
  readonly isForgotten: boolean;
  readonly next: string | undefined;
}

/**
 * Where a register stands that sends no intervals: it is silent where no read came for twice the longest time that lay between its
 * last reads. Of a single read nobody knows when the next one is due. Pure.
 * @param dates of its last reads, the latest first
 * @param ended when the meter was removed
 */
export const silenceOfReads = (
  dates: readonly [string, ...string[]],
  { today, ended }: { readonly today: string; readonly ended: string | undefined },
): SilenceOfReads => {
  const [last] = dates;
  const from = addDays(last, 1);
  if (ended !== undefined) return { from, isSilent: false, isForgotten: false, next: undefined };
  const distances = dates.slice(1).map((date, place) => daysBetween(date, dates[place] ?? date));
  const due = Math.max(leastDays, lateTimes * Math.max(0, ...distances));
  const since = daysBetween(last, today);
  const isForgotten = since > due + mostLateDays || (distances.length === 0 && since > mostLateDays);
  const isSilent = distances.length > 0 && since > due && !isForgotten;
  const soon = distances.length === 0 ? addDays(today, seldom) : addDays(last, due + 1);
  const tomorrow = addDays(today, 1);
  const next = isForgotten ? addDays(today, seldom) : isSilent || soon < tomorrow ? tomorrow : soon;
  return { from, isSilent, isForgotten, next };
};

/** Dates of the last reads of a register that has no intervals, the latest first; undefined where it has some, or no reads. */
export const datesOfReads = async (
  readings: Table,
  place: RegisterPlace,
  zone: string,
): Promise<readonly [string, ...string[]] | undefined> => {
  const reads = await lastRegisterReads(readings, place.meter, place.register, readsLookedAt);
  const [last, ...before] = reads.map(({ at }) => localDateAt(zone, at));
  if (last === undefined || (await readsUntil(readings, place)) < Number.POSITIVE_INFINITY) return undefined;
  return [last, ...before];
};
