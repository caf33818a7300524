import { lastRegisterRead, readRegisterReads } from '#functions/readings/store/register-reads.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { judgedReadsKey } from '#shared/table/keys.ts';
import { ConditionFailed, limits, type Table, TransactionConflict, type Write } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { withdrawDays } from './days-never-sent.ts';
import type { GroundReader } from './register-ground.ts';
import { isByReads, judgeReads } from './rules/reads/judge-reads.ts';
import { readChains, readsUntil } from './store/chained-reads.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { exceptionWrite, readExceptions } from './store/reading-exceptions.ts';

export interface JudgeReadsParts {
  readonly readings: Table;
  readonly metrics: Metrics;
}

const tries = 8;
/** Reads further apart than this are judged apart, in seconds. */
const farApart = 100 * 86_400;
const latest = 9_999_999_999;
/** Instants on the days that reads speak of from an instant on: the day that one ends, and the day it begins. */
const daysOf = (instants: readonly number[], from: number): readonly number[] =>
  instants.filter((at) => at >= from).flatMap((at) => (at === from ? [at] : [at - 1, at]));

/** Instants as ranges of those that lie near each other. */
const ranges = (instants: readonly number[]): readonly Range[] => {
  const found: { from: number; to: number }[] = [];
  for (const at of [...new Set(instants)].sort((left, right) => left - right)) {
    const last = found.at(-1);
    if (last !== undefined && at - last.to <= farApart) last.to = at;
    else found.push({ from: at, to: at });
  }
  return found;
};

/**
 * Judges what register reads say of the time in which a register sent no intervals: by its periods, not day by day. Everything is
 * read anew; where another judged meanwhile, it is done again.
 */
export class JudgeReadPeriods {
  readonly #parts: JudgeReadsParts;
  readonly #grounds: GroundReader;

  constructor(parts: JudgeReadsParts, grounds: GroundReader) {
    this.#parts = parts;
    this.#grounds = grounds;
  }

  /**
   * Judges the periods around reads that came, changed or went. Answers instants on the days that reads speak of from the first
   * interval of the register on: the day that one ends, and the day it begins.
   * @param instants of the reads, Unix seconds
   */
  async news(place: RegisterPlace, instants: readonly number[]): Promise<readonly number[]> {
    const { readings } = this.#parts;
    const until = await readsUntil(readings, place);
    const isAll = until === Number.POSITIVE_INFINITY && (await withdrawDays(readings, place));
    const touched = isAll ? [{ from: 0, to: latest }] : ranges(instants.filter((at) => at <= until));
    for (const one of touched) await this.#judge(place, one, { until, upTo: until });
    return daysOf(instants, until);
  }

  /** Intervals of a register went: where none is left and there are reads, these say all that is known. */
  async intervalsGone(place: RegisterPlace): Promise<void> {
    const { readings } = this.#parts;
    if ((await readsUntil(readings, place)) < Number.POSITIVE_INFINITY) return;
    if ((await lastRegisterRead(readings, place.meter, place.register)) !== undefined) await this.news(place, []);
  }

  /** Judges periods of a time again, of which something else than reads is known otherwise now. */
  async again(place: RegisterPlace, times: readonly Range[]): Promise<void> {
    const until = await readsUntil(this.#parts.readings, place);
    for (const { from, to } of times)
      if (from <= until) await this.#judge(place, { from, to: Math.min(to, until, latest) }, { until, upTo: until });
  }

  /**
   * The first interval of a register came, or one before those that were there: what was said of periods from then on is said of
   * days now, up to those that were judged before (`upTo`, Unix seconds). Answers instants on the days that reads speak of there.
   */
  async handOver(place: RegisterPlace, upTo: number): Promise<readonly number[]> {
    const { readings } = this.#parts;
    const { meter, register } = place;
    if ((await lastRegisterRead(readings, meter, register)) === undefined) return [];
    const until = await readsUntil(readings, place);
    if (until < upTo) await this.#judge(place, { from: until, to: until }, { until, upTo });
    const reads = await readRegisterReads(readings, meter, register, until, Math.min(upTo, latest));
    return daysOf(
      reads.map(({ at }) => at),
      until,
    );
  }

  async #judge(
    place: RegisterPlace,
    touched: Range,
    { until, upTo }: { readonly until: number; readonly upTo: number },
  ): Promise<void> {
    const { readings, metrics } = this.#parts;
    for (let tried = 0; tried < tries; tried += 1) {
      const marker = await readings.get(judgedReadsKey(place.meter, place.register), { consistent: true });
      const known = await this.#grounds.of(place, touched);
      if (known === undefined) return;
      const window = await readChains(readings, place, { ground: known.ground, told: known.reads }, touched, until);
      const looked = { from: window.looked.from, to: Math.min(window.looked.to, upTo) };
      const stored = await readExceptions(readings, place, looked.from, Math.min(looked.to, latest));
      const judged = judgeReads(
        known.ground,
        { ...window, looked },
        stored.filter(({ exception }) => isByReads(exception)),
      );
      const before = new Map(stored.map((one) => [one.exception.id, one]));
      const writes: readonly Write[] = judged.changes.map((change) =>
        exceptionWrite(place, change, before.get(change.exception.id)),
      );
      try {
        await this.#keep(place, marker?.version, writes);
        metrics.count('readings.reads-judged', { outcome: writes.length === 0 ? 'same' : 'written' });
        return;
      } catch (error) {
        if (!(error instanceof ConditionFailed || error instanceof TransactionConflict)) throw error;
      }
    }
    throw new DomainError('unavailable', 'readings.busy', 'reads of a register are being judged by others');
  }

  /** In pieces that one transaction takes, each where nobody judged since; a judgement that was cut off is made again. */
  async #keep({ meter, register }: RegisterPlace, version: unknown, writes: readonly Write[]): Promise<void> {
    let now = typeof version === 'number' ? version : 0;
    const size = limits.transactionItems - 1;
    for (let from = 0; from < writes.length; from += size) {
      const put = { ...judgedReadsKey(meter, register), version: now + 1 };
      const when = now === 0 ? ({ kind: 'absent' } as const) : ({ kind: 'version', is: now } as const);
      await this.#parts.readings.commit([...writes.slice(from, from + size), { in: 'readings', put, when }]);
      now += 1;
    }
  }
}
