import { billableQualities, estimatedQualities, quality } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { midnightBefore, nextMidnight } from '#shared/vocabulary/time.ts';
import { codesFromMarks, type IntervalRun, wholeDay } from './runs.ts';
import type { MeasuredStretch, Series, Stretch } from './supplied-series.ts';

type Scaled = Series['stretches'][number];

/** An interval within which a meter was exchanged: each of the two has measured a part. `from` and `to` are those of the one before. */
export interface SharedInterval extends Range {
  readonly at: number;
  readonly before: Scaled;
  readonly after: Scaled;
  /** Where the interval of the later meter begins that holds its part. */
  readonly afterFrom: number;
}

/** A value of one interval with its ESPI code. */
export interface CodedValue {
  readonly value: number;
  readonly code: number;
}

/** The interval of a register that an instant lies in. */
export const intervalAt = ({ intervalSeconds, zone }: Stretch['register'], instant: number): Range => {
  const [midnight, next] = [midnightBefore(zone, instant), nextMidnight(zone, instant)];
  if (intervalSeconds === wholeDay) return { from: midnight, to: next };
  const from = midnight + Math.floor((instant - midnight) / intervalSeconds) * intervalSeconds;
  return { from, to: Math.min(from + intervalSeconds, next) };
};

/** Intervals of a series within which one meter took the place of another. */
export const sharedIntervals = ({ stretches }: Series): readonly SharedInterval[] =>
  stretches.flatMap((after, place) => {
    const before = stretches[place - 1];
    if (before === undefined) return [];
    const [last, first] = [intervalAt(before.register, before.to - 1), intervalAt(after.register, after.from)];
    const isCut = before.to < last.to && first.from < after.from;
    return isCut && after.from < last.to
      ? [{ from: last.from, to: last.to, at: after.from, before, after, afterFrom: first.from }]
      : [];
  });

/** What runs say of the interval that begins at an instant; undefined where they have no value. */
export const valueAt = (runs: readonly IntervalRun[], start: number): CodedValue | undefined => {
  for (const { start: from, interval, values, quality: marks } of runs) {
    const place = (start - from) / interval;
    const value = values[place];
    if (value === undefined || value === null) continue;
    return { value, code: marks === undefined ? quality.valid : (codesFromMarks(marks, values.length)[place] ?? 0) };
  }
  return undefined;
};

/** The graver of two codes: one that does not count, then an estimate; of others `mixed` would not count, and the higher stands. */
const jointCode = (one: number, other: number): number => {
  const gravity = (code: number): number => (billableQualities.has(code) ? (estimatedQualities.has(code) ? 1 : 0) : 2);
  return gravity(one) === gravity(other) ? Math.max(one, other) : gravity(one) > gravity(other) ? one : other;
};

/** The parts of two meters as one value of the series; undefined where one of them is not known: half of it is no use of the interval. */
export const sumOfParts = (
  { before, after }: SharedInterval,
  first: CodedValue | undefined,
  second: CodedValue | undefined,
): CodedValue | undefined =>
  first === undefined || second === undefined
    ? undefined
    : {
        value: first.value * before.factor + second.value * after.factor,
        code: jointCode(first.code, second.code),
      };

const without = (ranges: readonly Range[], { from, to }: Range): readonly Range[] =>
  ranges.flatMap((range) =>
    [
      { from: range.from, to: Math.min(range.to, from) },
      { from: Math.max(range.from, to), to: range.to },
    ].filter((part) => part.from < part.to),
  );

/**
 * What the meter before measured without the shared interval, and that interval with the parts of both. Where neither has a value for
 * it, all stays as it was.
 */
export const joinParts = (
  shared: SharedInterval,
  measured: MeasuredStretch | undefined,
  later: readonly IntervalRun[],
): readonly MeasuredStretch[] => {
  const first = valueAt(measured?.runs ?? [], shared.from);
  const second = valueAt(later, shared.afterFrom);
  const own = measured === undefined ? [] : [measured];
  if (first === undefined && second === undefined) return own;
  const sum = sumOfParts(shared, first, second);
  const joined: MeasuredStretch = {
    ranges: [{ from: shared.from, to: shared.to }],
    factor: 1,
    runs: [
      {
        start: shared.from,
        interval: shared.to - shared.from,
        values: [sum?.value ?? null],
        ...(sum === undefined || sum.code === quality.valid ? {} : { quality: [[0, sum.code]] }),
      },
    ],
    ...(measured?.gas === undefined ? {} : { gas: measured.gas }),
    exchange: {
      at: shared.at,
      ...(sum === undefined ? { missing: first === undefined ? ('before' as const) : ('after' as const) } : {}),
    },
  };
  return [...own.map((one) => ({ ...one, ranges: without(one.ranges, shared) })), joined];
};
