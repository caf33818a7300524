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
  /** How the source said that values came about, where the code does not say all of it; empty where it does. */
  readonly methods?: MethodMarks | undefined;
}
export type MethodMarks = readonly (readonly [index: number, method: string])[];
export type QualityMarks = readonly (readonly [index: number, code: number])[];

export const endOf = (run: IntervalRun): number => run.start + run.interval * run.values.length;

/** A register of such intervals counts local days, which are 23 to 25 hours long: where one begins, the one before has ended. */
export const wholeDay = 86_400;
/** The most by which a local day is shorter than 24 hours, seconds. */
const dayShorter = 7200;

/** Where a run surely reaches: of local days, the end that the last one has at least. */
export const coveredUntil = (run: IntervalRun): number => endOf(run) - (run.interval === wholeDay ? dayShorter : 0);

const eachFromMarks = <Said>(
  marks: readonly (readonly [index: number, said: Said])[],
  intervals: number,
  first: Said,
): Said[] => {
  const each = new Array<Said>(intervals).fill(first);
  marks.forEach(([index, said], place) => {
    each.fill(said, index, marks[place + 1]?.[0] ?? intervals);
  });
  return each;
};

const marksFromEach = <Said>(
  each: readonly Said[],
  values: readonly (number | null)[],
  first: Said,
): readonly (readonly [index: number, said: Said])[] | undefined => {
  const marks: [number, Said][] = [];
  let current = first;
  each.forEach((said, index) => {
    if (values[index] === null || said === current) return;
    marks.push([index, said]);
    current = said;
  });
  return marks.length === 0 ? undefined : marks;
};

/** Code of each interval from marks. */
export const codesFromMarks = (marks: QualityMarks, intervals: number): number[] => eachFromMarks(marks, intervals, 0);

/** Method of each interval from marks; empty where there is none. */
export const methodsFromMarks = (marks: MethodMarks | undefined, intervals: number): string[] =>
  eachFromMarks(marks ?? [], intervals, '');

/**
 * Marks from the code of each interval, the same for the same readings: a missing interval has no quality and takes that of
 * the one before. Undefined where all are actual.
 */
export const marksFromCodes = (
  codes: readonly number[],
  values: readonly (number | null)[],
): QualityMarks | undefined => marksFromEach(codes, values, 0);

/** Marks from the method of each interval, likewise. */
export const marksFromMethods = (
  methods: readonly string[],
  values: readonly (number | null)[],
): MethodMarks | undefined => marksFromEach(methods, values, '');

/** The same readings, without members for marks that say nothing. */
export const runOf = ({ start, interval, values, quality, methods }: IntervalRun): IntervalRun => ({
  start,
  interval,
  values,
  ...(quality === undefined ? {} : { quality }),
  ...(methods === undefined ? {} : { methods }),
});

/** The run with its marks in the form above. */
export const canonical = ({ start, interval, values, quality, methods }: IntervalRun): IntervalRun =>
  runOf({
    start,
    interval,
    values,
    quality: quality && marksFromCodes(codesFromMarks(quality, values.length), values),
    methods: methods && marksFromMethods(methodsFromMarks(methods, values.length), values),
  });
