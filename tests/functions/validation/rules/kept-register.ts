import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import type { IntervalRun } from '#functions/readings/rules/runs.ts';
import type { DayDigest, HistoryDay } from '#functions/validation/rules/day-digest.ts';
import { type FillMode, runOfEstimate } from '#functions/validation/rules/estimate/estimate.ts';
import type { KnownException } from '#functions/validation/rules/exception-life.ts';
import { type Dates, historyFor } from '#functions/validation/rules/history-needed.ts';
import { type Judgement, judgeDays } from '#functions/validation/rules/judge-day.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import type { MeterEvent } from '#functions/validation/rules/power.ts';
import { readDay } from '#functions/validation/rules/read-day.ts';
import type { RegisterRead } from '#functions/validation/rules/reads/register-reads.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';

/** Blocks, digests, exceptions and estimates of one register in memory, written and read as docs/vee.md says. */
export class KeptRegister {
  readonly ground: RegisterGround;
  readonly blocks = new Map<string, RankedBlock[]>();
  readonly digests = new Map<string, DayDigest>();
  readonly exceptions = new Map<string, KnownException>();
  readonly runs = new Map<string, IntervalRun>();
  /** Sums of the months' changes in values that count. */
  readonly months = new Map<string, number>();
  readonly fieldWork = new Map<string, 'due' | 'over'>();
  reads: readonly RegisterRead[] = [];
  events: readonly MeterEvent[] = [];
  asOf = Number.POSITIVE_INFINITY;

  constructor(ground: RegisterGround) {
    this.ground = ground;
  }

  /** Keeps a block; the same kind, revision and order once. */
  put(date: string, block: RankedBlock): void {
    const there = this.blocks.get(date) ?? [];
    const others = there.filter(
      ({ kind, revision, order }) => kind !== block.kind || revision !== block.revision || order !== block.order,
    );
    this.blocks.set(date, [...others, block]);
  }

  /** Judges days and writes what comes out; goes on to the next day where that was judged before and a row reaches into it. */
  judge(first: string, last = first, mode: FillMode = 'automatic'): readonly Judgement[] {
    const made: Judgement[] = [];
    for (let [from, to]: [string, string] = [first, last]; ; ) {
      const judgement = this.#judgeOnce(from, to, mode);
      made.push(judgement);
      if (judgement.next === null || !this.digests.has(judgement.next)) return made;
      [from, to] = [judgement.next, judgement.next];
    }
  }

  #judgeOnce(first: string, last: string, mode: FillMode): Judgement {
    const { register, configuration } = this.ground;
    const dates: string[] = [];
    for (let date = first; date <= last; date = addDays(date, 1)) dates.push(date);
    const days = dates.map((date) => ({ date, blocks: this.blocks.get(date) ?? [] }));
    const needed = historyFor(
      configuration,
      days.map(({ date, blocks }) => readDay(this.ground, date, blocks, this.asOf)),
    );
    const [from, to] = [startOfDate(register.zone, first), startOfDate(register.zone, addDays(last, 1))];
    const judgement = judgeDays({
      ground: this.ground,
      days,
      history: within(needed.intervals, this.runs).map(([date, run]): HistoryDay => {
        return { date, runs: [run], outage: false };
      }),
      digests: within(needed.digests, this.digests).map(([, digest]) => digest),
      known: [...this.exceptions.values()].filter(({ exception }) => exception.from < to && from <= exception.to),
      reads: this.reads,
      exchanges: [],
      events: this.events,
      asOf: this.asOf,
      mode,
    });
    this.#write(judgement);
    return judgement;
  }

  #write(judgement: Judgement): void {
    for (const { date, digest, run } of judgement.days) {
      this.digests.set(date, digest);
      this.runs.set(date, run);
    }
    for (const estimate of judgement.estimates) {
      if (!estimate.isNew) continue;
      const revision = judgement.days.find(({ date }) => date === estimate.date)?.estimateRevision ?? 0;
      this.put(estimate.date, {
        kind: 'estimate',
        revision,
        order: `${estimate.from}e${revision}`,
        run: runOfEstimate(estimate),
      });
    }
    for (const { exception, state } of judgement.changes) this.exceptions.set(exception.id, { exception, state });
    for (const { month, value } of judgement.months) this.months.set(month, (this.months.get(month) ?? 0) + value);
    for (const { id, state } of judgement.findings) this.fieldWork.set(id, state);
  }

  /** What holds, as text: judged runs, digests and exceptions that are not over. */
  shown(): string {
    const byKey = <Value>(map: ReadonlyMap<string, Value>) =>
      [...map].sort(([left], [right]) => (left < right ? -1 : 1));
    const standing = byKey(this.exceptions).filter(([, { state }]) => state === 'open' || state === 'filled');
    const months = byKey(this.months).filter(([, value]) => value !== 0);
    return JSON.stringify({ runs: byKey(this.runs), digests: byKey(this.digests), standing, months });
  }
}

const within = <Value>(
  ranges: readonly Dates[],
  map: ReadonlyMap<string, Value>,
): readonly (readonly [string, Value])[] =>
  ranges.flatMap(({ first, last }) => {
    const found: (readonly [string, Value])[] = [];
    for (let date = first; date <= last; date = addDays(date, 1)) {
      const value = map.get(date);
      if (value !== undefined) found.push([date, value]);
    }
    return found;
  });
