import { endOf } from '#shared/domain/metering/runs.ts';
import type { RegisterGround } from '#shared/domain/vee/judgement.ts';
import { readDay } from '#shared/domain/vee/read-day.ts';
import { firstJudged, lastJudged } from '#shared/store/judged-months.ts';
import type { RegisterPlace } from '#shared/store/judged-registers.ts';
import { outermostBlocks, readBlocks } from '#shared/store/readings.ts';
import type { Table } from '#shared/store/table.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { daysToJudge } from './days-to-judge.ts';

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

/** Whether blocks speak of all expected intervals of a date, be it to say that there is no value. */
const isComplete = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  ground: RegisterGround,
  date: string,
): Promise<boolean> => {
  const { zone } = ground.register;
  const [from, to] = [startOfDate(zone, date), startOfDate(zone, addDays(date, 1))];
  const blocks = (await readBlocks(readings, meter, register, from, to)).filter(({ kind }) => kind !== 'estimate');
  const { slots } = readDay(ground, date, blocks, Number.POSITIVE_INFINITY);
  return (
    blocks.length > 0 &&
    slots.every(
      (slot) =>
        !slot.expected || blocks.some(({ run }) => run.start <= slot.from && Math.min(slot.to, to) <= endOf(run)),
    )
  );
};

/** Dates that are to be judged on news of some, and the last date that is closed. */
export interface DaysOfNews {
  readonly dates: readonly string[];
  readonly closed: string;
  /** Where days before the first judged ones are among them: that first one, undefined where none was judged. */
  readonly begins: { readonly before: string | undefined } | undefined;
  /** Whether anything of a day is known besides the news. */
  readonly isEmpty: boolean;
}

/** Which dates are to be judged on news of some, and the last date that is closed. */
export const daysOfNews = async (
  readings: Table,
  place: RegisterPlace,
  ground: RegisterGround,
  touched: readonly string[],
): Promise<DaysOfNews> => {
  const last = await lastJudged(readings, place);
  const isLate = last !== undefined && touched.some((date) => date < last);
  const judged =
    last === undefined ? undefined : { first: isLate ? ((await firstJudged(readings, place)) ?? last) : last, last };
  const known = await datesKnown(readings, place, ground, judged);
  const dates = [...touched, ...known].sort();
  const [first, latest] = [dates[0] ?? '', dates.at(-1) ?? ''];
  const latestIsComplete = latest === last || (await isComplete(readings, place, ground, latest));
  const toJudge = daysToJudge({ touched, judged, first, latest, latestIsComplete });
  return {
    dates: toJudge,
    closed: latestIsComplete ? latest : addDays(latest, -1),
    begins: judged === undefined || first < judged.first ? { before: judged?.first } : undefined,
    isEmpty: known.length === 0,
  };
};
