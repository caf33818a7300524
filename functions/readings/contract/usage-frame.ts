import { ByteWriter, wholeBytes, zigzag } from '#shared/vocabulary/varint.ts';
import type { UsageBlock } from './interval-block.ts';

/**
 * The binary form of `usage-block.v1`, for meters that pay for each byte. Whole numbers are LEB128 in their shortest form:
 *
 *   mark      1 byte 0xB1: such a byte begins no UTF-8 text, which tells a frame from JSON; its low four bits are the version
 *   flags     1 byte: bit 0 values are deltas, bit 1 some are missing, bit 2 not all are actual; the others 0
 *   meter     17 bytes: the 26 Crockford characters, 5 bits each, highest first, then 6 bits 0
 *   register  1 byte length, then its ASCII characters
 *   start     minutes since 1970; interval in minutes; count of intervals; seq; revision
 *   missing   (bit 1) one bit an interval, lowest first, set where the value is missing; the rest of the last byte 0
 *   quality   (bit 2) count of marks, then for each the step of the index (of the first: the index) and the code, 1 byte
 *   values    of the intervals that are there, whole numbers, none negative; as deltas (bit 0) zigzagged (0, -1, 1, -2 … are
 *             0, 1, 2, 3 …) differences from the value before, the first from 0
 *
 * A sender is free to always write deltas, or plain values where none is negative; `writeUsageFrame` takes the shorter.
 */

/** Marks of a frame and letters of an id, the same for reading and writing. */
export const usageFrame = {
  version: 1,
  firstByte: 0xb1,
  deltas: 1,
  someMissing: 2,
  notAllActual: 4,
  letters: '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
  meterPrefix: 'mtr_',
  meterLetters: 26,
  meterBytes: 17,
} as const;

const digitsOf = new Map([...usageFrame.letters].map((letter, digit) => [letter, digit]));

const writeMeter = (out: ByteWriter, meter: string): void => {
  let [held, bits] = [0, 0];
  for (const letter of meter.slice(usageFrame.meterPrefix.length)) {
    held = (held << 5) | (digitsOf.get(letter) ?? 0);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.byte(held >>> bits);
    held &= (1 << bits) - 1;
  }
  out.byte(held << (8 - bits));
};

/** Whether deltas take fewer bytes than the values, or are the only way to say a negative one. */
const deltasAreShorter = (values: UsageBlock['values']): boolean => {
  let [last, plainBytes, deltaBytes] = [0, 0, 0];
  for (const value of values) {
    if (value === null) continue;
    if (value < 0) return true;
    plainBytes += wholeBytes(value);
    deltaBytes += wholeBytes(zigzag(value - last));
    last = value;
  }
  return deltaBytes < plainBytes;
};

const writeMissing = (out: ByteWriter, values: UsageBlock['values']): void => {
  for (let from = 0; from < values.length; from += 8) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit += 1) if (values[from + bit] === null) bits |= 1 << bit;
    out.byte(bits);
  }
};

const writeQuality = (out: ByteWriter, marks: NonNullable<UsageBlock['quality']>): void => {
  out.whole(marks.length);
  let last = 0;
  for (const [index, code] of marks) {
    out.whole(index - last);
    out.byte(code);
    last = index;
  }
};

/** The bytes a meter sends as a frame. The block must be one that the schema takes, without methods: a meter says none. */
export const writeUsageFrame = (block: UsageBlock): Uint8Array => {
  if (block.methods !== undefined) throw new RangeError('a frame says no methods');
  const { meter, register, start, interval, values, quality, seq, revision } = block;
  const isMissing = values.includes(null);
  const areDeltas = deltasAreShorter(values);
  const out = new ByteWriter(48 + 3 * values.length);
  out.byte(usageFrame.firstByte);
  out.byte(
    (areDeltas ? usageFrame.deltas : 0) |
      (isMissing ? usageFrame.someMissing : 0) |
      (quality === undefined ? 0 : usageFrame.notAllActual),
  );
  writeMeter(out, meter);
  out.byte(register.length);
  for (const letter of register) out.byte(letter.charCodeAt(0));
  for (const number of [start / 60, interval / 60, values.length, seq, revision]) out.whole(number);
  if (isMissing) writeMissing(out, values);
  if (quality !== undefined) writeQuality(out, quality);
  let last = 0;
  for (const value of values) {
    if (value === null) continue;
    if (areDeltas) out.signed(value - last);
    else out.whole(value);
    last = value;
  }
  return out.bytes();
};
