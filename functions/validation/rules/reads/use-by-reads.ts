import { type IntervalRun, marksFromCodes } from '#functions/readings/rules/runs.ts';
import { gridOf } from '#functions/readings/rules/supplied-series.ts';
import { quality, type Register } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';

/** Use between two reads, and how it is to be taken: over a hole nobody knows when it was used. */
export interface UsePeriod extends Range {
  readonly total: number;
  readonly isHole: boolean;
}

/** The longest local day, seconds. */
const longestDay = 90_000;

interface Value extends Range {
  value: number;
  code: number;
}

/** What a register advanced in a period up to an instant, on a straight line, rounded down. */
const advanced = ({ from, to, total }: UsePeriod, at: number): number =>
  at <= from ? 0 : at >= to ? total : Number((BigInt(total) * BigInt(at - from)) / BigInt(to - from));

const valuesOf = (periods: readonly UsePeriod[], register: Register, within: Range): Value[] => {
  const values: Value[] = [];
  let place = 0;
  for (const { from, to } of gridOf(register, within.from, within.to)) {
    let period = periods[place];
    while (period !== undefined && period.to <= from) {
      place += 1;
      period = periods[place];
    }
    if (period === undefined) break;
    if (period.from >= to) continue;
    const one: Value = { from, to, value: 0, code: quality.derived };
    for (let next = place; ; next += 1) {
      const there = periods[next];
      if (there === undefined || there.from >= to) break;
      one.value += advanced(there, to) - advanced(there, from);
      if (there.isHole) one.code = quality.estimatedByInterpolation;
    }
    values.push(one);
  }
  return values;
};

/** Adds what one value says to another. */
const join = (into: Value, { value, code }: Value): void => {
  into.value += value;
  if (code === quality.estimatedByInterpolation) into.code = code;
};

const runsOf = (values: readonly Value[], interval: number): readonly IntervalRun[] => {
  const groups: Value[][] = [];
  for (const one of values) {
    const group = groups.at(-1);
    const [first] = group ?? [];
    if (group !== undefined && first !== undefined && first.from + group.length * interval === one.from)
      group.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => {
    const amounts = group.map(({ value }) => value);
    const marks = marksFromCodes(
      group.map(({ code }) => code),
      amounts,
    );
    return {
      start: group[0]?.from ?? 0,
      interval,
      values: amounts,
      ...(marks === undefined ? {} : { quality: marks }),
    };
  });
};

/**
 * Use in the intervals of a register from periods between its reads: each interval gets what the register advanced in it on straight
 * lines between the reads (11; 9 over a hole), so that together they are what it advanced. What lies before its meter came or after
 * the last read goes to the interval beside it: none begins before the stay or ends after what is known.
 * @param periods of one stay, in order
 * @param ends where the last read of all is among them, its instant
 */
export const useByReads = (
  periods: readonly UsePeriod[],
  register: Register,
  stay: Range,
  asked: Range,
  ends: number | undefined,
): readonly IntervalRun[] => {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return [];
  const within = {
    from: Math.max(first.from, asked.from) - longestDay,
    to: Math.min(last.to, asked.to + longestDay),
  };
  const values = valuesOf(periods, register, within);
  const [head, second] = [values[0], values[1]];
  if (head !== undefined && second !== undefined && head.from < stay.from) {
    join(second, head);
    values.shift();
  }
  const [before, tail] = [values.at(-2), values.at(-1)];
  if (ends !== undefined && before !== undefined && tail !== undefined && tail.to > ends) {
    join(before, tail);
    values.pop();
  }
  return runsOf(
    values.filter(({ from, to }) => from < asked.to && asked.from < to),
    register.intervalSeconds,
  );
};
