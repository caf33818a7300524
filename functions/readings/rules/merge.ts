import {
  codesFromMarks,
  coveredUntil,
  type IntervalRun,
  marksFromCodes,
  marksFromMethods,
  methodsFromMarks,
  runOf,
} from './runs.ts';

/**
 * What a stored block is: a correction of readings; readings as the meter sent them first or as its head end says them; what the
 * meter itself said of the time later on; or an estimate.
 */
export const blockKinds = ['correction', 'actual', 'supplement', 'estimate'] as const;
export type BlockKind = (typeof blockKinds)[number];

/** A stored block; `order` is its sort key, which settles between blocks of one rank. */
export interface RankedBlock {
  readonly kind: BlockKind;
  readonly revision: number;
  readonly order: string;
  readonly run: IntervalRun;
}

/**
 * Best first: correction, then actual, then supplement, then estimate; of one kind the higher revision, but of supplements the
 * lower: a meter fills what it has not told, and replaces nothing. Of one revision the complete day.
 */
const byRank = (left: RankedBlock, right: RankedBlock): number =>
  blockKinds.indexOf(left.kind) - blockKinds.indexOf(right.kind) ||
  (left.kind === 'supplement' ? left.revision - right.revision : right.revision - left.revision) ||
  (left.order < right.order ? -1 : left.order > right.order ? 1 : 0);

/** One interval as merged. */
interface Placed {
  readonly start: number;
  readonly interval: number;
  value: number | null;
  code: number;
  method: string;
}

const runOfPlaced = (intervals: readonly Placed[]): IntervalRun => {
  const [first] = intervals;
  if (first === undefined) throw new RangeError('a run has at least one interval');
  const values = intervals.map((placed) => placed.value);
  const quality = marksFromCodes(
    intervals.map((placed) => placed.code),
    values,
  );
  const methods = marksFromMethods(
    intervals.map((placed) => placed.method),
    values,
  );
  const { start, interval } = first;
  return runOf({ start, interval, values, quality, methods });
};

const splitIntoRuns = (intervals: readonly Placed[]): IntervalRun[] => {
  const runs: IntervalRun[] = [];
  let current: Placed[] = [];
  for (const placed of intervals) {
    const last = current.at(-1);
    if (last !== undefined && (last.interval !== placed.interval || last.start + last.interval !== placed.start)) {
      runs.push(runOfPlaced(current));
      current = [];
    }
    current.push(placed);
  }
  if (current.length > 0) runs.push(runOfPlaced(current));
  return runs;
};

const reach = (start: number, interval: number): number => coveredUntil({ start, interval, values: [null] });

/** Blocks whose times meet, as one: best first, each interval taken where nothing better stands; a value over a missing one. */
const mergeOverlapping = (blocks: readonly RankedBlock[]): IntervalRun[] => {
  const placed = new Map<number, Placed>();
  const oneGrid = blocks.every(
    ({ run }) =>
      run.interval === blocks[0]?.run.interval && (run.start - (blocks[0]?.run.start ?? 0)) % run.interval === 0,
  );
  const isTaken = (start: number, interval: number): boolean => {
    if (oneGrid) return false;
    for (const other of placed.values()) {
      if (start < reach(other.start, other.interval) && other.start < reach(start, interval)) return true;
    }
    return false;
  };
  for (const { run } of blocks.toSorted(byRank)) {
    const codes = run.quality === undefined ? undefined : codesFromMarks(run.quality, run.values.length);
    const methods = run.methods === undefined ? undefined : methodsFromMarks(run.methods, run.values.length);
    run.values.forEach((value, index) => {
      const start = run.start + index * run.interval;
      const there = placed.get(start);
      const [code, method] = [codes?.[index] ?? 0, methods?.[index] ?? ''];
      if (there !== undefined && there.interval === run.interval) {
        if (there.value === null && value !== null) Object.assign(there, { value, code, method });
      } else if (there === undefined && !isTaken(start, run.interval)) {
        placed.set(start, { start, interval: run.interval, value, code, method });
      }
    });
  }
  return splitIntoRuns([...placed.values()].sort((left, right) => left.start - right.start));
};

/** The readings that a register's blocks say, as runs that ascend and do not overlap. Any order of blocks gives the same. */
export const mergeBlocks = (blocks: readonly RankedBlock[]): IntervalRun[] => {
  const ordered = blocks.toSorted((left, right) => left.run.start - right.run.start || byRank(left, right));
  const runs: IntervalRun[] = [];
  let group: RankedBlock[] = [];
  let groupEnd = 0;
  const close = (): void => {
    const [only, second] = group;
    if (only !== undefined && second === undefined) runs.push(only.run);
    else if (only !== undefined) runs.push(...mergeOverlapping(group));
    group = [];
  };
  for (const block of ordered) {
    if (group.length > 0 && block.run.start >= groupEnd) close();
    groupEnd = group.length === 0 ? coveredUntil(block.run) : Math.max(groupEnd, coveredUntil(block.run));
    group.push(block);
  }
  close();
  return runs;
};
