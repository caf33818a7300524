import { isDeepStrictEqual } from 'node:util';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { ConditionFailed, type Table, TransactionConflict } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { addDays, daysBetween, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { readEvents } from './around-days.ts';
import { type DaysOfNews, daysOfNews, type SeenBefore } from './days-of-news.ts';
import { stretchesOf } from './days-to-judge.ts';
import { followFindings } from './follow-findings.ts';
import { JudgeReadPeriods } from './judge-read-periods.ts';
import { type Judged, judgeWindow } from './judge-window.ts';
import { GroundReader, groundOf, type KnownRegister } from './register-ground.ts';
import type { Dates } from './rules/history-needed.ts';
import type { RegisterGround } from './rules/judgement.ts';
import { keepDaysLeft, leaveDays, readDaysLeft } from './store/days-left.ts';
import { firstJudged, lastJudged } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { windowOf } from './window-of-days.ts';
import { writeJudgement } from './write-judgement.ts';

export interface JudgeParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly metrics: Metrics;
}

const tries = 8;

/** A register as the judging of it begins. */
interface Start {
  readonly item: MeterItem;
  readonly ground: RegisterGround;
}

/** Days that were closed when they were left, and the day after, so that the last of them is so now. */
const withNext = (dates: readonly string[]): readonly string[] =>
  dates.flatMap((date, index) => (index < dates.length - 1 ? [date] : [date, addDays(date, 1)]));

/** Of dates, those that a time touches. */
const datesIn = (
  { register: { zone } }: RegisterGround,
  ranges: readonly Range[],
  { first, last }: Dates,
): readonly string[] => {
  const stretches = ranges.map(({ from, to }) => ({
    begins: localDateAt(zone, from),
    ends: to === Number.POSITIVE_INFINITY ? last : localDateAt(zone, Math.max(from, to - 1)),
  }));
  const all = Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => addDays(first, index));
  return all.filter((date) => stretches.some(({ begins, ends }) => begins <= date && date <= ends));
};

/**
 * Judges the days of registers and keeps what comes out: estimates in their layer, digests, exceptions. Everything is read anew
 * and nothing incremented, so that news may come late, twice and in any order; where another judged meanwhile, it is done again.
 */
