import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import { canonical, codesFromMarks, endOf, type IntervalRun } from '#functions/readings/rules/runs.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { storedEstimates } from './estimate/estimate.ts';
import type { KnownException } from './exception-life.ts';
import type { RegisterGround, VeeException } from './judgement.ts';
import { readDay } from './read-day.ts';
import { firstOf } from './rule-pack.ts';
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

/** Codes that no exception changes: estimates, and values that a person stands for. */
const unquestioned: ReadonlySet<number> = new Set([7, 8, 9, 11, 12, 18, 19]);

const standsOver = ({ state }: KnownException): boolean =>
  state === 'open' || state === 'filled' || state === 'dismissed';

/** What exceptions make of the codes of one merged run. */
const codesUnder = (run: IntervalRun, exceptions: readonly VeeException[], judgedUntil: number): readonly number[] =>
  codesFromMarks(run.quality ?? [], run.values.length).map((code, index) => {
    const from = run.start + index * run.interval;
    if (unquestioned.has(code)) return code;
    const touching = exceptions.filter((one) => one.from < from + run.interval && from < one.to).toSorted(firstOf);
    const [first] = touching;
    if (first?.quality !== undefined) return first.quality;
    return code === quality.raw && from + run.interval <= judgedUntil ? quality.validated : code;
  });

/**
 * Merged readings, estimates among them, with the codes that judging gave them. For long stretches, where `asJudged` would cut
 * each day: a run that no exception meets stays as it is.
 * @param known exceptions that meet the runs, whatever their state
 * @param judgedUntil end of the judged days, Unix seconds: raw values before it that no rule questions are validated ones
 */
export const underExceptions = (
  runs: readonly IntervalRun[],
  known: readonly KnownException[],
  judgedUntil: number,
): readonly IntervalRun[] => {
  const standing = known.flatMap((one) =>
    standsOver(one) && one.exception.quality !== undefined ? [one.exception] : [],
  );
  return runs.map((run) => {
    const end = endOf(run);
    const meeting = standing.filter(({ from, to }) => from < end && run.start < to);
    if (meeting.length === 0 && !hasRaw([run])) return run;
    const codes = codesUnder(run, meeting, judgedUntil);
    return canonical({ ...run, quality: codes.map((code, index) => [index, code] as const) });
  });
};

/** Whether some value came raw: then it matters until when days were judged. */
export const hasRaw = (runs: readonly IntervalRun[]): boolean =>
  runs.some((run) => run.quality?.some(([, code]) => code === quality.raw) === true);
