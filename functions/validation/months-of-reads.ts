import { readOfItem, registerReadsAround } from '#functions/readings/store/register-reads.ts';
import { registerReadsOf } from '#shared/table/keys.ts';
import type { Change, Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { addMonths, localMonthAt, startOfMonth } from '#shared/vocabulary/time.ts';
import type { MonthAsked } from './months-of-change.ts';
import { isByReads } from './rules/reads/judge-reads.ts';
import { readsUntil } from './store/chained-reads.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { storedExceptionOf } from './store/reading-exceptions.ts';

/**
 * A month is closed by reads where it begins and ends between two of them that are no further apart than this, in seconds: of a
 * register that is read each quarter a month is a share of its periods, which anybody may ask for, and nothing that was measured.
 */
const nearReads = 7 * 86_400;
/** The longest local day more than a zone may be off UTC, in seconds. */
const zoneReach = 50_000;
/** How far off a read may be that a period ends at. */
const reach = 100 * 86_400;

/** Whether an instant lies in a period, its end among it, that is short enough. */
const isNear = (periods: readonly Range[], at: number, off = 0): boolean =>
  periods.some(({ from, to }) => from <= at + off && at - off <= to && to - from <= nearReads);

/** Whether it is well known what was used from the beginning of a time to its end. */
export const isWellKnown = (periods: readonly Range[], { from, to }: Range): boolean => {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return false;
  return last.to >= to && isNear(periods, to) && (first.from >= from || isNear(periods, from));
};

/** The time of reads that came, changed or went, or of which something else is said. */
const timeOf = ({
  key,
  before,
  after,
}: Change): { readonly place: RegisterPlace; readonly time: Range } | undefined => {
  const item = after ?? before;
  if (item === undefined) return undefined;
  const place = registerReadsOf(key.pk);
  if (place !== undefined) {
    const { at } = readOfItem(item);
    return { place, time: { from: at, to: at } };
  }
  const found = storedExceptionOf(item);
  return found === undefined || !isByReads(found.exception) ? undefined : { place: found, time: found.exception };
};

/** Months that a time touches in any zone. */
const monthsOf = ({ from, to }: Range): readonly string[] => {
  const [first, last] = [localMonthAt('UTC', from - zoneReach), localMonthAt('UTC', to + zoneReach)];
  const months: string[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
};

/** On changes of register reads: closes the months that these tell the use of, each once for the whole batch. */
export const closeMonthsOfReads = async (
  { readings, close }: { readonly readings: Table; readonly close: { close(asked: MonthAsked): Promise<void> } },
  changes: readonly Change[],
): Promise<void> => {
  const told = new Map<string, { readonly place: RegisterPlace; from: number; to: number }>();
  for (const change of changes) {
    const { place, time } = timeOf(change) ?? {};
    if (place === undefined || time === undefined) continue;
    const name = `${place.meter}#${place.register}`;
    const there = told.get(name) ?? { place, ...time };
    told.set(name, { place, from: Math.min(there.from, time.from), to: Math.max(there.to, time.to) });
  }
  for (const { place, from, to } of told.values()) {
    const { meter, register } = place;
    if (from > (await readsUntil(readings, place))) continue;
    const reads = await registerReadsAround(readings, meter, register, { from, to: to + 1, reach });
    const periods = reads.slice(1).map(({ at }, index) => ({ from: reads[index]?.at ?? at, to: at }));
    const [first, last] = [periods[0], periods.at(-1)];
    if (first === undefined || last === undefined) continue;
    for (const month of monthsOf({ from: first.from, to: last.to }))
      if (isNear(periods, startOfMonth('UTC', addMonths(month, 1)), zoneReach))
        // Reads tell of all of it.
        await close.close({ meter, register, month, judgedTo: `${addMonths(month, 1)}-01`, isFound: false });
  }
};
