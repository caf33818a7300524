import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import type { IntervalRun } from '#functions/readings/rules/runs.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { storedBlockRules } from './block-rules.ts';
import type { DayContext, Sibling } from './day-context.ts';
import { carriesAlike, type DayDigest, digestDay, type HistoryDay } from './day-digest.ts';
import { shapesOf } from './estimate/day-shapes.ts';
import {
  type Estimate,
  type FillMode,
  isStored,
  nextRevision,
  storedEstimates,
  type Unfilled,
} from './estimate/estimate.ts';
import { fillHoles } from './estimate/fill-holes.ts';
import { withdrawn } from './estimate/withdrawn-estimates.ts';
import { type ExceptionChange, type KnownException, reconcile } from './exception-life.ts';
import { findingsOf, type VeeFinding } from './findings.ts';
import type { RegisterGround, VeeException } from './judgement.ts';
import { foundBy } from './looked-at.ts';
import { type MonthDelta, monthDeltas } from './month-delta.ts';
import { type MeterEvent, meetsOutage, poweredOff } from './power.ts';
import { hasHole, type ReadDay, readDay } from './read-day.ts';
import { periodsOf, type ReadPeriod, sumCheck } from './reads/read-periods.ts';
import type { MeterExchange, RegisterRead } from './reads/register-reads.ts';
import {
  type JudgedInterval,
  type RuleVerdict,
  runOfIntervals,
  type ValidatedDay,
  validateDay,
} from './validate-day.ts';

/** A local date of the register and every stored block of it, estimates among them, in any order. */
export interface DayOfBlocks {
  readonly date: string;
  readonly blocks: readonly RankedBlock[];
  /** The other registers of the meter that have readings as a rule. */
  readonly siblings?: readonly Sibling[];
}

/** Everything that `judgeDays` looks at. Instants in Unix seconds. */
export interface JudgementInput {
  readonly ground: RegisterGround;
  /** Dates that follow each other, at most 100: one as a rule; those between two reads where a total is to be shared out. */
  readonly days: readonly DayOfBlocks[];
  /** The same days as `readDay` cuts them at `asOf`, where that was done before. */
  readonly read?: readonly ReadDay[];
  /** Judged days around them whose intervals are known, as `historyFor` names them; none where no hole is to be filled. */
  readonly history: readonly HistoryDay[];
  /** Digests as `historyFor` names them, those of the days themselves among them where they were judged before. */
  readonly digests: readonly DayDigest[];
  /** Exceptions that are kept over these days or end where they begin, whatever their state. */
  readonly known: readonly KnownException[];
  /** Reads around the days, the last before and the first after among them. */
  readonly reads: readonly RegisterRead[];
  readonly exchanges: readonly MeterExchange[];
  readonly events: readonly MeterEvent[];
  /** Intervals that end after this are not expected yet. */
  readonly asOf: number;
  readonly mode: FillMode;
}

export interface JudgedDay {
  readonly date: string;
  readonly intervals: readonly JudgedInterval[];
  readonly rules: readonly RuleVerdict[];
  /** Measured and estimated values with their codes: what readers of usage and the closing of months are to see. */
  readonly run: IntervalRun;
  readonly digest: DayDigest;
  /** Revision under which the new estimates of the date are to be stored. */
  readonly estimateRevision: number;
}

export interface Judgement {
  readonly days: readonly JudgedDay[];
  /** All estimates that now hold; `isNew` where the stored ones do not say the same. */
  readonly estimates: readonly (Estimate & { readonly isNew: boolean })[];
  readonly unfilled: readonly Unfilled[];
  /** By id, each once: what the rules find in these days now. */
  readonly exceptions: readonly VeeException[];
  /** What is to be written of exceptions: opened, changed, filled, ended. */
  readonly changes: readonly ExceptionChange[];
  /** Work and news that follow from what was found. */
  readonly findings: readonly VeeFinding[];
  /** By how much the sums of months change against the digests as they were. */
  readonly months: readonly MonthDelta[];
  /** The day after, where it was or will be judged otherwise than before: a row of equal values or of estimates reaches into it. */
  readonly next: string | null;
}

const mostDays = 100;

/** Exceptions by id; of one that several days tell of, what the last of them says. */
const once = (exceptions: readonly VeeException[]): readonly VeeException[] =>
  [...new Map(exceptions.map((one) => [one.id, one])).values()].sort(
    (left, right) => left.from - right.from || (left.id < right.id ? -1 : 1),
  );