export class JudgeRegister {
  readonly #parts: JudgeParts;
  readonly grounds: GroundReader;
  /** Of registers and times without intervals. */
  readonly reads: JudgeReadPeriods;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
    this.grounds = new GroundReader(parts.profile);
    this.reads = new JudgeReadPeriods(parts, this.grounds);
  }

  /**
   * Judges what news of a register changes: the days told of that are closed, and those between them and the judged ones.
   * Where these are more than `most`, the others are left for later, the first of them first (`goOn`). Answers how many it judged.
   * @param instants Unix seconds that lie on the days that changed
   */
  async news(place: RegisterPlace, instants: readonly number[], most = Number.POSITIVE_INFINITY): Promise<number> {
    const start = await this.#start(place);
    if (start === undefined || instants.length === 0) return 0;
    const { ground } = start;
    const { readings } = this.#parts;
    const { zone } = ground.register;
    const touched = (all: readonly number[]) => [...new Set(all.map((at) => localDateAt(zone, at)))].sort();
    let news = await daysOfNews(readings, place, ground, touched(instants));
    // Of a register that has no intervals its reads say what is known.
    if (news.isEmpty) return 0;
    if (news.begins !== undefined) {
      const { before } = news.begins;
      const upTo = before === undefined ? Number.POSITIVE_INFINITY : startOfDate(zone, before);
      const more = await this.reads.handOver(place, upTo);
      if (more.length > 0) news = await daysOfNews(readings, place, ground, touched([...instants, ...more]));
    }
    const { judged, left } = await this.#judge(place, start, news, most);
    if (left.length > 0) await leaveDays(readings, place, left);
    return judged;
  }

  /**
   * Judges the judged days of a time again, of which something else than readings is known otherwise now; those that were not judged
   * yet are left alone. More than `most` are left for later. Answers how many it judged.
   * @param ranges Unix seconds
   */
  async again(place: RegisterPlace, ranges: readonly Range[], most: number): Promise<number> {
    const { readings } = this.#parts;
    const [start, last] = [await this.#start(place), await lastJudged(readings, place)];
    if (start !== undefined && last === undefined) await this.reads.again(place, ranges);
    const first = last === undefined ? undefined : await firstJudged(readings, place);
    if (start === undefined || first === undefined || last === undefined) return 0;
    const { judged, left } = await this.#dates(place, start, datesIn(start.ground, ranges, { first, last }), most);
    if (left.length > 0) await leaveDays(readings, place, left);
    return judged;
  }

  /**
   * Judges the days up to a date, which are over though nothing came of them: those after the judged ones, or from `first` on where
   * none was judged. More than `most` are left for later.
   */
  async overdue(place: RegisterPlace, { first, last }: Dates, most: number): Promise<number> {
    const start = await this.#start(place);
    if (start === undefined) return 0;
    // That a later day has come is what closes a day.
    const { judged, left } = await this.#dates(place, start, [first, addDays(last, 1)], most);
    if (left.length > 0) await leaveDays(this.#parts.readings, place, left);
    return judged;
  }

  /** Judges days that were left for later, at most `most`; those that are left then bring the change that goes on. */
  async goOn(place: RegisterPlace, most: number): Promise<number> {
    const before = await readDaysLeft(this.#parts.readings, place);
    if (before.version === 0) return 0;
    const start = await this.#start(place);
    const { judged, left } =
      start === undefined ? { judged: 0, left: [] } : await this.#dates(place, start, withNext(before.dates), most);
    await keepDaysLeft(this.#parts.readings, place, before, left);
    return judged;
  }

  async #dates(place: RegisterPlace, start: Start, touched: readonly string[], most: number) {
    if (touched.length === 0) return { judged: 0, left: [] };
    return this.#judge(place, start, await daysOfNews(this.#parts.readings, place, start.ground, touched), most);
  }

  async #judge(place: RegisterPlace, start: Start, { dates, closed, seen }: DaysOfNews, most: number) {
    const now = dates.slice(0, most);
    let before: SeenBefore | undefined = seen;
    for (const stretch of stretchesOf(now)) {
      await this.#stretch(place, start, stretch, closed, before);
      before = undefined;
    }
    return { judged: now.length, left: dates.slice(now.length) };
  }

  async #start({ meter, register }: RegisterPlace): Promise<Start | undefined> {
    const item = await readMeter(this.#parts.profile, meter);
    const ground = item === undefined ? undefined : groundOf(item, register);
    return item === undefined || ground === undefined ? undefined : { item, ground };
  }

  /** Judges days that follow each other, and those after them that are judged otherwise for it. */
  async #stretch(place: RegisterPlace, start: Start, dates: Dates, closed: string, seen: SeenBefore | undefined) {
    let after = await this.#untilKept(place, start, dates, closed, seen);
    while (after !== null && after <= closed) {
      after = await this.#untilKept(place, start, { first: after, last: after }, closed, undefined);
    }
  }

  /** Judges days until what it came to is kept. What was read before serves once; answers a day after that is judged otherwise. */
  async #untilKept(
    place: RegisterPlace,
    { item, ground }: Start,
    dates: Dates,
    closed: string,
    seen: SeenBefore | undefined,
  ): Promise<string | null> {
    const { readings, metrics } = this.#parts;
    const { zone } = ground.register;
    const asked = { from: startOfDate(zone, dates.first), to: startOfDate(zone, addDays(dates.last, 1)) };
    for (let tried = 0; tried < tries; tried += 1) {
      const known = await this.grounds.of(place, asked, tried === 0 ? item : undefined);
      if (known === undefined) return null;
      const window = await windowOf(readings, place, known, dates, closed, tried === 0 ? seen : undefined);
      const judged = await judgeWindow(readings, place, known, window);
      try {
        const outcome = await writeJudgement(readings, place, judged);
        metrics.count('readings.judged', { outcome }, judged.judgement.days.length);
        const { next, findings } = judged.judgement;
        await followFindings(readings, place, known.ground, findings, closed);
        // What is known may have changed before the write; who told of it may have looked before the write.
        if (outcome === 'written' && !(await this.#isKnownStill(place, asked, known, judged))) continue;
        const wasJudged = judged.months.some(({ digests }) => digests.some(({ date }) => date === next));
        return wasJudged ? next : null;
      } catch (error) {
        if (!(error instanceof ConditionFailed || error instanceof TransactionConflict)) throw error;
      }
    }
    throw new DomainError('unavailable', 'readings.busy', 'a register is being judged by others');
  }

  async #isKnownStill(place: RegisterPlace, asked: Range, known: KnownRegister, { reach, events }: Judged) {
    const now = await this.grounds.of(place, asked);
    if (now === undefined || !isDeepStrictEqual(now, known)) return false;
    return isDeepStrictEqual(await readEvents(this.#parts.readings, now, reach), events);
  }
}
