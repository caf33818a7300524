import { endOf } from '#functions/readings/rules/runs.ts';
import { sharedIntervals } from '#functions/readings/rules/shared-intervals.ts';
import type { Series } from '#functions/readings/rules/supplied-series.ts';
import { lastReadingAt, readBlocks } from '#functions/readings/store/readings.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { ConditionFailed, type Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { common, type Range } from '#shared/vocabulary/ranges.ts';
import {
  addDays,
  addMonths,
  instantOf,
  localDateAt,
  localDays,
  secondsOf,
  startOfMonth,
} from '#shared/vocabulary/time.ts';
import type { ToldFact } from '#shared/vocabulary/told-fact.ts';
import type { MonthAsked } from './months-of-change.ts';
import { isWellKnown } from './months-of-reads.ts';
import { groundOf } from './register-ground.ts';
import { asJudged } from './rules/as-judged.ts';
import {
  type ClosedMonth,
  closeMonth,
  type DayTally,
  isSameMonth,
  talliesOfDigests,
  talliesOfParts,
  talliesOfReadings,
} from './rules/closed-month.ts';
import { datesOfChange } from './rules/stays.ts';
import { readsUntil } from './store/chained-reads.ts';
import { type IssuedMonth, putIssuedMonth, readIssuedMonth } from './store/closed-months.ts';
import { type JudgedMonth, readJudgedMonths } from './store/judged-months.ts';
import { readExceptions, type StoredException } from './store/reading-exceptions.ts';
import { RegisterReader, readParts, readSeries } from './store/series.ts';
import { type SuppliedPoint, SupplyReader } from './store/supply.ts';
import { readUse } from './store/use-of-reads.ts';

export interface CloseMonthsParts {
  readonly profile: Table;
  readonly readings: Table;
}

const tries = 8;
/** How long before a month an exception may begin that stands over it, in seconds. */
const exceptionReach = 100 * 86_400;

type Stretch = Series['stretches'][number];

/** What one meter of a series measured in a month. */
interface MeasuredMonth {
  readonly tallies: readonly DayTally[];
  readonly standing: readonly StoredException[];
  /** Whether it sent anything of the month or later, and whether its last day in the month was judged. */
  readonly isBegun: boolean;
  readonly isOver: boolean;
  /** Whether the tallies are those of its own days, in which every value counts that it told. */
  readonly ofDays: boolean;
}

const stands = ({ state }: StoredException): boolean => state === 'open' || state === 'filled';

/** Closes months of service points, and again where what was measured changed. */
export class CloseMonths {
  readonly #parts: CloseMonthsParts;
  readonly #supply: SupplyReader;
  readonly #registers: RegisterReader;

  constructor(parts: CloseMonthsParts) {
    this.#parts = parts;
    this.#supply = new SupplyReader(parts.profile);
    this.#registers = new RegisterReader(parts.profile);
  }

