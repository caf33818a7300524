import { type ExceptionChange, type KnownException, reconcile } from '#functions/validation/rules/exception-life.ts';
import type { RegisterGround, VeeException } from '#functions/validation/rules/judgement.ts';
import { exceptionOf } from '#functions/validation/rules/judgement.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { advancesBefore, type ChainedPeriod, readsBefore } from './read-chain.ts';
import type { ReadsWindow } from './reads-window.ts';
import type { RegisterRead } from './register-reads.ts';

/** A distance between reads is a hole where it is longer than so many times the usual one, of which so many are known. */
const [holeTimes, leastDistances] = [2, 4];
/** Days from a date to the same day of the week a year before. */
const yearSeconds = 364 * 86_400;
const daySeconds = 86_400;

/** The longest time without a read from one place to another. */
const widest = (reads: readonly RegisterRead[], begins: number, ends: number): number => {
  let most = 0;
  for (let place = begins; place < ends; place += 1)
    most = Math.max(most, (reads[place + 1]?.at ?? 0) - (reads[place]?.at ?? 0));
  return most;
};

/** Whether no read came for much longer than was usual over the reads before. */
export const isHole = (reads: readonly RegisterRead[], { begins, ends }: ChainedPeriod): boolean => {
  const length = widest(reads, begins, ends);
  let [distances, shorter] = [0, 0];
  for (let place = Math.max(1, begins - readsBefore + 1); place <= begins; place += 1) {
    distances += 1;
    if (((reads[place]?.at ?? 0) - (reads[place - 1]?.at ?? 0)) * holeTimes < length) shorter += 1;
  }
  return distances >= leastDistances && shorter * 2 > distances;
};

/** No reads over more than double the usual time: what was used is known, when it was used is not. */
const holeOf = (
  ground: RegisterGround,
  reads: readonly RegisterRead[],
  period: ChainedPeriod,
): readonly VeeException[] => {
  if (!isHole(reads, period)) return [];
  const { from, to, total } = period;
  const evidence = { seconds: widest(reads, period.begins, period.ends), advanced: total };
  return [exceptionOf(ground, 'missing-intervals', { from, to, severity: 'fail', evidence })];
};

/** Counts of a range on straight lines between reads; undefined where the reads do not hold it whole. */
const countsWithin = (advances: ReturnType<typeof advancesBefore>, { from, to }: Range): number | undefined => {
  let [counts, seconds] = [0, 0];
  for (const one of advances) {
    const shared = Math.min(one.to, to) - Math.max(one.from, from);
    if (shared <= 0) continue;
    counts += (one.counts * shared) / (one.to - one.from);
    seconds += shared;
  }
  return seconds === to - from ? counts : undefined;
};

/** Use of a period of a week or more against the same time last year, else against all that is known before, scaled to its length. */
const highLowOf = (
  ground: RegisterGround,
  reads: readonly RegisterRead[],
  period: ChainedPeriod,
): readonly VeeException[] => {
  const { highLow, sumCheck, dial } = ground.configuration;
  const { from, to, total, countSize, begins } = period;
  if (to - from < highLow.windowDays * daySeconds) return [];
  const isUsed = (range: Range): boolean =>
    !ground.zeroExpected.some((zero) => zero.from < range.to && range.from < zero.to);
  const advances = advancesBefore(reads, begins).filter(isUsed);
  const span = advances.reduce((sum, one) => sum + one.to - one.from, 0);
  if (!isUsed(period) || span < to - from) return [];
  const lastYear = countsWithin(advances, { from: from - yearSeconds, to: to - yearSeconds });
  const all = advances.reduce((sum, { counts }) => sum + counts, 0);
  const usual = (lastYear ?? (all * (to - from)) / span) * (dial?.multiplier ?? 1);
  // What a dial rounds off is no change of use.
  if (usual <= 0 || Math.abs(total - usual) <= sumCheck.counts * countSize) return [];
  if (total * 1000 >= highLow.lowPerMille * usual && total * 1000 <= highLow.highPerMille * usual) return [];
  const evidence = {
    used: total,
    usual: Math.round(usual),
    days: Math.round((to - from) / daySeconds),
    compared: lastYear === undefined ? 'reads-before' : 'last-year',
  };
  return [exceptionOf(ground, 'high-low', { from, to, severity: 'warn', evidence })];
};

/** Whether an exception is of a period between reads, and not of days. */
export const isByReads = ({ evidence }: Pick<VeeException, 'evidence'>): boolean => evidence.by === 'reads';

/** What judging the reads of a register came to: exceptions that begin in what was looked at, and what is to be written of them. */
export interface ReadsJudgement {
  readonly exceptions: readonly VeeException[];
  readonly changes: readonly ExceptionChange[];
}

/**
 * Judges the periods between reads of a register that sends no intervals. The same reads give the same exceptions, whatever the
 * windows they were judged in.
 * @param known exceptions of the register that begin in `window.looked`
 */
export const judgeReads = (
  ground: RegisterGround,
  window: ReadsWindow,
  known: readonly KnownException[],
): ReadsJudgement => {
  const { off } = ground.configuration;
  const { looked } = window;
  const isIn = ({ from }: Pick<Range, 'from'>): boolean => looked.from <= from && from < looked.to;
  const exceptions = window.chains
    .flatMap(({ reads, chain }) => [
      ...chain.exceptions.filter(isIn),
      ...chain.periods
        .filter(isIn)
        .flatMap((period) => [...holeOf(ground, reads, period), ...highLowOf(ground, reads, period)]),
    ])
    .filter(({ ruleId }) => !off.includes(ruleId))
    .map((one) => ({ ...one, evidence: { ...one.evidence, by: 'reads' } }))
    .sort((left, right) => left.from - right.from || (left.id < right.id ? -1 : 1));
  const changes = reconcile(
    known.filter(({ exception }) => isIn(exception)),
    {
      exceptions,
      // Of a hole the register says how much was used.
      isFilled: ({ ruleId }) => ruleId === 'missing-intervals',
      lookedAt: () => true,
      goesOn: () => false,
      settledIn: () => new Set(),
    },
  );
  return { exceptions, changes };
};
