import { ByteReader, unzigzag } from '#shared/vocabulary/varint.ts';
import type { BlockFault } from './block-fault.ts';
import { blockLimits } from './block-limits.ts';
import { usageFrame } from './usage-frame.ts';

/** Whether bytes are a frame of any version, and so no JSON. */
export const isUsageFrame = (bytes: Uint8Array): boolean => {
  const [first = 0] = bytes;
  return first >>> 4 === 0xb;
};

/** Lets go of a frame; never leaves this file. */
class Refused extends Error {
  readonly fault: BlockFault;
  constructor(pointer: string, code: BlockFault['code']) {
    super(code);
    this.name = 'Refused';
    this.fault = { pointer, code };
  }
}

/** Factor of the eighth byte, the last that a safe integer of 53 bits can have. */
const largestScale = 2 ** 49;

/** A whole number in its shortest form. */
const readWhole = (input: ByteReader, pointer: string): number => {
  const first = input.byte();
  if (first < 0x80) return first;
  let value = first & 0x7f;
  for (let scale = 0x80; scale <= largestScale; scale *= 0x80) {
    const next = input.byte();
    value += (next & 0x7f) * scale;
    if (next >= 0x80) continue;
    if (next === 0 || !Number.isSafeInteger(value)) break;
    return value;
  }
  throw new Refused(pointer, 'wrong-number');
};

const readMeter = (input: ByteReader): string => {
  let id: string = usageFrame.meterPrefix;
  let [held, bits] = [0, 0];
  for (let byte = 0; byte < usageFrame.meterBytes; byte += 1) {
    held = (held << 8) | input.byte();
    bits += 8;
    while (bits >= 5 && id.length < usageFrame.meterPrefix.length + usageFrame.meterLetters) {
      bits -= 5;
      id += usageFrame.letters[held >>> bits];
      held &= (1 << bits) - 1;
    }
  }
  if (held !== 0) throw new Refused('/meter', 'wrong-meter');
  return id;
};

const readRegister = (input: ByteReader): string => {
  const length = input.byte();
  if (length < 1 || length > 8) throw new Refused('/register', 'wrong-register');
  let register = '';
  for (let left = length; left > 0; left -= 1) register += String.fromCharCode(input.byte());
  return register;
};

/** Which intervals have no value. */
const readMissing = (input: ByteReader, count: number): readonly boolean[] => {
  const missing: boolean[] = [];
  let any = 0;
  for (let from = 0; from < count; from += 8) {
    const bits = input.byte();
    any |= bits;
    if (count - from < 8 && bits >>> (count - from) !== 0) throw new Refused('/values', 'wrong-flags');
    for (let bit = 0; bit < 8; bit += 1) missing.push(((bits >>> bit) & 1) === 1);
  }
  if (any === 0) throw new Refused('/values', 'wrong-flags');
  return missing;
};

const readQuality = (input: ByteReader, count: number): readonly (readonly [number, number])[] => {
  const marks: [number, number][] = [];
  const length = readWhole(input, '/quality');
  if (length < 1 || length > count) throw new Refused('/quality', 'wrong-quality');
  let index = 0;
  while (marks.length < length) {
    index += readWhole(input, '/quality');
    marks.push([index, input.byte()]);
  }
  return marks;
};

const readValues = (input: ByteReader, count: number, missing: readonly boolean[], areDeltas: boolean) => {
  const values = new Array<number | null>(count);
  let last = 0;
  for (let index = 0; index < count; index += 1) {
    if (missing[index] === true) {
      values[index] = null;
      continue;
    }
    const read = readWhole(input, '/values');
    last = areDeltas ? last + unzigzag(read) : read;
    values[index] = last;
  }
  return values;
};

const readFields = (input: ByteReader): Readonly<Record<string, unknown>> => {
  if (input.byte() !== usageFrame.firstByte) throw new Refused('/v', 'wrong-version');
  const flags = input.byte();
  if ((flags & ~(usageFrame.deltas | usageFrame.someMissing | usageFrame.notAllActual)) !== 0)
    throw new Refused('', 'wrong-flags');
  const meter = readMeter(input);
  const register = readRegister(input);
  const start = readWhole(input, '/start') * 60;
  const interval = readWhole(input, '/interval') * 60;
  const count = readWhole(input, '/values');
  if (count < 1 || count > blockLimits.intervals) throw new Refused('/values', 'wrong-values');
  const seq = readWhole(input, '/seq');
  const revision = readWhole(input, '/revision');
  const missing = (flags & usageFrame.someMissing) === 0 ? [] : readMissing(input, count);
  const quality = (flags & usageFrame.notAllActual) === 0 ? undefined : readQuality(input, count);
  const values = readValues(input, count, missing, (flags & usageFrame.deltas) !== 0);
  if (input.left > 0) throw new Refused('', 'trailing-bytes');
  return { v: usageFrame.version, meter, register, start, interval, values, quality, seq, revision };
};

/**
 * What a frame says, field by field as in JSON; whether the fields make a block is for `checkUsageBlock`. Refused are frames
 * that end too early or too late, unknown versions and flags, and numbers longer than they need be.
 */
export const readFrameFields = (
  bytes: Uint8Array,
): { readonly fields: unknown; readonly fault?: never } | { readonly fault: BlockFault } => {
  try {
    return { fields: readFields(new ByteReader(bytes)) };
  } catch (error) {
    if (error instanceof Refused) return { fault: error.fault };
    if (error instanceof RangeError) return { fault: { pointer: '', code: 'cut-off' } };
    throw error;
  }
};
