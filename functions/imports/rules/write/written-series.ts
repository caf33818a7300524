import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import type { Register } from '#shared/vocabulary/measures.ts';

/** One register of a service point, to be written as a file. */
export interface WrittenSeries {
  /** Name of the service point, the same in every file. */
  readonly servicePoint: string;
  readonly register: Pick<Register, 'id' | 'commodity' | 'flow' | 'unit' | 'powerOfTen' | 'intervalSeconds' | 'zone'>;
  /** Ascending, without overlap; values are times 10^powerOfTen of the register's unit. */
  readonly intervals: AsyncIterable<MeasuredInterval> | Iterable<MeasuredInterval>;
}

/** What a format cannot say; a file is never bent to say something near it. */
export class NotWritable extends Error {
  readonly code: 'out-of-order' | 'off-the-grid' | 'wrong-name' | 'wrong-unit' | 'wrong-value' | 'wrong-interval';
  constructor(code: NotWritable['code'], message: string) {
    super(message);
    this.name = 'NotWritable';
    this.code = code;
  }
}

/** The intervals one by one. Throws NotWritable where one begins before the end of the one before, or is none. */
export async function* inOrder({
  register,
  intervals,
}: WrittenSeries): AsyncGenerator<MeasuredInterval, void, undefined> {
  let end = Number.NEGATIVE_INFINITY;
  for await (const interval of intervals) {
    const { start, seconds, value } = interval;
    if (!Number.isSafeInteger(start) || start < end || !Number.isSafeInteger(seconds) || seconds <= 0)
      throw new NotWritable(
        'out-of-order',
        `register ${register.id}: an interval begins before the one before it ends`,
      );
    if (value !== null && !Number.isSafeInteger(value))
      throw new NotWritable('wrong-value', `register ${register.id}: a value is no whole number`);
    yield interval;
    end = start + seconds;
  }
}
