import type { MeasuredStretch, Series } from '#functions/readings/rules/supplied-series.ts';
import {
  bucketsOf,
  expectedIn,
  fillBuckets,
  type Resolution,
  sumsByQuality,
  type UsageBucket,
} from '#functions/readings/rules/usage-buckets.ts';
import type { AnswerOf } from '#functions/routes.ts';
import { conversionsOf, energiesOf } from '#functions/validation/rules/usage-energy.ts';
import { lastValueOfSeries, RegisterReader, readSeries, readStretches } from '#functions/validation/store/series.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import { useOfReads } from '#functions/validation/store/use-of-reads.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import { whoseAt } from '#shared/profile/store/whose-time.ts';
import type { Table } from '#shared/table/table.ts';
import { common, type Range } from '#shared/vocabulary/ranges.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { askedSeries, checkedRange, secondsFrom, suppliedOrRefuse, visible } from './asked-usage.ts';

/** What is asked: local dates or instants, half-open; `after` is the position a page before ended at. */
export interface UsageQuestion {
  readonly servicePoint: string;
  readonly from: string;
  readonly to: string;
  readonly resolution: Resolution;
  readonly register?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
  /** A customer sees what lies in their own time alone. */
  readonly own?: OwnTime | undefined;
}

const usualSeries = ([first, ...rest]: readonly [Series, ...Series[]]): Series =>
  [first, ...rest].find((one) => one.register.flow === 'forward') ?? first;

/** The meter that measured last in a range, or in what may be seen at all. */
const meterOf = (series: Series, ...ranges: readonly (readonly Range[])[]): string | null => {
  for (const within of ranges) {
    const last = series.stretches.findLast((stretch) => common([stretch], within).length > 0);
    if (last !== undefined) return last.meter;
  }
  return null;
};

const rowOf = ({ from, to, ...rest }: UsageBucket) => ({ start: instantOf(from), end: instantOf(to), ...rest });

const scaleOf = ({ register: { unit }, powerOfTen }: Series) => ({ unit, powerOfTen });

/** Buckets filled, as rows of the answer. */
const rowsOf = (
  page: readonly (Range & { readonly expected: number })[],
  measured: readonly MeasuredStretch[],
  series: Series,
  resolution: Resolution,
) => {
  const each = resolution === 'interval' ? 'interval' : 'sum';
  const rows = fillBuckets(page, measured, each).map(rowOf);
  if (conversionsOf(measured).length === 0) return rows;
  const energies = energiesOf(page, measured, scaleOf(series), each);
  return rows.map((row, place) => ({ ...row, energy: energies[place] ?? null }));
};

const partMissing = {
  before: 'the meter that was removed told nothing of its part',
  after: 'the meter that was installed told nothing of its part',
} as const;

/** Intervals within which a meter was exchanged: the sum of both meters, or missing, and why. */
const exchangesOf = (measured: readonly MeasuredStretch[]): Pick<AnswerOf<'readUsage'>, 'exchanges'> => {
  const exchanges = measured.flatMap(({ exchange, ranges: [range] }) =>
    exchange === undefined || range === undefined
      ? []
      : [
          {
            start: instantOf(range.from),
            end: instantOf(range.to),
            exchangedAt: instantOf(exchange.at),
            ...(exchange.missing === undefined ? {} : { missing: partMissing[exchange.missing] }),
          },
        ],
  );
  return exchanges.length === 0 ? {} : { exchanges };
};

/** A page of buckets, and where the next begins. */
const pageOf = (
  buckets: Iterable<Range & { readonly expected: number }>,
  after: number,
  limit: number,
): { readonly page: readonly (Range & { readonly expected: number })[]; readonly next: string | null } => {
  const page: (Range & { readonly expected: number })[] = [];
  for (const bucket of buckets) {
    if (bucket.from < after) continue;
    if (page.length === limit) return { page, next: String(bucket.from) };
    page.push(bucket);
  }
  return { page, next: null };
};

/** Answers what was used. Throws DomainError: service point or meter not found, range or register invalid. */
export class ShowUsage {
  readonly #profile: Table;
  readonly #readings: Table;
  readonly #supply: SupplyReader;
  readonly #registers: RegisterReader;

  constructor(parts: { readonly profile: Table; readonly readings: Table }) {
    this.#profile = parts.profile;
    this.#readings = parts.readings;
    this.#supply = new SupplyReader(parts.profile);
    this.#registers = new RegisterReader(parts.profile);
  }

  /**
   * Customers whose time is asked for.
   * @param now Unix seconds: nobody's time is looked at before it comes
   */
  async whose({ servicePoint, from, to }: UsageQuestion, now: number): Promise<readonly string[]> {
    const supplied = await suppliedOrRefuse(this.#supply, servicePoint);
    const { zone } = supplied.point;
    const range = { from: secondsFrom(from, zone), to: Math.min(now, secondsFrom(to, zone)) };
    return whoseAt(this.#profile, supplied, [range]);
  }

  async answer(question: UsageQuestion): Promise<AnswerOf<'readUsage'>> {
    const supplied = await suppliedOrRefuse(this.#supply, question.servicePoint);
    const { zone } = supplied.point;
    const range = checkedRange({ from: secondsFrom(question.from, zone), to: secondsFrom(question.to, zone) });
    const all = await readSeries(this.#registers, supplied.meters);
    const series = usualSeries(askedSeries(all, question.register));
    const seen = await visible(supplied, question.own);
    const ranges = common(seen, [range]);
    const reads = useOfReads(this.#readings);
    const asOf = await lastValueOfSeries(this.#readings, series, seen, reads);
    const measured = await readStretches(this.#readings, series, ranges, range.from, range.to, reads);
    const due = common(ranges, [{ from: 0, to: asOf ?? 0 }]);
    const { page, next } = pageOf(
      bucketsOf(series, zone, question.resolution, ranges, asOf ?? 0),
      Number(question.after ?? 0),
      question.limit,
    );
    const expected = expectedIn(series, due);
    const [total] = fillBuckets([{ ...range, expected }], measured);
    const count = total?.count ?? 0;
    const conversions = conversionsOf(measured);
    return {
      servicePointId: supplied.point.id,
      meterId: meterOf(series, ranges, seen),
      register: series.register.id,
      commodity: series.register.commodity,
      flow: series.register.flow,
      unit: series.register.unit,
      powerOfTen: series.powerOfTen,
      zone,
      resolution: question.resolution,
      data: rowsOf(page, measured, series, question.resolution),
      total: {
        value: total?.value ?? 0,
        count,
        expected,
        missing: Math.max(0, expected - count),
        byQuality: [...sumsByQuality(measured, range)],
        ...(conversions.length === 0
          ? {}
          : { energy: energiesOf([{ ...range, expected }], measured, scaleOf(series), 'sum')[0] ?? null }),
      },
      ...(conversions.length === 0 ? {} : { conversions: [...conversions] }),
      ...exchangesOf(measured),
      asOf: asOf === undefined ? null : instantOf(asOf),
      next,
    };
  }
}
