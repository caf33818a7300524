import { billableQualities, estimatedQualities, Flow, type Register, Unit } from '#shared/vocabulary/measures.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';
import { addDays, addMonths, daysBetween, localDateAt, monthNumber, nextMidnight } from '#shared/vocabulary/time.ts';
import { ByteReader, ByteWriter } from '#shared/vocabulary/varint.ts';
import { eachReading, type MeasuredStretch } from './supplied-series.ts';

/**
 * What the 360 view shows of one register of a service point: totals of months and of the last days, newest first. All of it is
 * made from readings alone and packed into the bytes that one item leaves; older months that do not fit are counted in `more`.
 */
export interface UsageSummary {
  readonly commodity: Register['commodity'];
  readonly flow: Register['flow'];
  readonly unit: Register['unit'];
  readonly powerOfTen: number;
  /** End of the last interval with a value, Unix seconds. */
  readonly asOf: number;
  /** Local date of that interval; the first of `days`, and its month the first of `months`. */
  readonly newestDay: string;
  /** Totals of that day and those before it, null where a day has no value. */
  readonly days: readonly (number | null)[];
  readonly months: readonly MonthTotal[];
  /** Months older than those shown, of the 13 newest, since the first reading. */
  readonly more: number;
}

/** A summary as read back: `signed` says that a value may be below zero, in a month that was left out too. */
export interface StoredSummary extends UsageSummary {
  readonly signed: boolean;
}

export interface MonthTotal {
  readonly value: number | null;
  /** Part of the counted intervals whose value is an estimate, in hundredths, rounded up. */
  readonly estimatedHundredths: number;
}

/** What a summary looks back over. */
export const summaryReach = { days: 7, months: 13 } as const;

/** Sum of the values of one local day, how many there are, how many of them are estimates. */
export interface DayTotal {
  readonly value: number;
  readonly count: number;
  readonly estimated: number;
}

/** Totals of the local days that have values, and the end of the last value. */
export interface DayTotals {
  readonly byDate: ReadonlyMap<string, DayTotal>;
  readonly asOf: number | undefined;
}

/** Adds up the readings that count in billing by local day of a zone; `asOf` is the end of the last value of any kind. */
export const totalDays = (stretches: readonly MeasuredStretch[], zone: string): DayTotals => {
  const byDate = new Map<string, DayTotal>();
  let day = { date: '', from: 0, to: 0 };
  let [value, count, estimated] = [0, 0, 0];
  let asOf: number | undefined;
  const close = (): void => {
    if (count === 0) return;
    const there = byDate.get(day.date) ?? { value: 0, count: 0, estimated: 0 };
    byDate.set(day.date, {
      value: there.value + value,
      count: there.count + count,
      estimated: there.estimated + estimated,
    });
    [value, count, estimated] = [0, 0, 0];
  };
  for (const stretch of stretches) {
    eachReading(stretch, (start, end, reading, code) => {
      if (reading === null) return;
      if (start < day.from || start >= day.to) {
        close();
        day = { date: localDateAt(zone, start), from: start, to: nextMidnight(zone, start) };
      }
      if (billableQualities.has(code)) {
        value += reading;
        count += 1;
        if (code !== 0 && estimatedQualities.has(code)) estimated += 1;
      }
      if (asOf === undefined || end > asOf) asOf = end;
    });
  }
  close();
  return { byDate, asOf };
};

const monthTotals = (byDate: DayTotals['byDate']): ReadonlyMap<string, MonthTotal> => {
  const sums = new Map<string, DayTotal>();
  for (const [date, total] of byDate) {
    const month = date.slice(0, 7);
    const there = sums.get(month);
    sums.set(
      month,
      there === undefined
        ? total
        : {
            value: there.value + total.value,
            count: there.count + total.count,
            estimated: there.estimated + total.estimated,
          },
    );
  }
  return new Map(
    [...sums].map(([month, { value, count, estimated }]) => [
      month,
      { value, estimatedHundredths: Math.ceil((100 * estimated) / count) },
    ]),
  );
};

const noMonth: MonthTotal = { value: null, estimatedHundredths: 0 };

