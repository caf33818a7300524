import { endOf } from '#shared/domain/metering/runs.ts';
import { asJudged } from '#shared/domain/vee/as-judged.ts';
import type { DayDigest, HistoryDay } from '#shared/domain/vee/day-digest.ts';
import { type Dates, historyFor } from '#shared/domain/vee/history-needed.ts';
import { type Judgement, judgeDays } from '#shared/domain/vee/judge-day.ts';
import type { RegisterGround } from '#shared/domain/vee/judgement.ts';
import { readDay } from '#shared/domain/vee/read-day.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { readMeter } from '#shared/store/meters.ts';
import { outermostBlocks, readBlocks } from '#shared/store/readings.ts';
import { type DialRead, registerReadsAround } from '#shared/store/register-reads.ts';
import { ConditionFailed, type Table, TransactionConflict } from '#shared/store/table.ts';
import {
  firstJudged,
  type JudgedMonth,
  lastJudged,
  type RegisterPlace,
  readExceptions,
  readJudgedMonths,
  type StoredException,
} from '#shared/store/vee.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { addDays, daysBetween, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { daysToJudge, stretchesOf } from './days-to-judge.ts';
import { groundOf } from './register-ground.ts';
import { writeJudgement } from './write-judgement.ts';

export interface JudgeParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly metrics: Metrics;
}

const tries = 8;
const daySeconds = 86_400;
/** Days between two reads of a register are judged together while they are no more than this. */
const mostTogether = 100;

/** Everything that one judgement was made from, and what it came to. */
export interface Judged {
  readonly ground: RegisterGround;
  readonly months: readonly JudgedMonth[];
  readonly known: readonly StoredException[];
  readonly judgement: Judgement;
}

const within = (digests: readonly DayDigest[], ranges: readonly Dates[]): readonly DayDigest[] =>
  digests.filter(({ date }) => ranges.some(({ first, last }) => first <= date && date <= last));

/**
 * Judges the days of registers and keeps what comes out: estimates in their layer, digests, exceptions. Everything is read anew
 * and nothing incremented, so that news may come late, twice and in any order; where another judged meanwhile, it is done again.
 */
export class JudgeRegister {
  readonly #parts: JudgeParts;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /**
   * Judges what news of a register changes: the days told of that are closed, and those between them and the judged ones.
   * @param instants Unix seconds that lie on the days that changed
   */
  async news(place: RegisterPlace, instants: readonly number[]): Promise<void> {
    const ground = await this.#ground(place);
    if (ground === undefined || instants.length === 0) return;
    const touched = [...new Set(instants.map((at) => localDateAt(ground.register.zone, at)))].sort();
    const { dates, closed } = await this.#days(place, ground, touched);
    for (const stretch of stretchesOf(dates)) await this.#stretch(place, ground, stretch, closed);
  }

  async #ground({ meter, register }: RegisterPlace): Promise<RegisterGround | undefined> {
    const item = await readMeter(this.#parts.profile, meter);
    return item === undefined ? undefined : groundOf(item, register);
  }

  async #days(place: RegisterPlace, ground: RegisterGround, touched: readonly string[]) {
    const { readings } = this.#parts;
    const last = await lastJudged(readings, place);
    const isLate = last !== undefined && touched.some((date) => date < last);
    const judged =
      last === undefined ? undefined : { first: isLate ? ((await firstJudged(readings, place)) ?? last) : last, last };
    const known = await this.#datesKnown(place, ground, judged);
    const dates = [...touched, ...known].sort();
    const [first, latest] = [dates[0] ?? '', dates.at(-1) ?? ''];
    const latestIsComplete = latest === last || (await this.#isComplete(place, ground, latest));
    const toJudge = daysToJudge({ touched, judged, first, latest, latestIsComplete });
    return { dates: toJudge, closed: latestIsComplete ? latest : addDays(latest, -1) };
  }

