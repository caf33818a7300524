import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import { storedIntervals } from '#functions/imports/rules/write/stored-intervals.ts';
import { NotWritable, type WrittenSeries } from '#functions/imports/rules/write/written-series.ts';
import type { Series } from '#functions/readings/rules/supplied-series.ts';
import { expectedIn } from '#functions/readings/rules/usage-buckets.ts';
import { summaryReach } from '#functions/readings/rules/usage-summary.ts';
import { RegisterReader, readSeries, readStretches } from '#functions/validation/store/series.ts';
import { SupplyReader } from '#functions/validation/store/supply.ts';
import { useOfReads } from '#functions/validation/store/use-of-reads.ts';
import { type DownloadedFile, fileBytes, mostFileBytes } from '#shared/contracts/api/common.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import { whoseAt } from '#shared/profile/store/whose-time.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { common, type Range } from '#shared/vocabulary/ranges.ts';
import { addMonths, localDateAt, localMonthAt, startOfMonth } from '#shared/vocabulary/time.ts';
import { askedSeries, checkedRange, invalid, secondsFrom, suppliedOrRefuse, visible } from './asked-usage.ts';
import { type FileFormat, fileFormats, pointName } from './usage-file.ts';

/** What is asked: local dates or instants, half-open; absent, the thirteen months up to now that a view shows. */
export interface FileQuestion {
  readonly servicePoint: string;
  readonly format: FileFormat;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly register?: string | undefined;
  /** A customer gets what lies in their own time alone. */
  readonly own?: OwnTime | undefined;
}

/** Most intervals that are read for one file: no format says one in fewer bytes than fit so often. */
const mostIntervals = 500_000;
const daySeconds = 86_400;

const rangeOf = ({ from, to }: FileQuestion, zone: string, now: number): Range => {
  const end = to === undefined ? now : secondsFrom(to, zone);
  const first = startOfMonth(zone, addMonths(localMonthAt(zone, end - 1), 1 - summaryReach.months));
  return checkedRange({ from: from === undefined ? first : secondsFrom(from, zone), to: end });
};

/** Part of what would fit just so that is advised, since days differ. */
const advised = 0.9;

/** A refusal that names how many days would fit, by the part of the intervals that did. */
const tooLarge = (ranges: readonly Range[], part: number): DomainError => {
  const asked = ranges.reduce((sum, { from, to }) => sum + to - from, 0) / daySeconds;
  const days = Math.max(1, Math.floor(asked * part * advised));
  return invalid(
    'from',
    'usage-file.too-large',
    `must be closer to to: the file would be larger than 6 MB; ask for at most ${days} days at a time, or for one register`,
    { days },
  );
};

const nameOf = (point: string, format: FileFormat, { from, to }: Range, zone: string): string =>
  `${format}-${point}-${localDateAt(zone, from)}-to-${localDateAt(zone, to - 1)}.${fileFormats[format].ending}`;

/** The text of a file, undefined where it takes more bytes of an answer than there are. */
const textOf = async (pieces: AsyncIterable<string>): Promise<string | undefined> => {
  const kept: string[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += fileBytes(piece);
    if (size > mostFileBytes) return undefined;
    kept.push(piece);
  }
  return kept.join('');
};

/** Gives readings as files. Throws DomainError: not found, range or register invalid, too large, or not to be said in the format. */
export class DownloadUsage {
  readonly #parts: { readonly profile: Table; readonly readings: Table; readonly now: () => number };
  readonly #supply: SupplyReader;
  readonly #registers: RegisterReader;

  /** @param parts.now milliseconds */
  constructor(parts: { readonly profile: Table; readonly readings: Table; readonly now: () => number }) {
    this.#parts = parts;
    this.#supply = new SupplyReader(parts.profile);
    this.#registers = new RegisterReader(parts.profile);
  }

  /** Customers whose time is asked for. */
  async whose(question: FileQuestion): Promise<readonly string[]> {
    const at = Math.floor(this.#parts.now() / 1000);
    const supplied = await suppliedOrRefuse(this.#supply, question.servicePoint);
    const { from, to } = rangeOf(question, supplied.point.zone, at);
    return whoseAt(this.#parts.profile, supplied, [{ from, to: Math.min(at, to) }]);
  }

  async file(question: FileQuestion): Promise<DownloadedFile> {
    const at = Math.floor(this.#parts.now() / 1000);
    const supplied = await suppliedOrRefuse(this.#supply, question.servicePoint);
    const { point } = supplied;
    const range = rangeOf(question, point.zone, at);
    const series = askedSeries(await readSeries(this.#registers, supplied.meters), question.register);
    const ranges = common(await visible(supplied, question.own), [range]);
    const due = common(ranges, [{ from: 0, to: at }]);
    const expected = series.reduce((sum, one) => sum + expectedIn(one, due), 0);
    if (expected > mostIntervals) throw tooLarge(due, mostIntervals / expected);
    let taken = 0;
    const counted = function* (intervals: Iterable<MeasuredInterval>) {
      for (const interval of intervals) {
        taken += 1;
        yield interval;
      }
    };
    const written: WrittenSeries[] = [];
    for (const one of series)
      written.push({
        servicePoint: pointName(point),
        register: { ...one.register, powerOfTen: one.powerOfTen },
        intervals: counted(await this.#intervals(one, ranges, range)),
      });
    const { type, write } = fileFormats[question.format];
    try {
      const text = await textOf(write({ point, series: written, at }));
      if (text === undefined) throw tooLarge(due, Math.min(1, taken / expected));
      return { name: nameOf(point.id, question.format, range, point.zone), type, text };
    } catch (error) {
      if (!(error instanceof NotWritable)) throw error;
      throw new DomainError(
        'invalid',
        'usage-file.not-writable',
        `${question.format} cannot say this: ${error.message}`,
        {
          cause: error,
          extra: { reason: error.code },
        },
      );
    }
  }

  async #intervals(series: Series, ranges: readonly Range[], { from, to }: Range): Promise<Iterable<MeasuredInterval>> {
    const { readings } = this.#parts;
    return storedIntervals(await readStretches(readings, series, ranges, from, to, useOfReads(readings)));
  }
}
