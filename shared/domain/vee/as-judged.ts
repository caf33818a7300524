import type { RankedBlock } from '#shared/domain/metering/merge.ts';
import type { IntervalRun } from '#shared/domain/metering/runs.ts';
import { storedEstimates } from './estimate.ts';
import type { KnownException } from './exception-life.ts';
import type { RegisterGround } from './judgement.ts';
import { readDay } from './read-day.ts';
import { judgedInterval, runOfIntervals } from './validate-day.ts';

/**
 * A day as it was judged, put together from what is stored: blocks of all kinds as they came, and the exceptions that stand over
 * it. The same run as `judgeDays` gave, so that judged readings need not be stored beside the readings: what history estimates
 * are made from, and what usage shows.
 * @param known exceptions that meet the day, whatever their state; those that ended are passed over
 */
export const asJudged = (
  ground: RegisterGround,
  date: string,
  blocks: readonly RankedBlock[],
  known: readonly KnownException[],
): IntervalRun => {
  const { intervalSeconds } = ground.register;
  const stored = storedEstimates(blocks, intervalSeconds);
  const standing = known.flatMap(({ exception, state }) =>
    state === 'open' || state === 'filled' || state === 'dismissed' ? [exception] : [],
  );
  const intervals = readDay(ground, date, blocks, Number.POSITIVE_INFINITY).slots.map((slot) => {
    const judged = judgedInterval(slot, standing);
    const estimate = slot.value === null && slot.expected ? stored.get(slot.from) : undefined;
    return estimate === undefined ? judged : { ...judged, value: estimate.value, quality: estimate.code };
  });
  return runOfIntervals(intervals, intervalSeconds);
};