/** What the register says, the same for every summary of it. */
export type SummaryGround = Pick<UsageSummary, 'commodity' | 'flow' | 'unit' | 'powerOfTen'>;

/**
 * The summary of all readings that count, before it is cut to its bytes; undefined where there is no value.
 * @param totals of at least the 13 months up to the last value
 * @param firstDay local date of the first reading there is
 */
export const summarise = (
  ground: SummaryGround,
  zone: string,
  totals: DayTotals,
  firstDay: string,
): UsageSummary | undefined => {
  if (totals.asOf === undefined) return undefined;
  const newestDay = localDateAt(zone, totals.asOf - 1);
  const newestMonth = newestDay.slice(0, 7);
  const reach = Math.min(summaryReach.months, monthNumber(newestMonth) - monthNumber(firstDay) + 1);
  const byMonth = monthTotals(totals.byDate);
  return {
    ...ground,
    asOf: totals.asOf,
    newestDay,
    days: Array.from(
      { length: summaryReach.days },
      (_, back) => totals.byDate.get(addDays(newestDay, -back))?.value ?? null,
    ),
    months: Array.from({ length: reach }, (_, back) => byMonth.get(addMonths(newestMonth, -back)) ?? noMonth),
    more: 0,
  };
};

/**
 * The summary after news of readings from `since` on, from the one there was and the totals read anew from `readFrom` on
 * (local dates; `readFrom` is the first of a month). Undefined where only a look at all readings can tell.
 */
export const resumed = (
  before: StoredSummary,
  zone: string,
  totals: DayTotals,
  readFrom: string,
): UsageSummary | undefined => {
  if (totals.asOf === undefined || totals.asOf < before.asOf) return undefined;
  // Which month is negative, and whether it still counts, cannot be told from the bytes.
  if (before.signed && before.flow !== 'net') return undefined;
  const newestDay = localDateAt(zone, totals.asOf - 1);
  if (daysBetween(readFrom, newestDay) < summaryReach.days - 1) return undefined;
  const [newest, readMonth] = [monthNumber(newestDay), monthNumber(readFrom)];
  const known = before.months.length + before.more;
  const older = before.months.slice(monthNumber(before.newestDay) - readMonth + 1);
  if (older.length === 0 && known > before.months.length) return undefined;
  if (monthNumber(before.newestDay) - known + 1 > readMonth) return undefined;
  const byMonth = monthTotals(totals.byDate);
  const fresh = Array.from(
    { length: newest - readMonth + 1 },
    (_, back) => byMonth.get(addMonths(newestDay.slice(0, 7), -back)) ?? noMonth,
  );
  const total = Math.min(summaryReach.months, known + newest - monthNumber(before.newestDay));
  const months = [...fresh, ...older].slice(0, total);
  const { commodity, flow, unit, powerOfTen } = before;
  return {
    ...{ commodity, flow, unit, powerOfTen },
    asOf: totals.asOf,
    newestDay,
    days: Array.from(
      { length: summaryReach.days },
      (_, back) => totals.byDate.get(addDays(newestDay, -back))?.value ?? null,
    ),
    months,
    more: total - months.length,
  };
};

// ---- Bytes ----

/*
 * 1 byte  bits 0-3 format 1, bit 4 signed values
 * 1 byte  reading type: commodity, flow, unit; then the power of ten (zigzag)
 * newest day in days since 2000; end of the last value in minutes after midnight UTC of that day (zigzag)
 * 1 byte  months left out (bits 4-7), months (bits 0-3); 1 byte days
 * days    0 for none, else the value and 1
 * months  0 for none, else twice the value and 1, and 1 where part is estimated; then that part in hundredths
 */
const format = 1;
const signedBit = 1 << 4;
/** The places of these lists are part of the format. */
const [commodities, flows, units] = [Commodity.options, Flow.options, Unit.options];

const typeIndex = ({ commodity, flow, unit }: SummaryGround): number =>
  (commodities.indexOf(commodity) * flows.length + flows.indexOf(flow)) * units.length + units.indexOf(unit);

