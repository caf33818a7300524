import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import { endOf } from '#functions/readings/rules/runs.ts';
import { outermostBlocks, readBlocks } from '#functions/readings/store/readings.ts';
import type { Table } from '#shared/table/table.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { daysToJudge } from './days-to-judge.ts';
import { digestsFor } from './rules/history-needed.ts';
import type { RegisterGround } from './rules/judgement.ts';
import { readDay } from './rules/read-day.ts';
import { firstJudged, type JudgedMonth, lastJudged, readJudgedMonths } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';

/** Once days were judged, all before the last that came are; until then the stored readings tell what came. */
const datesKnown = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  ground: RegisterGround,
  judged: { readonly first: string; readonly last: string } | undefined,
): Promise<readonly string[]> => {
  if (judged !== undefined) return [judged.first, judged.last];
  const blocks = (await outermostBlocks(readings, meter, register)).filter(({ kind }) => kind !== 'estimate');
  return blocks.map(({ run }) => localDateAt(ground.register.zone, run.start));
};

const blocksOn = (
  readings: Table,
  { meter, register }: RegisterPlace,
  { register: { zone } }: RegisterGround,
  date: string,
): Promise<readonly RankedBlock[]> =>
  readBlocks(readings, meter, register, startOfDate(zone, date), startOfDate(zone, addDays(date, 1)));

/** Whether blocks speak of all expected intervals of a date, be it to say that there is no value. */
const isComplete = (ground: RegisterGround, date: string, stored: readonly RankedBlock[]): boolean => {
  const to = startOfDate(ground.register.zone, addDays(date, 1));
  const blocks = stored.filter(({ kind }) => kind !== 'estimate');
  const { slots } = readDay(ground, date, blocks, Number.POSITIVE_INFINITY);
  return (
    blocks.length > 0 &&
    slots.every(
      (slot) =>
        !slot.expected || blocks.some(({ run }) => run.start <= slot.from && Math.min(slot.to, to) <= endOf(run)),
    )
  );
};

/** What was read to find the days that are to be judged, in this order, and may serve to judge the first of them. */
export interface SeenBefore {
  /** Judged months from that of a date on, to the last. */
  readonly since: string;
  readonly months: readonly JudgedMonth[];
  /** The stored blocks of a date. */
  readonly blocksOf: { readonly date: string; readonly blocks: readonly RankedBlock[] } | undefined;
}

/** Dates that are to be judged on news of some, and the last date that is closed. */
export interface DaysOfNews {
  readonly dates: readonly string[];
  readonly closed: string;
  /** Where days before the first judged ones are among them: that first one, undefined where none was judged. */
  readonly begins: { readonly before: string | undefined } | undefined;
  /** Whether anything of a day is known besides the news. */
  readonly isEmpty: boolean;
  readonly seen: SeenBefore;
}

const lastOfTime = '9999-12-31';

/**
 * Which dates are to be judged on news of some, and the last date that is closed.
 * @param touched ascending
 */
export const daysOfNews = async (
  readings: Table,
  place: RegisterPlace,
  ground: RegisterGround,
  touched: readonly string[],
): Promise<DaysOfNews> => {
  const since = digestsFor(ground.configuration, { first: touched[0] ?? lastOfTime, last: lastOfTime })[0].first;
  const months = await readJudgedMonths(readings, place, { first: since, last: lastOfTime });
  const last = months.at(-1)?.digests.at(-1)?.date ?? (await lastJudged(readings, place));
  const isLate = last !== undefined && touched.some((date) => date < last);
  const judged =
    last === undefined ? undefined : { first: isLate ? ((await firstJudged(readings, place)) ?? last) : last, last };
  const known = await datesKnown(readings, place, ground, judged);
  const dates = [...touched, ...known].sort();
  const [first, latest] = [dates[0] ?? '', dates.at(-1) ?? ''];
  const blocksOf =
    latest === last ? undefined : { date: latest, blocks: await blocksOn(readings, place, ground, latest) };
  const latestIsComplete = blocksOf === undefined || isComplete(ground, latest, blocksOf.blocks);
  const toJudge = daysToJudge({ touched, judged, first, latest, latestIsComplete });
  return {
    dates: toJudge,
    closed: latestIsComplete ? latest : addDays(latest, -1),
    begins: judged === undefined || first < judged.first ? { before: judged?.first } : undefined,
    isEmpty: known.length === 0,
    seen: { since, months, blocksOf },
  };
};
