/**
 * A run: consecutive intervals of one register. `start` is in Unix seconds, `interval` in seconds, values are integers in the
 * register's scale and `null` where the meter has none. Quality marks `[index, code]` hold from that interval on until the
 * next; before the first, and without marks, all are actual (code 0).
 */
export interface IntervalRun {
  readonly start: number;
  readonly interval: number;
  readonly values: readonly (number | null)[];
  readonly quality?: QualityMarks | undefined;
}
export type QualityMarks = readonly (readonly [index: number, code: number])[];

export const endOf = (run: IntervalRun): number => run.start + run.interval * run.values.length;

/** A register of such intervals counts local days, which are 23 to 25 hours long: where one begins, the one before has ended. */
export const wholeDay = 86_400;
/** The most by which a local day is shorter than 24 hours, seconds. */
const dayShorter = 7200;

/** Where a run surely reaches: of local days, the end that the last one has at least. */
export const coveredUntil = (run: IntervalRun): number => endOf(run) - (run.interval === wholeDay ? dayShorter : 0);

/** Code of each interval from marks. */
export const codesFromMarks = (marks: QualityMarks, intervals: number): number[] => {
  const codes = new Array<number>(intervals).fill(0);
  marks.forEach(([index, code], place) => {
    codes.fill(code, index, marks[place + 1]?.[0] ?? intervals);
  });
  return codes;
};

/**
 * Marks from the code of each interval, the same for the same readings: a missing interval has no quality and takes that of
 * the one before. Undefined where all are actual.
 */
export const marksFromCodes = (
  codes: readonly number[],
  values: readonly (number | null)[],
): QualityMarks | undefined => {
  const marks: [number, number][] = [];
  let current = 0;
  codes.forEach((code, index) => {
    if (values[index] === null || code === current) return;
    marks.push([index, code]);
    current = code;
  });
  return marks.length === 0 ? undefined : marks;
};

/** The run with its marks in the form above. */
export const canonical = (run: IntervalRun): IntervalRun => {
  const { start, interval, values } = run;
  const marks = run.quality && marksFromCodes(codesFromMarks(run.quality, values.length), values);
  return marks === undefined ? { start, interval, values } : { start, interval, values, quality: marks };
};