const isSigned = (summary: UsageSummary): boolean =>
  summary.flow === 'net' ||
  summary.days.some((value) => value !== null && value < 0) ||
  summary.months.some(({ value }) => value !== null && value < 0);

const midnightUtc = (date: string): number => daysBetween('1970-01-01', date) * 86_400;

const write = (summary: UsageSummary, signed: boolean): Uint8Array => {
  const out = new ByteWriter(64);
  const number = (value: number, scale: number, low: number): void =>
    out.whole((signed ? (value < 0 ? -2 * value - 1 : 2 * value) : value) * scale + low);
  out.byte(format | (signed ? signedBit : 0));
  out.byte(typeIndex(summary));
  out.signed(summary.powerOfTen);
  out.whole(daysBetween('2000-01-01', summary.newestDay));
  out.signed((summary.asOf - midnightUtc(summary.newestDay)) / 60);
  out.byte((summary.more << 4) | summary.months.length);
  out.byte(summary.days.length);
  for (const value of summary.days) {
    if (value === null) out.byte(0);
    else number(value, 1, 1);
  }
  for (const { value, estimatedHundredths } of summary.months) {
    if (value === null) out.byte(0);
    else number(value, 2, estimatedHundredths > 0 ? 2 : 1);
    if (value !== null && estimatedHundredths > 0) out.byte(estimatedHundredths);
  }
  return out.bytes();
};

/** A summary cut to what fits, and its bytes. */
export interface PackedSummary {
  readonly summary: UsageSummary;
  readonly bytes: Uint8Array;
}

/** Packs a summary into at most `budget` bytes: the newest months that fit, the others counted in `more`. */
export const packSummary = (summary: UsageSummary, budget: number): PackedSummary => {
  const signed = isSigned(summary);
  for (let kept = summary.months.length; ; kept -= 1) {
    const cut = {
      ...summary,
      months: summary.months.slice(0, kept),
      more: summary.more + summary.months.length - kept,
    };
    const bytes = write(cut, signed);
    if (bytes.length <= budget || kept === 0) return { summary: cut, bytes };
  }
};

/**
 * Whether the months that a resumed summary has are surely all that fit: none was left out before, or one is left out now, or
 * what is there takes at least the bytes it took when the next one did not fit.
 */
export const surelyFull = (resumedSummary: UsageSummary, packed: PackedSummary, bytesBefore: number): boolean =>
  resumedSummary.more === 0 ||
  packed.summary.months.length < resumedSummary.months.length ||
  packed.bytes.length >= bytesBefore;

/** Reads a packed summary. Throws RangeError where the bytes are none. */
export const readSummary = (bytes: Uint8Array): StoredSummary => {
  const input = new ByteReader(bytes);
  const head = input.byte();
  if ((head & 15) !== format) throw new RangeError(`usage of an unknown format: ${head & 15}`);
  const type = input.byte();
  const unit = units[type % units.length];
  const flow = flows[Math.floor(type / units.length) % flows.length];
  const commodity = commodities[Math.floor(type / units.length / flows.length)];
  if (unit === undefined || flow === undefined || commodity === undefined) throw new RangeError('no reading type');
  const unsign = (value: number): number => {
    if ((head & signedBit) === 0) return value;
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const powerOfTen = input.signed();
  const newestDay = addDays('2000-01-01', input.whole());
  const asOf = midnightUtc(newestDay) + input.signed() * 60;
  const counts = input.byte();
  const days = Array.from({ length: input.byte() }, () => {
    const value = input.whole();
    return value === 0 ? null : unsign(value - 1);
  });
  const months = Array.from({ length: counts & 15 }, (): MonthTotal => {
    const value = input.whole();
    if (value === 0) return noMonth;
    const isEstimated = value % 2 === 0;
    return { value: unsign((value - (isEstimated ? 2 : 1)) / 2), estimatedHundredths: isEstimated ? input.byte() : 0 };
  });
  const signed = (head & signedBit) !== 0;
  return { commodity, flow, unit, powerOfTen, asOf, newestDay, days, months, more: counts >>> 4, signed };
};
