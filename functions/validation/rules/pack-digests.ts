import { estimatedQualities } from '#shared/vocabulary/measures.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import { ByteReader, ByteWriter } from '#shared/vocabulary/varint.ts';
import { countOf, type DayDigest, type EqualTail, type QualitySum } from './day-digest.ts';

/**
 * Digests of one month in one binary attribute. The bytes depend on the digests alone.
 *
 *   format  1 byte: 1
 *   for each day, ascending:
 *     day     of the month; flags: bit 0 something counts, bit 1 a row reaches the end, bit 2 what is usual before it is known,
 *             bit 3 the row is of zeros
 *     counts  expected, missing, days in a row that are estimated
 *     sums    how many codes, and for each the code, the count, the sum (zigzag)
 *     ends    start of the first and end of the last value that counts, seconds after 0 h UTC of the date (zigzag; bit 0)
 *     row     value (zigzag, not of zeros), count, start in seconds after 0 h UTC of the date (zigzag), usual use (zigzag, bit 2)
 *
 * Counts and totals of a day follow from its sums by code.
 */
const format = 1;
const flag = { counts: 1, row: 2, usual: 4, zeros: 8 } as const;

const utcStart = (date: string): number => secondsOf(`${date}T00:00:00.000Z`);

const flagsOf = ({ firstAt, tail }: DayDigest): number =>
  (firstAt === null ? 0 : flag.counts) |
  (tail === null ? 0 : flag.row) |
  (tail === null || tail.usual === null ? 0 : flag.usual) |
  (tail?.value === 0 ? flag.zeros : 0);

const writeDay = (out: ByteWriter, digest: DayDigest): void => {
  const { date, byQuality, firstAt, lastAt, tail } = digest;
  const start = utcStart(date);
  out.whole(Number(date.slice(8)));
  out.byte(flagsOf(digest));
  for (const count of [digest.expected, digest.missing, digest.estimatedDays, byQuality.length]) out.whole(count);
  for (const [code, count, value] of byQuality) {
    out.whole(code);
    out.whole(count);
    out.signed(value);
  }
  if (firstAt !== null) {
    out.signed(firstAt - start);
    out.signed((lastAt ?? firstAt) - start);
  }
  if (tail === null) return;
  if (tail.value !== 0) out.signed(tail.value);
  out.whole(tail.count);
  out.signed(tail.from - start);
  if (tail.usual !== null) out.signed(tail.usual);
};

/** Packs the digests of the days of one month. */
export const packDigests = (digests: readonly DayDigest[]): Uint8Array => {
  const out = new ByteWriter(32 * (digests.length + 1));
  out.byte(format);
  for (const digest of digests.toSorted((left, right) => (left.date < right.date ? -1 : 1))) writeDay(out, digest);
  return out.bytes();
};

const readTail = (input: ByteReader, flags: number, start: number): EqualTail | null => {
  if ((flags & flag.row) === 0) return null;
  const value = (flags & flag.zeros) === 0 ? input.signed() : 0;
  const [count, from] = [input.whole(), start + input.signed()];
  return { value, count, from, usual: (flags & flag.usual) === 0 ? null : input.signed() };
};

const readDay = (input: ByteReader, month: string): DayDigest => {
  const date = `${month}-${String(input.whole()).padStart(2, '0')}`;
  const start = utcStart(date);
  const flags = input.byte();
  const [expected, missing, estimatedDays] = [input.whole(), input.whole(), input.whole()];
  const byQuality: QualitySum[] = [];
  for (let left = input.whole(); left > 0; left -= 1) byQuality.push([input.whole(), input.whole(), input.signed()]);
  const counts = (flags & flag.counts) !== 0;
  const [firstAt, lastAt] = counts ? [start + input.signed(), start + input.signed()] : [null, null];
  return {
    date,
    expected,
    count: countOf(byQuality, () => true),
    estimated: countOf(byQuality, (code) => estimatedQualities.has(code)),
    missing,
    total: byQuality.reduce((sum, [, , value]) => sum + value, 0),
    byQuality,
    firstAt,
    lastAt,
    tail: readTail(input, flags, start),
    estimatedDays,
  };
};

/** Reads packed digests of a month (`2026-03`) back. Throws RangeError where the bytes are none. */
export const unpackDigests = (month: string, bytes: Uint8Array): readonly DayDigest[] => {
  const input = new ByteReader(bytes);
  const found = input.byte();
  if (found !== format) throw new RangeError(`packed digests of an unknown format: ${found}`);
  const digests: DayDigest[] = [];
  while (input.left > 0) digests.push(readDay(input, month));
  return digests;
};
