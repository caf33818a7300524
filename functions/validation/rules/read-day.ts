import { mergeBlocks, type RankedBlock } from '#functions/readings/rules/merge.ts';
import { codesFromMarks, coveredUntil, type IntervalRun } from '#functions/readings/rules/runs.ts';
import { gridOf } from '#functions/readings/rules/supplied-series.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { holds, type Range } from '#shared/vocabulary/ranges.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { RegisterGround } from './judgement.ts';
import { soundCodes } from './what-counts.ts';

/** Codes of values a person or a check by hand stands for; no rule questions them. */
const settledCodes: ReadonlySet<number> = new Set([quality.edited, quality.verified, quality.revenue]);

/** One interval of a local day of a register. */
export interface Slot extends Range {
  readonly value: number | null;
  /** ESPI code the value came with; 0 where it is missing. */
  readonly code: number;
  /** Whether the meter should have a value here: installed, connected, and over by now. */
  readonly expected: boolean;
  /** Values of other blocks of the same revision, where they differ from this one. */
  readonly others: readonly number[];
}

/** A local day of a register, cut into its intervals: estimates left out, corrections and revisions merged. */
export interface ReadDay extends Range {
  readonly date: string;
  readonly slots: readonly Slot[];
}

/** Whether an interval should have a value and has none. */
export const isHole = ({ expected, value }: Slot): boolean => expected && value === null;
export const hasHole = ({ slots }: ReadDay): boolean => slots.some(isHole);

export const isSettled = ({ code }: Pick<Slot, 'code'>): boolean => settledCodes.has(code);
export const isSound = (value: number | null, code: number): value is number => value !== null && soundCodes.has(code);

/** Values and codes of runs by start; intervals of another length are left out. */
export const valuesByStart = (
  runs: readonly IntervalRun[],
  interval: number,
): ReadonlyMap<number, { readonly value: number; readonly code: number }> => {
  const found = new Map<number, { readonly value: number; readonly code: number }>();
  for (const run of runs) {
    if (run.interval !== interval) continue;
    const codes = run.quality === undefined ? undefined : codesFromMarks(run.quality, run.values.length);
    run.values.forEach((value, index) => {
      if (value !== null) found.set(run.start + index * interval, { value, code: codes?.[index] ?? 0 });
    });
  }
  return found;
};

/**
 * What blocks of the revision that stands say of one interval, where they differ and no correction stands over it, by start. What a
 * meter says later of a time it told is below that, and so is no ground to doubt it.
 */
const conflicts = (blocks: readonly RankedBlock[]): ReadonlyMap<number, readonly number[]> => {
  // Nearly every day: one block cannot differ from itself.
  if (blocks.filter(({ kind }) => kind === 'actual' || kind === 'supplement').length < 2) return new Map();
  const said = new Map<string, Set<number>>();
  const best = new Map<number, number>();
  const corrected = new Set<number>();
  for (const { kind, revision, run } of blocks) {
    if (kind === 'estimate') continue;
    run.values.forEach((value, index) => {
      if (value === null) return;
      const start = run.start + index * run.interval;
      if (kind === 'correction') {
        corrected.add(start);
        return;
      }
      const rank = kind === 'supplement' ? -1 - revision : revision;
      const key = `${rank} ${start}`;
      said.set(key, (said.get(key) ?? new Set()).add(value));
      best.set(start, Math.max(best.get(start) ?? rank, rank));
    });
  }
  const found = new Map<number, readonly number[]>();
  for (const [start, rank] of best) {
    const values = said.get(`${rank} ${start}`);
    if (values !== undefined && values.size > 1 && !corrected.has(start))
      found.set(
        start,
        [...values].sort((left, right) => left - right),
      );
  }
  return found;
};

/**
 * Finds what stands at instants that ascend, in runs that ascend and do not overlap; runs of another interval hold nothing. What was
 * found stands in `value` and `code`, since days are cut by the million.
 */
class AscendingLook {
  readonly #runs: readonly IntervalRun[];
  #at = 0;
  #codes: readonly number[] | undefined;
  value: number | null = null;
  code = 0;

  constructor(runs: readonly IntervalRun[], interval: number) {
    this.#runs = runs.filter((run) => run.interval === interval);
    this.#open();
  }

  #open(): void {
    const run = this.#runs[this.#at];
    this.#codes = run?.quality === undefined ? undefined : codesFromMarks(run.quality, run.values.length);
  }

  find(start: number): void {
    let run = this.#runs[this.#at];
    while (run !== undefined && start >= coveredUntil(run)) {
      this.#at += 1;
      this.#open();
      run = this.#runs[this.#at];
    }
    const place = run === undefined ? -1 : (start - run.start) / run.interval;
    this.value = run?.values[place] ?? null;
    this.code = this.value === null ? 0 : (this.#codes?.[place] ?? 0);
  }
}

const noOthers: readonly number[] = [];

/**
 * Cuts the stored blocks of a date into its intervals. `asOf` (Unix seconds) ends what is expected.
 * @param blocks all kinds, in any order; those of neighbouring dates do no harm
 */
export const readDay = (
  { register, installed, disconnected, exchanged = [] }: RegisterGround,
  date: string,
  blocks: readonly RankedBlock[],
  asOf: number,
): ReadDay => {
  const [from, to] = [startOfDate(register.zone, date), startOfDate(register.zone, addDays(date, 1))];
  const measured = new AscendingLook(
    mergeBlocks(blocks.filter(({ kind }) => kind !== 'estimate')),
    register.intervalSeconds,
  );
  const differing = conflicts(blocks);
  const slots: Slot[] = [];
  for (const { from: start, to: end } of gridOf(register, from, to)) {
    measured.find(start);
    const { value, code } = measured;
    const others = differing.get(start)?.filter((other) => other !== value) ?? noOthers;
    // A part is never estimated: that would be the whole.
    const isShared = exchanged.some((at) => start < at && at < end);
    const expected = end <= asOf && holds(installed, start) && !holds(disconnected, start) && !isShared;
    slots.push({ from: start, to: end, value, code, expected, others });
  }
  return { date, from, to, slots };
};
