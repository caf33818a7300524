import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { common, type Range, united } from '#shared/domain/metering/ranges.ts';
import type { Series } from '#shared/domain/metering/supplied-series.ts';
import {
  bucketsOf,
  expectedIn,
  fillBuckets,
  type Resolution,
  type UsageBucket,
} from '#shared/domain/metering/usage-buckets.ts';
import { lastValueOfSeries, RegisterReader, readSeries, readStretches } from '#shared/store/series.ts';
import { type SuppliedPoint, SupplyReader } from '#shared/store/supply.ts';
import type { Table } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { instantOf, startOfDate } from '#shared/vocabulary/time.ts';

/** What is asked: local dates or instants, half-open; `after` is the position a page before ended at. */
export interface UsageQuestion {
  readonly servicePoint: string;
  readonly from: string;
  readonly to: string;
  readonly resolution: Resolution;
  readonly register?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
  /** A customer sees what lies in their own agreements alone. */
  readonly customer?: string | undefined;
}

/** Longest range that is answered: eleven years, in seconds. */
const longestRange = 4_018 * 86_400;

const invalid = (field: string, code: string, message: string): DomainError =>
  new DomainError('invalid', code, `${field} ${message}`, { errors: [{ pointer: `/query/${field}`, code, message }] });

const secondsFrom = (text: string, zone: string): number =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? startOfDate(zone, text) : Math.ceil(Date.parse(text) / 1000);

const rangeOf = ({ from, to }: UsageQuestion, zone: string): Range => {
  const range = { from: secondsFrom(from, zone), to: secondsFrom(to, zone) };
  if (range.from >= range.to) throw invalid('to', 'range.empty', 'must be after from');
  if (range.to - range.from > longestRange)
    throw invalid('to', 'range.too-long', 'must be within eleven years of from');
  return range;
};

const seriesOf = (all: ReadonlyMap<string, Series>, register: string | undefined): Series => {
  if (register !== undefined) {
    const series = all.get(register);
    if (series === undefined) throw invalid('register', 'register.unknown', 'is no register of this service point');
    return series;
  }
  const found = [...all.values()];
  const series = found.find((one) => one.register.flow === 'forward') ?? found[0];
  if (series === undefined) {
    throw new DomainError('not-found', 'service-point.no-meter', 'no meter measures this service point');
  }
  return series;
};

/** When the usage of a point is the caller's to see. */
const visible = (supplied: SuppliedPoint, customer: string | undefined): readonly Range[] =>
  customer === undefined
    ? [{ from: 0, to: Number.POSITIVE_INFINITY }]
    : united(supplied.periods.filter((period) => period.customer === customer));

const meterOf = (series: Series, ranges: readonly Range[]): string | null =>
  (series.stretches.findLast((stretch) => common([stretch], ranges).length > 0) ?? series.stretches.at(-1))?.meter ??
  null;

const rowOf = ({ from, to, ...rest }: UsageBucket) => ({ start: instantOf(from), end: instantOf(to), ...rest });

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
  readonly #readings: Table;
  readonly #supply: SupplyReader;
  readonly #registers: RegisterReader;

  constructor(parts: { readonly profile: Table; readonly readings: Table }) {
    this.#readings = parts.readings;
    this.#supply = new SupplyReader(parts.profile);
    this.#registers = new RegisterReader(parts.profile);
  }

  async answer(question: UsageQuestion): Promise<AnswerOf<'readUsage'>> {
    const supplied = await this.#supply.of(question.servicePoint);
    if (supplied === undefined) {
      throw new DomainError('not-found', 'service-point.unknown', 'there is no such service point');
    }
    const { zone } = supplied.point;
    const range = rangeOf(question, zone);
    const series = seriesOf(await readSeries(this.#registers, supplied.meters), question.register);
    const seen = visible(supplied, question.customer);
    const ranges = common(seen, [range]);
    const asOf = await lastValueOfSeries(this.#readings, series, seen);
    const measured = await readStretches(this.#readings, series, ranges, range.from, range.to);
    const due = common(ranges, [{ from: 0, to: asOf ?? 0 }]);
    const { page, next } = pageOf(
      bucketsOf(series, zone, question.resolution, ranges, asOf ?? 0),
      Number(question.after ?? 0),
      question.limit,
    );
    const expected = expectedIn(series, due);
    const [total] = fillBuckets([{ ...range, expected }], measured);
    const count = total?.count ?? 0;
    return {
      servicePointId: supplied.point.id,
      meterId: meterOf(series, ranges),
      register: series.register.id,
      commodity: series.register.commodity,
      flow: series.register.flow,
      unit: series.register.unit,
      powerOfTen: series.powerOfTen,
      zone,
      resolution: question.resolution,
      data: fillBuckets(page, measured).map(rowOf),
      total: { value: total?.value ?? 0, count, expected, missing: Math.max(0, expected - count) },
      asOf: asOf === undefined ? null : instantOf(asOf),
      next,
    };
  }
}
