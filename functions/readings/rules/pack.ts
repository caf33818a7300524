import { methodOfNumber, numberOfMethod } from '#shared/vocabulary/source-methods.ts';
import { ByteReader, ByteWriter, wholeBytes, zigzag } from '#shared/vocabulary/varint.ts';
import { canonical, type IntervalRun, type MethodMarks, type QualityMarks, runOf } from './runs.ts';

/**
 * A block's values in one binary attribute. The bytes depend on the readings alone, so that the same block written twice is
 * the same bytes:
 *
 *   flags   1 byte: bits 0-1 coding (0 varint, 1 zigzagged deltas), bit 2 some are missing, bit 3 not all actual, 4-7 format
 *   start   minutes since 1970; interval in minutes; count of intervals; total (zigzag)
 *   missing one bit an interval, least first, set where the value is missing (bit 2)
 *   quality count of marks, then for each the step of the index and the code (bit 3)
 *   methods count of marks, then for each the step of the index and the number of the method, 0 for none (format 2 alone)
 *   values  of the intervals that are there, in the shorter coding
 */
const formats = { plain: 1, withMethods: 2 } as const;
const coding = { plain: 0, deltas: 1 } as const;
const someMissing = 1 << 2;
const notAllActual = 1 << 3;

/** Sum of the values that are there; also the size of each coding and how many are missing. */
interface Survey {
  readonly total: number;
  readonly missing: number;
  readonly coding: 0 | 1;
}

const survey = (values: readonly (number | null)[]): Survey => {
  let [total, missing, last, plainBytes, deltaBytes] = [0, 0, 0, 0, 0];
  let negative = false;
  for (const value of values) {
    if (value === null) {
      missing += 1;
      continue;
    }
    total += value;
    deltaBytes += wholeBytes(zigzag(value - last));
    if (value < 0) negative = true;
    else plainBytes += wholeBytes(value);
    last = value;
  }
  return { total, missing, coding: negative || deltaBytes < plainBytes ? coding.deltas : coding.plain };
};

const writeMissing = (out: ByteWriter, values: readonly (number | null)[]): void => {
  for (let index = 0; index < values.length; index += 8) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit += 1) if (values[index + bit] === null) bits |= 1 << bit;
    out.byte(bits);
  }
};

const writeQuality = (out: ByteWriter, marks: QualityMarks): void => {
  out.whole(marks.length);
  let last = 0;
  for (const [index, code] of marks) {
    out.whole(index - last);
    out.byte(code);
    last = index;
  }
};

const writeMethods = (out: ByteWriter, marks: MethodMarks): void => {
  out.whole(marks.length);
  let last = 0;
  for (const [index, method] of marks) {
    out.whole(index - last);
    out.whole(numberOfMethod(method));
    last = index;
  }
};

/** Packs a run whose start and interval are whole minutes. Without methods the bytes are those of the format before. */
export const packRun = (run: IntervalRun): Uint8Array => {
  const isPlain = run.quality === undefined && run.methods === undefined;
  const { start, interval, values, quality, methods } = isPlain ? run : canonical(run);
  const found = survey(values);
  const out = new ByteWriter(24 + 3 * values.length);
  const format = methods === undefined ? formats.plain : formats.withMethods;
  const isCoded = quality === undefined ? 0 : notAllActual;
  out.byte((format << 4) | found.coding | (found.missing > 0 ? someMissing : 0) | isCoded);
  out.whole(start / 60);
  out.whole(interval / 60);
  out.whole(values.length);
  out.signed(found.total);
  if (found.missing > 0) writeMissing(out, values);
  if (quality !== undefined) writeQuality(out, quality);
  if (methods !== undefined) writeMethods(out, methods);
  let last = 0;
  for (const value of values) {
    if (value === null) continue;
    if (found.coding === coding.plain) out.whole(value);
    else out.signed(value - last);
    last = value;
  }
  return out.bytes();
};

/** What can be read without the values: instants in Unix seconds, the total of the values that are there. */
export interface PackedHead {
  readonly start: number;
  readonly interval: number;
  readonly count: number;
  readonly total: number;
}

const readHead = (input: ByteReader): PackedHead & { readonly flags: number } => {
  const flags = input.byte();
  if (flags >>> 4 !== formats.plain && flags >>> 4 !== formats.withMethods)
    throw new RangeError(`packed readings of an unknown format: ${flags >>> 4}`);
  return {
    flags,
    start: input.whole() * 60,
    interval: input.whole() * 60,
    count: input.whole(),
    total: input.signed(),
  };
};

/** Start, interval, count and total of packed readings. */
export const readPackedHead = (bytes: Uint8Array): PackedHead => readHead(new ByteReader(bytes));

const readQuality = (input: ByteReader): QualityMarks => {
  const marks: [number, number][] = [];
  let last = 0;
  for (let left = input.whole(); left > 0; left -= 1) {
    last += input.whole();
    marks.push([last, input.byte()]);
  }
  return marks;
};

const readMethods = (input: ByteReader): MethodMarks => {
  const marks: [number, string][] = [];
  let last = 0;
  for (let left = input.whole(); left > 0; left -= 1) {
    last += input.whole();
    marks.push([last, methodOfNumber(input.whole())]);
  }
  return marks;
};

/** Reads packed readings back. Throws RangeError where the bytes are none. */
export const unpackRun = (bytes: Uint8Array): IntervalRun => {
  const input = new ByteReader(bytes);
  const { flags, start, interval, count } = readHead(input);
  const missing: number[] = [];
  if ((flags & someMissing) !== 0) for (let read = 0; read < count; read += 8) missing.push(input.byte());
  const quality = (flags & notAllActual) === 0 ? undefined : readQuality(input);
  const methods = flags >>> 4 === formats.withMethods ? readMethods(input) : undefined;
  const deltas = (flags & 3) === coding.deltas;
  const values = new Array<number | null>(count);
  let last = 0;
  for (let index = 0; index < count; index += 1) {
    if ((((missing[index >>> 3] ?? 0) >>> (index & 7)) & 1) === 1) {
      values[index] = null;
      continue;
    }
    last = deltas ? last + input.signed() : input.whole();
    values[index] = last;
  }
  return runOf({ start, interval, values, quality, methods });
};
