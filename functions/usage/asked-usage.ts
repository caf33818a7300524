import type { Series } from '#functions/readings/rules/supplied-series.ts';
import type { SuppliedPoint, SupplyReader } from '#functions/validation/store/supply.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';

/** Longest range that is answered: eleven years, in seconds. */
const longestRange = 4_018 * 86_400;

/** A refusal of one parameter of the query. */
export const invalid = (
  field: string,
  code: string,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
): DomainError =>
  new DomainError('invalid', code, `${field} ${message}`, {
    errors: [{ pointer: `/query/${field}`, code, message }],
    extra,
  });

/** Unix seconds of an instant, or of the beginning of a local date. */
export const secondsFrom = (text: string, zone: string): number =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? startOfDate(zone, text) : Math.ceil(Date.parse(text) / 1000);

/** The range itself. Throws DomainError (422) where it is empty or longer than eleven years. */
export const checkedRange = (range: Range): Range => {
  if (range.from >= range.to) throw invalid('to', 'range.empty', 'must be after from');
  if (range.to - range.from > longestRange)
    throw invalid('to', 'range.too-long', 'must be within eleven years of from');
  return range;
};

/** The point as it is now. Throws DomainError (404) where there is none. */
export const suppliedOrRefuse = async (supply: SupplyReader, servicePoint: string): Promise<SuppliedPoint> => {
  const supplied = await supply.of(servicePoint);
  if (supplied !== undefined) return supplied;
  throw new DomainError('not-found', 'service-point.unknown', 'there is no such service point');
};

/**
 * Series of a point, by the register asked for or all. Throws DomainError: no meter (404), a register that is none of them (422).
 */
export const askedSeries = (
  all: ReadonlyMap<string, Series>,
  register: string | undefined,
): readonly [Series, ...Series[]] => {
  const [first, ...rest] = [...all.values()].filter((one) => register === undefined || one.register.id === register);
  if (first !== undefined) return [first, ...rest];
  if (register !== undefined) throw invalid('register', 'register.unknown', 'is no register of this service point');
  throw new DomainError('not-found', 'service-point.no-meter', 'no meter measures this service point');
};

/**
 * When the usage of a point is the caller's to see: for a customer the time in which it was theirs by a role that gives use; all of it
 * for anybody else.
 */
export const visible = async (
  { point, premise }: SuppliedPoint,
  own: OwnTime | undefined,
): Promise<readonly Range[]> =>
  own === undefined ? [{ from: 0, to: Number.POSITIVE_INFINITY }] : own.rangesOf(premise, point.id, 'use');