const usualPerDay = (digests: readonly DayDigest[], before: string): number | undefined => {
  const days = digests.filter(({ date, missing, count }) => date < before && missing === 0 && count > 0);
  if (days.length < 7) return undefined;
  return Math.round(days.reduce((sum, { total }) => sum + total, 0) / days.length);
};

const checked = (days: readonly DayOfBlocks[]): void => {
  const [first] = days;
  if (first === undefined) throw new RangeError('no day to judge');
  if (days.length > mostDays) throw new RangeError(`at most ${mostDays} days are judged together`);
  if (days.some(({ date }, index) => date !== addDays(first.date, index)))
    throw new RangeError('days must follow each other');
};

/** The registers' totals of the time, and what is wrong with them. */
const totalsOf = (input: JudgementInput, read: readonly ReadDay[]) => {
  const { ground, reads, exchanges } = input;
  const { off } = ground.configuration;
  const { periods, exceptions } = periodsOf(ground, reads, exchanges, usualPerDay(input.digests, read[0]?.date ?? ''));
  const refuted = off.includes('sum-check') ? [] : sumCheck(ground, read, periods);
  // Of a period that reaches beyond the days, what is left for their holes is not known.
  const [first, last] = [read[0]?.from ?? 0, read.at(-1)?.to ?? 0];
  const trusted = periods.filter(
    ({ from, to }) => first <= from && to <= last && !refuted.some((one) => one.from === from),
  );
  return { trusted, exceptions: [...exceptions.filter(({ ruleId }) => !off.includes(ruleId)), ...refuted] };
};

/** A day before its holes are filled. */
interface DigestedDay extends ValidatedDay {
  readonly digest: DayDigest;
}

/** Validates day by day: each after the digest of the one before. */
const validated = (
  input: JudgementInput,
  read: readonly ReadDay[],
  ofReads: readonly VeeException[],
): readonly DigestedDay[] => {
  const { ground, days, events, known } = input;
  const standing = [
    ...ofReads,
    ...known.flatMap(({ exception, state }) =>
      storedBlockRules.has(exception.ruleId) && state === 'open' ? [exception] : [],
    ),
  ];
  const digests = digestsBefore(input);
  return read.map((day, index) => {
    const context: DayContext = { ground, digests, events, standing, siblings: days[index]?.siblings ?? [] };
    const judged = validateDay(day, context);
    const digest = digestOf(ground, day, judged.intervals, digests);
    digests.set(day.date, digest);
    return { ...judged, digest };
  });
};

/** The digests of the days before those that are judged, which are made anew. */
const digestsBefore = ({ digests, days }: JudgementInput): Map<string, DayDigest> => {
  const judged = new Set(days.map(({ date }) => date));
  return new Map(digests.filter(({ date }) => !judged.has(date)).map((digest) => [digest.date, digest]));
};

const digestOf = (
  { register, configuration }: RegisterGround,
  day: ReadDay,
  intervals: readonly JudgedInterval[],
  digests: ReadonlyMap<string, DayDigest>,
): DayDigest =>
  digestDay(day, intervals, {
    zone: register.zone,
    digests,
    estimatedPerMille: configuration.prolonged.sharePerMille,
    usualDays: configuration.zero.historyDays,
  });

/** The estimates of the days as they are stored, by date and start. */
const storedOf = ({ ground, days }: JudgementInput) =>
  new Map(days.map(({ date, blocks }) => [date, storedEstimates(blocks, ground.register.intervalSeconds)]));