  /** Once days were judged, all before the last that came are; until then the stored readings tell what came. */
  async #datesKnown(
    { meter, register }: RegisterPlace,
    ground: RegisterGround,
    judged: { readonly first: string; readonly last: string } | undefined,
  ): Promise<readonly string[]> {
    if (judged !== undefined) return [judged.first, judged.last];
    const blocks = await outermostBlocks(this.#parts.readings, meter, register);
    return blocks.map(({ run }) => localDateAt(ground.register.zone, run.start));
  }

  /** Whether blocks speak of all expected intervals of a date, be it to say that there is no value. */
  async #isComplete({ meter, register }: RegisterPlace, ground: RegisterGround, date: string): Promise<boolean> {
    const { zone } = ground.register;
    const [from, to] = [startOfDate(zone, date), startOfDate(zone, addDays(date, 1))];
    const blocks = (await readBlocks(this.#parts.readings, meter, register, from, to)).filter(
      ({ kind }) => kind !== 'estimate',
    );
    const { slots } = readDay(ground, date, blocks, Number.POSITIVE_INFINITY);
    return (
      blocks.length > 0 &&
      slots.every(
        (slot) =>
          !slot.expected || blocks.some(({ run }) => run.start <= slot.from && Math.min(slot.to, to) <= endOf(run)),
      )
    );
  }

  /** Judges days that follow each other, and those after them that are judged otherwise for it. */
  async #stretch(place: RegisterPlace, ground: RegisterGround, dates: Dates, closed: string) {
    let next: Dates | undefined = dates;
    while (next !== undefined) {
      const after: string | null = await this.#untilKept(place, ground, next, closed);
      next = after === null || after > closed ? undefined : { first: after, last: after };
    }
  }

  async #untilKept(place: RegisterPlace, ground: RegisterGround, dates: Dates, closed: string) {
    const { readings, metrics } = this.#parts;
    for (let tried = 0; tried < tries; tried += 1) {
      const judged = await this.#judge(place, ground, dates, closed);
      try {
        const outcome = await writeJudgement(readings, place, judged);
        metrics.count('readings.judged', { outcome }, judged.judgement.days.length);
        const { next } = judged.judgement;
        const wasJudged = judged.months.some(({ digests }) => digests.some(({ date }) => date === next));
        return wasJudged ? next : null;
      } catch (error) {
        if (!(error instanceof ConditionFailed || error instanceof TransactionConflict)) throw error;
      }
    }
    throw new DomainError('unavailable', 'readings.busy', 'a register is being judged by others');
  }

  async #judge(place: RegisterPlace, ground: RegisterGround, asked: Dates, closed: string): Promise<Judged> {
    const { readings } = this.#parts;
    const { meter, register } = place;
    const { zone } = ground.register;
    const { first, last, months, reads } = await this.#window(place, ground, asked, closed);
    const [from, to] = [startOfDate(zone, first), startOfDate(zone, addDays(last, 1))];
    const digests = months.flatMap((month) => month.digests);
    const known = await this.#known(place, ground, digests, { first, last });
    const blocks = await readBlocks(readings, meter, register, from, to);
    const days = datesOf(first, last).map((date) => {
      const [start, end] = [startOfDate(zone, date), startOfDate(zone, addDays(date, 1))];
      return { date, blocks: blocks.filter(({ run }) => run.start < end && endOf(run) > start) };
    });
    const read = days.map((day) => readDay(ground, day.date, day.blocks, Number.POSITIVE_INFINITY));
    const needed = historyFor(ground.configuration, read);
    const history = await Promise.all(needed.intervals.map((range) => this.#history(place, ground, range)));
    const judgement = judgeDays({
      ground,
      days,
      history: history.flat(),
      digests: within(digests, needed.digests),
      known: known.filter(({ exception }) => exception.from < to && from <= exception.to),
      reads: reads.map(({ at, value }) => ({ at, counts: value })),
      exchanges: [],
      events: [],
      asOf: Number.POSITIVE_INFINITY,
      mode: 'automatic',
    });
    return { ground, months, known, judgement };
  }

  /**
   * The days to judge together, what is kept of those around them, and the register's reads. What is kept is read before all that
   * it was made from: who writes it later knew no less.
   */
  async #window(place: RegisterPlace, ground: RegisterGround, asked: Dates, closed: string) {
    const { zone } = ground.register;
    let months = await this.#months(place, ground, asked);
    let reads = await this.#reads(place, zone, asked);
    for (;;) {
      const { first, last } = together(zone, asked, reads, closed);
      if (first === asked.first && last === asked.last) return { first, last, months, reads };
      months = await this.#months(place, ground, { first, last });
      const again = await this.#reads(place, zone, asked);
      if (JSON.stringify(again) === JSON.stringify(reads)) return { first, last, months, reads };
      reads = again;
    }
  }

  async #months(place: RegisterPlace, ground: RegisterGround, { first, last }: Dates): Promise<readonly JudgedMonth[]> {
    const days = [first, last].map((date) => readDay(ground, date, [], 0));
    const { digests } = historyFor(ground.configuration, days);
    return this.#monthsOf(place, digests, addDays(last, 1));
  }

  async #monthsOf(place: RegisterPlace, ranges: readonly Dates[], next: string): Promise<readonly JudgedMonth[]> {
    const found = await Promise.all(
      ranges.map(({ first, last }, index) =>
        readJudgedMonths(this.#parts.readings, place, { first, last: index === 0 ? next : last }),
      ),
    );
    return [...new Map(found.flat().map((month) => [month.month, month])).values()];
  }

  async #reads({ meter, register }: RegisterPlace, zone: string, { first, last }: Dates): Promise<readonly DialRead[]> {
    const [from, to] = [startOfDate(zone, first), startOfDate(zone, addDays(last, 1))];
    const reach = mostTogether * daySeconds;
    return registerReadsAround(this.#parts.readings, meter, register, { from, to, reach });
  }

  /** Exceptions that may meet the days: a row of many days begins where the digests of its days say. */
  async #known(
    place: RegisterPlace,
    { register: { zone } }: RegisterGround,
    digests: readonly DayDigest[],
    { first, last }: Dates,
  ): Promise<readonly StoredException[]> {
    const near = digests.filter(({ date }) => date >= addDays(first, -1) && date <= last);
    const begins = near.flatMap(({ date, tail, estimatedDays }) => [
      ...(tail === null ? [] : [tail.from]),
      ...(estimatedDays === 0 ? [] : [startOfDate(zone, addDays(date, 1 - estimatedDays))]),
    ]);
    const reach = startOfDate(zone, addDays(first, -mostTogether));
    return readExceptions(this.#parts.readings, place, Math.min(reach, ...begins), startOfDate(zone, addDays(last, 1)));
  }

  /** Days around the judged ones, as they were judged. */
  async #history(place: RegisterPlace, ground: RegisterGround, { first, last }: Dates): Promise<readonly HistoryDay[]> {
    const { readings } = this.#parts;
    const { zone } = ground.register;
    const [from, to] = [startOfDate(zone, first), startOfDate(zone, addDays(last, 1))];
    const [blocks, known] = await Promise.all([
      readBlocks(readings, place.meter, place.register, from, to),
      readExceptions(readings, place, startOfDate(zone, addDays(first, -mostTogether)), to),
    ]);
    return datesOf(first, last).flatMap((date) => {
      const [start, end] = [startOfDate(zone, date), startOfDate(zone, addDays(date, 1))];
      const there = blocks.filter(({ run }) => run.start < end && endOf(run) > start);
      return there.length === 0 ? [] : [{ date, runs: [asJudged(ground, date, there, known)], outage: false }];
    });
  }
}

const datesOf = (first: string, last: string): readonly string[] =>
  Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => addDays(first, index));

/** The days asked for with those that two reads around them share, where these are closed and not too many. */
const together = (zone: string, { first, last }: Dates, reads: readonly DialRead[], closed: string): Dates => {
  const [from, to] = [startOfDate(zone, first), startOfDate(zone, addDays(last, 1))];
  const [before, after] = [reads.findLast(({ at }) => at <= from), reads.find(({ at }) => at >= to)];
  const begins = before === undefined ? first : localDateAt(zone, before.at);
  const ends = after === undefined ? last : localDateAt(zone, after.at - 1);
  const wide = { first: begins < first ? begins : first, last: ends > last ? ends : last };
  if (wide.last > closed) wide.last = last;
  return daysBetween(wide.first, wide.last) < mostTogether ? wide : { first, last };
};