  /**
   * Closes a month of each service point that a meter's register measured then, or closes it again: where days of it were judged,
   * unless it is under way, and where something else stands over it, if it was closed before.
   */
  async close({ meter, register, month, judgedTo, isFound }: MonthAsked): Promise<void> {
    const item = await readMeter(this.#parts.profile, meter);
    const next = addMonths(month, 1);
    for (const { servicePoint, premise, from, to } of item?.installations ?? []) {
      const isUnderWay = judgedTo === undefined || addDays(judgedTo, 2) < `${next}-01`;
      const isDue = !isUnderWay || (judgedTo !== undefined && to !== null && to < `${next}-02`);
      if (!isDue && !isFound) continue;
      const supplied = await this.#supply.of(servicePoint, premise);
      if (supplied === undefined) continue;
      const range = rangeOf(supplied.point.zone, month);
      if (secondsOf(from) >= range.to || (to !== null && secondsOf(to) <= range.from)) continue;
      await this.#close(supplied, register, month, isDue);
    }
  }

  async #close(supplied: SuppliedPoint, register: string, month: string, isDue: boolean): Promise<void> {
    const { readings } = this.#parts;
    for (let tried = 0; tried < tries; tried += 1) {
      // Read first: who issued it later knew no less.
      const before = await readIssuedMonth(readings, supplied.point.id, register, month);
      if (before === undefined && !isDue) return;
      const series = (await readSeries(this.#registers, supplied.meters)).get(register);
      const isFirst = before === undefined;
      const closed = series === undefined ? undefined : await this.#closed(supplied, series, month, isFirst);
      if (series === undefined || closed === undefined) return;
      if (before !== undefined && isSameMonth(before.closed, closed)) return;
      const { unit } = series.register;
      const issue = (before?.issue ?? 0) + 1;
      const place = { servicePoint: supplied.point.id, register };
      try {
        const until = Math.min(closed.to, Math.max(...endsBefore(series, closed.to)));
        return await putIssuedMonth(readings, { ...place, issue, unit, powerOfTen: series.powerOfTen, until, closed });
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
      }
    }
    throw new DomainError('unavailable', 'readings.busy', 'a month is being closed by others');
  }

  /**
   * The month as it is now; undefined while days of it are still to be judged: those up to its end, and before its first issue also
   * those of a meter that was exchanged up to its removal. One that sent nothing holds no month up.
   */
  async #closed(
    { point: { zone }, stays }: SuppliedPoint,
    series: Series,
    month: string,
    isFirst: boolean,
  ): Promise<ClosedMonth | undefined> {
    const range = rangeOf(zone, month);
    const stretches = series.stretches.filter(({ from, to }) => from < range.to && range.from < to);
    const measured = await Promise.all(stretches.map((stretch) => this.#measured(zone, stretch, month, range)));
    const ofDays = new Set(stretches.filter((_, place) => measured[place]?.ofDays === true));
    const shared = sharedIntervals(series).filter(({ before, after }) => ofDays.has(before) && ofDays.has(after));
    const parts = await Promise.all(
      shared.map(async (one) => talliesOfParts(one, await readParts(this.#parts.readings, one), zone)),
    );
    if (measured.at(-1)?.isOver !== true) return undefined;
    if (isFirst && measured.some(({ isBegun, isOver }) => isBegun && !isOver)) return undefined;
    return closeMonth(
      {
        series,
        zone,
        month,
        supplied: stretches.map(({ from, to }) => ({ from, to })),
        changes: datesOfChange(stays),
      },
      [...measured.flatMap(({ tallies }) => tallies), ...parts.flat()],
      measured.flatMap(({ standing }) => standing.map(({ exception }) => exception)),
    );
  }

  async #measured(zone: string, stretch: Stretch, month: string, range: Range): Promise<MeasuredMonth> {
    const { readings } = this.#parts;
    const place = { meter: stretch.meter, register: stretch.register.id };
    const [within] = common([stretch], [range]);
    if (within === undefined) return { tallies: [], standing: [], isBegun: false, isOver: true, ofDays: false };
    const ownZone = stretch.register.zone;
    const dates = { first: localDateAt(ownZone, within.from), last: localDateAt(ownZone, within.to - 1) };
    const months = await readJudgedMonths(readings, place, dates);
    const standing = (await readExceptions(readings, place, range.from - exceptionReach, range.to)).filter(stands);
    const digests = months
      .flatMap((one: JudgedMonth) => one.digests)
      .filter(({ date }) => dates.first <= date && date <= dates.last);
    if (digests.length === 0) {
      const known = await this.#talliesOfReads(zone, stretch, within);
      if (known !== undefined) return { ...known, standing, ofDays: false };
    }
    const isOver = digests.some(({ date }) => date === dates.last);
    const isBegun = isOver || ((await lastReadingAt(readings, place.meter, place.register)) ?? 0) > within.from;
    const tallies =
      ownZone === zone
        ? talliesOfDigests(digests, stretch.factor)
        : await this.#talliesOfReadings(zone, stretch, within, standing);
    return {
      tallies: tallies.filter(({ date }) => date.startsWith(month)),
      standing,
      isBegun,
      isOver,
      ofDays: ownZone === zone,
    };
  }

  /** Of a time without intervals: by reads, where there are any. It is over once it is well known where it begins and ends. */
  async #talliesOfReads(
    zone: string,
    stretch: Stretch,
    within: Range,
  ): Promise<Omit<MeasuredMonth, 'standing' | 'ofDays'> | undefined> {
    const { readings } = this.#parts;
    const until = await readsUntil(readings, { meter: stretch.meter, register: stretch.register.id });
    if (until <= within.from) return undefined;
    const { runs, periods } = await readUse(readings, stretch, within, until);
    if (runs.length === 0) return undefined;
    const isOver = isWellKnown(periods, within);
    return {
      tallies: talliesOfReadings([{ ranges: [within], factor: stretch.factor, runs }], zone),
      isBegun: isOver,
      isOver,
    };
  }

  /** Where a meter cuts its days in another zone than the service point: from the readings, as they were judged. */
  async #talliesOfReadings(
    zone: string,
    { meter, register, factor }: Stretch,
    within: Range,
    standing: readonly StoredException[],
  ): Promise<readonly DayTally[]> {
    const item: MeterItem | undefined = await readMeter(this.#parts.profile, meter);
    const ground = item === undefined ? undefined : groundOf(item, register.id);
    if (ground === undefined) return [];
    const blocks = await readBlocks(this.#parts.readings, meter, register.id, within.from, within.to);
    const runs = [...localDays(register.zone, within.from, within.to)].flatMap(({ date, from, to }) => {
      const there = blocks.filter(({ run }) => run.start < to && endOf(run) > from);
      return there.length === 0 ? [] : [asJudged(ground, date, there, standing)];
    });
    return talliesOfReadings([{ ranges: [within], factor, runs }], zone);
  }
}

/** When meters that measured before an instant ceased to, or will. */
const endsBefore = ({ stretches }: Series, at: number): readonly number[] =>
  stretches.flatMap(({ from, to }) => (from < at ? [to] : []));

const rangeOf = (zone: string, month: string): Range => ({
  from: startOfMonth(zone, month),
  to: startOfMonth(zone, addMonths(month, 1)),
});

/** Sums by quality, as a fact says them. */
const qualitiesOf = (byQuality: ClosedMonth['byQuality']) =>
  byQuality.map(([quality, count, value]) => ({ quality, count, value }));

/** The fact that an issue of a month amounts to. */
export const factOfMonth = ({
  servicePoint,
  register,
  issue,
  unit,
  powerOfTen,
  until,
  closed,
}: IssuedMonth): ToldFact => {
  const { month, value, excluded, byQuality, expected, missing, estimatedPerMille, days, daysComplete } = closed;
  return {
    type: 'metering.month.closed.v1',
    event: `readings:${servicePoint}:${register}:${month}:${issue}`,
    occurredAt: new Date(until * 1000 + issue).toISOString(),
    data: {
      servicePoint,
      register,
      month,
      issue,
      unit,
      powerOfTen,
      value,
      excluded,
      byQuality: qualitiesOf(byQuality),
      expected,
      missing,
      estimatedPerMille,
      ...(closed.firstAt === null ? {} : { firstAt: instantOf(closed.firstAt) }),
      ...(closed.lastAt === null ? {} : { lastAt: instantOf(closed.lastAt) }),
      days,
      daysComplete,
      ...(closed.parts === undefined
        ? {}
        : { parts: closed.parts.map((part) => ({ ...part, byQuality: qualitiesOf(part.byQuality) })) }),
      openExceptions: closed.open.length,
    },
  };
};
