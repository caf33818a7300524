import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import { registerReadsAround } from '#functions/readings/store/register-reads.ts';
import type { Table } from '#shared/table/table.ts';
import { addDays, daysBetween, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import type { SeenBefore } from './days-of-news.ts';
import type { KnownRegister } from './register-ground.ts';
import { type Dates, digestsFor } from './rules/history-needed.ts';
import type { RegisterGround } from './rules/judgement.ts';
import type { RegisterRead } from './rules/reads/register-reads.ts';
import { type JudgedMonth, readJudgedMonths } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';

const daySeconds = 86_400;
/** Days between two reads of a register are judged together while they are no more than this. */
export const mostTogether = 100;

/** Days to judge together, what is kept of those around them, and the register's reads in its scale. */
export interface WindowOfDays extends Dates {
  readonly months: readonly JudgedMonth[];
  readonly reads: readonly RegisterRead[];
  /** The stored blocks of the days, where they were read after the months. */
  readonly blocks?: readonly RankedBlock[] | undefined;
}

/** The stored blocks of dates, where they were seen. */
const blocksOf = (seen: SeenBefore | undefined, { first, last }: Dates): readonly RankedBlock[] | undefined =>
  first === last && seen?.blocksOf?.date === first ? seen.blocksOf.blocks : undefined;

/** The days asked for with those that two reads around them share, where these are closed and not too many. */
const together = (zone: string, { first, last }: Dates, reads: readonly RegisterRead[], closed: string): Dates => {
  const [from, to] = [startOfDate(zone, first), startOfDate(zone, addDays(last, 1))];
  const [before, after] = [reads.findLast(({ at }) => at <= from), reads.find(({ at }) => at >= to)];
  const begins = before === undefined ? first : localDateAt(zone, before.at);
  const ends = after === undefined ? last : localDateAt(zone, after.at - 1);
  const wide = { first: begins < first ? begins : first, last: ends > last ? ends : last };
  if (wide.last > closed) wide.last = last;
  return daysBetween(wide.first, wide.last) < mostTogether ? wide : { first, last };
};

/** The months that hold dates, where they were seen. */
const within = (seen: SeenBefore | undefined, { first, last }: Dates): readonly JudgedMonth[] | undefined =>
  seen === undefined || first.slice(0, 7) < seen.since.slice(0, 7)
    ? undefined
    : seen.months.filter(({ month }) => first.slice(0, 7) <= month && month <= last.slice(0, 7));

const readMonths = async (
  readings: Table,
  place: RegisterPlace,
  ground: RegisterGround,
  { first, last }: Dates,
  seen?: SeenBefore,
): Promise<readonly JudgedMonth[]> => {
  const digests = digestsFor(ground.configuration, { first, last });
  const next = addDays(last, 1);
  const found = await Promise.all(
    digests.map((range, index) => {
      const dates = { first: range.first, last: index === 0 ? next : range.last };
      return within(seen, dates) ?? readJudgedMonths(readings, place, dates);
    }),
  );
  return [...new Map(found.flat().map((month) => [month.month, month])).values()];
};

/**
 * Reads around days: those the meter sent, and what its total stood at as it came and went. Where both speak of one instant, people
 * do: the meter's own read may be of either place.
 */
const readDials = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  { ground, reads: told }: KnownRegister,
  { first, last }: Dates,
): Promise<readonly RegisterRead[]> => {
  const { zone } = ground.register;
  const [from, to] = [startOfDate(zone, first), startOfDate(zone, addDays(last, 1))];
  const reach = mostTogether * daySeconds;
  const sent = await registerReadsAround(readings, meter, register, { from, to, reach });
  const instants = new Set(told.map(({ at }) => at));
  const all = [...sent.filter(({ at }) => !instants.has(at)).map(({ at, value }) => ({ at, counts: value })), ...told]
    .filter(({ at }) => from - reach <= at && at <= to + reach)
    .sort((left, right) => left.at - right.at);
  const [before, after] = [all.findLastIndex(({ at }) => at <= from), all.findIndex(({ at }) => at >= to)];
  return all.slice(Math.max(0, before), after < 0 ? undefined : after + 1);
};

/**
 * The days to judge together with those asked for. What is kept of judged days is read before all that they were made from: who
 * writes it later knew no less.
 * @param seen what was read just now to find the days, before anything of them was written
 */
export const windowOf = async (
  readings: Table,
  place: RegisterPlace,
  known: KnownRegister,
  asked: Dates,
  closed: string,
  seen?: SeenBefore,
): Promise<WindowOfDays> => {
  const { ground } = known;
  const { zone } = ground.register;
  let months = await readMonths(readings, place, ground, asked, seen);
  let reads = await readDials(readings, place, known, asked);
  for (;;) {
    const { first, last } = together(zone, asked, reads, closed);
    if (first === asked.first && last === asked.last)
      return { first, last, months, reads, blocks: blocksOf(seen, asked) };
    months = await readMonths(readings, place, ground, { first, last });
    const again = await readDials(readings, place, known, asked);
    if (JSON.stringify(again) === JSON.stringify(reads)) return { first, last, months, reads };
    reads = again;
  }
};