/** Fills what is missing: the estimates of now, and stored ones where nothing better can be made. */
const estimated = (
  input: JudgementInput,
  read: readonly ReadDay[],
  validatedDays: readonly ValidatedDay[],
  periods: readonly ReadPeriod[],
) => {
  const { ground, events, mode } = input;
  const { intervalSeconds } = ground.register;
  const stored = storedOf(input);
  const taken = read.flatMap((day) => withdrawn(day, stored.get(day.date) ?? new Map(), intervalSeconds));
  if (!read.some(hasHole)) {
    return { estimates: taken, filled: validatedDays.map(({ intervals }) => intervals), unfilled: [] };
  }
  const off = poweredOff(events);
  const wasFilled = new Set(
    read
      .filter(({ date, slots }) => slots.some(({ from, value }) => value === null && stored.get(date)?.has(from)))
      .map(({ date }) => date),
  );
  const around = validatedDays.map(({ date, intervals }, index): HistoryDay => {
    const outage = meetsOutage(off, { from: read[index]?.from ?? 0, to: read[index]?.to ?? 0 });
    return { date, runs: [runOfIntervals(intervals, intervalSeconds)], outage };
  });
  const { estimates, unfilled } = fillHoles({
    ground,
    days: read,
    shapes: shapesOf(ground, [...input.history, ...around]),
    periods,
    off,
    isAsked: (date) => mode === 'requested' || wasFilled.has(date),
  });
  const made = new Map(
    estimates.flatMap(({ from, interval, values, quality }) =>
      values.map((value, index) => [from + index * interval, { value, code: quality }] as const),
    ),
  );
  const filled = validatedDays.map(({ date, intervals }, index): readonly JudgedInterval[] => {
    const day = read[index];
    if (day === undefined || !hasHole(day)) return intervals;
    return intervals.map((one, place): JudgedInterval => {
      if (one.value !== null || day.slots[place]?.expected === false) return one;
      const there = made.get(one.from) ?? stored.get(date)?.get(one.from);
      return there === undefined ? one : { ...one, value: there.value, quality: there.code };
    });
  });
  const stillMissing = new Set(
    read.flatMap(({ date, slots }, index) =>
      slots.some(({ expected }, place) => expected && filled[index]?.[place]?.value === null) ? [date] : [],
    ),
  );
  return {
    estimates: [...estimates, ...taken],
    filled,
    unfilled: unfilled.filter(({ date }) => stillMissing.has(date)),
  };
};

/**
 * Validates days of one register and fills their holes. Pure: the same input gives the same output, so a day may be judged when
 * it closes and again whenever a block, a correction, a register read or an event of it arrives.
 *
 * Originals stay as they are: `run` and `intervals` show what holds, `estimates` go to a layer of their own (blocks `e<n>` of
 * the readings table), and the merge takes a measured value over them as soon as there is one.
 * Throws RangeError where the days do not follow each other or are more than 100.
 */
export const judgeDays = (input: JudgementInput): Judgement => {
  const { ground, days } = input;
  checked(days);
  const read = input.read ?? days.map(({ date, blocks }) => readDay(ground, date, blocks, input.asOf));
  const totals = totalsOf(input, read);
  const judged = validated(input, read, totals.exceptions);
  const { estimates, filled, unfilled } = estimated(input, read, judged, totals.trusted);

  const was = new Map(input.digests.map((digest) => [digest.date, digest]));
  const digests = digestsBefore(input);
  let isAsValidated = true;
  const judgedDays = judged.map((validatedDay, index): JudgedDay => {
    const { date, rules } = validatedDay;
    const intervals = filled[index] ?? [];
    const day = read[index] ?? { date, from: 0, to: 0, slots: [] };
    // What was filled on a day before says what its digest, and those after it, hold.
    isAsValidated &&= intervals === validatedDay.intervals;
    const digest = isAsValidated ? validatedDay.digest : digestOf(ground, day, intervals, digests);
    digests.set(date, digest);
    return {
      date,
      intervals,
      rules,
      run: runOfIntervals(intervals, ground.register.intervalSeconds),
      digest,
      estimateRevision: nextRevision(days[index]?.blocks ?? []),
    };
  });
  const exceptions = once([...totals.exceptions, ...judged.flatMap((day) => day.exceptions)]);
  const last = judgedDays.at(-1)?.digest;
  const found = foundBy({
    zone: ground.register.zone,
    exceptions,
    days: read,
    intervals: filled.flat(),
    last,
    reads: input.reads,
  });
  const changes = reconcile(input.known, found);
  return {
    days: judgedDays,
    estimates: estimates.map((estimate) => ({
      ...estimate,
      isNew: !isStored(estimate, days.find(({ date }) => date === estimate.date)?.blocks ?? []),
    })),
    unfilled,
    exceptions,
    changes,
    findings: findingsOf({ exceptions, changes, known: input.known, goesOn: found.goesOn, end: read.at(-1)?.to ?? 0 }),
    months: monthDeltas(
      was,
      judgedDays.map(({ digest }) => digest),
    ),
    next: last === undefined || carriesAlike(was.get(last.date), last) ? null : addDays(last.date, 1),
  };
};
