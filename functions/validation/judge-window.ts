import { endOf } from '#functions/readings/rules/runs.ts';
import { readBlocks } from '#functions/readings/store/readings.ts';
import type { Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { addDays, daysBetween, startOfDate } from '#shared/vocabulary/time.ts';
import { readEvents, readSiblings } from './around-days.ts';
import type { KnownRegister } from './register-ground.ts';
import { asJudged } from './rules/as-judged.ts';
import type { DayDigest, HistoryDay } from './rules/day-digest.ts';
import { type Dates, historyFor } from './rules/history-needed.ts';
import { type Judgement, judgeDays } from './rules/judge-day.ts';
import type { RegisterGround } from './rules/judgement.ts';
import { type MeterEvent, meetsOutage, poweredOff } from './rules/power.ts';
import { readDay } from './rules/read-day.ts';
import type { JudgedMonth } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { readExceptions, type StoredException } from './store/reading-exceptions.ts';
import { mostTogether, type WindowOfDays } from './window-of-days.ts';

/** Everything that one judgement was made from, and what it came to. */
export interface Judged {
  readonly ground: RegisterGround;
  /** What happened at its places over the time that was looked at. */
  readonly events: readonly MeterEvent[];
  readonly reach: Range;
  readonly months: readonly JudgedMonth[];
  readonly known: readonly StoredException[];
  readonly judgement: Judgement;
}

const within = (digests: readonly DayDigest[], ranges: readonly Dates[]): readonly DayDigest[] =>
  digests.filter(({ date }) => ranges.some(({ first, last }) => first <= date && date <= last));

const datesOf = (first: string, last: string): readonly string[] =>
  Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => addDays(first, index));

/** Start and end of dates in the register's zone, Unix seconds. */
const rangeOf = ({ register: { zone } }: RegisterGround, { first, last }: Dates) => ({
  from: startOfDate(zone, first),
  to: startOfDate(zone, addDays(last, 1)),
});

/** Exceptions that may meet the days: a row of many days begins where the digests of its days say. */
const readKnown = async (
  readings: Table,
  place: RegisterPlace,
  { register: { zone } }: RegisterGround,
  digests: readonly DayDigest[],
  { first, last }: Dates,
): Promise<readonly StoredException[]> => {
  const near = digests.filter(({ date }) => date >= addDays(first, -1) && date <= last);
  const begins = near.flatMap(({ date, tail, estimatedDays }) => [
    ...(tail === null ? [] : [tail.from]),
    ...(estimatedDays === 0 ? [] : [startOfDate(zone, addDays(date, 1 - estimatedDays))]),
  ]);
  const reach = startOfDate(zone, addDays(first, -mostTogether));
  return readExceptions(readings, place, Math.min(reach, ...begins), startOfDate(zone, addDays(last, 1)));
};

/** Days around the judged ones, as they were judged. */
const readHistory = async (
  readings: Table,
  place: RegisterPlace,
  ground: RegisterGround,
  dates: Dates,
  off: readonly Range[],
): Promise<readonly HistoryDay[]> => {
  const { from, to } = rangeOf(ground, dates);
  const reach = startOfDate(ground.register.zone, addDays(dates.first, -mostTogether));
  const [blocks, known] = await Promise.all([
    readBlocks(readings, place.meter, place.register, from, to),
    readExceptions(readings, place, reach, to),
  ]);
  return datesOf(dates.first, dates.last).flatMap((date) => {
    const day = rangeOf(ground, { first: date, last: date });
    const there = blocks.filter(({ run }) => run.start < day.to && endOf(run) > day.from);
    const outage = meetsOutage(off, day);
    return there.length === 0 ? [] : [{ date, runs: [asJudged(ground, date, there, known)], outage }];
  });
};

/** The time that is looked at: the days, and the history their holes are filled from. */
const reachOf = (ground: RegisterGround, days: Dates, intervals: readonly Dates[]): Range =>
  [days, ...intervals]
    .map((dates) => rangeOf(ground, dates))
    .reduce((all, { from, to }) => ({ from: Math.min(all.from, from), to: Math.max(all.to, to) }));

/** Judges days that are to be judged together; reads what that needs besides the window itself. */
export const judgeWindow = async (
  readings: Table,
  place: RegisterPlace,
  known: KnownRegister,
  { first, last, months, reads, blocks: seen }: WindowOfDays,
): Promise<Judged> => {
  const { ground } = known;
  const { meter, register } = place;
  const { from, to } = rangeOf(ground, { first, last });
  const digests = months.flatMap((month) => month.digests);
  const exceptions = await readKnown(readings, place, ground, digests, { first, last });
  const blocks = seen ?? (await readBlocks(readings, meter, register, from, to));
  const siblings = await readSiblings(readings, known, { first, last });
  const days = datesOf(first, last).map((date) => {
    const day = rangeOf(ground, { first: date, last: date });
    const there = blocks.filter(({ run }) => run.start < day.to && endOf(run) > day.from);
    return { date, blocks: there, siblings: siblings.get(date) ?? [] };
  });
  const read = days.map((day) => readDay(ground, day.date, day.blocks, Number.POSITIVE_INFINITY));
  const needed = historyFor(ground.configuration, read);
  const reach = reachOf(ground, { first, last }, needed.intervals);
  const events = await readEvents(readings, known, reach);
  const off = poweredOff(events);
  const history = await Promise.all(needed.intervals.map((range) => readHistory(readings, place, ground, range, off)));
  const multiplier = ground.configuration.dial?.multiplier ?? 1;
  const judgement = judgeDays({
    ground,
    days,
    read,
    history: history.flat(),
    digests: within(digests, needed.digests),
    known: exceptions.filter(({ exception }) => exception.from < to && from <= exception.to),
    reads: reads.map(({ at, counts }) => ({ at, counts: Math.floor(counts / multiplier) })),
    // The reads of an exchange are among them: each of a meter's own dial.
    exchanges: [],
    events,
    asOf: Number.POSITIVE_INFINITY,
    mode: 'automatic',
  });
  return { ground, events, reach, months, known: exceptions, judgement };
};
