import { ByteReader, ByteWriter } from '#shared/vocabulary/varint.ts';
import { type ChannelName, channelNames, type Trace } from './channels.ts';
import { type DetectorState, freshState } from './detector-state.ts';
import type { Maxima } from './return-score.ts';
import type { DayValues } from './season.ts';

/** The form of the bytes; another one is refused. */
const format = 1;

/** Writes numbers as IEEE 754, 4 or 8 bytes, most significant first. */
const writeFloat = (out: ByteWriter, value: number, bytes: 4 | 8): void => {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  for (let place = 0; place < bytes; place += 1) out.byte(view.getUint8(place));
};

const readFloat = (input: ByteReader, bytes: 4 | 8): number => {
  const view = new DataView(new ArrayBuffer(bytes));
  for (let place = 0; place < bytes; place += 1) view.setUint8(place, input.byte());
  return bytes === 4 ? view.getFloat32(0) : view.getFloat64(0);
};

const writeList = <T>(out: ByteWriter, list: readonly T[], write: (one: T) => void): void => {
  out.whole(list.length);
  for (const one of list) write(one);
};

const readList = <T>(input: ByteReader, read: () => T): T[] => Array.from({ length: input.whole() }, read);

const writeMaybe = <T>(out: ByteWriter, value: T | null | undefined, write: (value: T) => void): void => {
  out.byte(value === null || value === undefined ? 0 : 1);
  if (value !== null && value !== undefined) write(value);
};

const readMaybe = <T>(input: ByteReader, read: () => T): T | null => (input.byte() === 0 ? null : read());

/** A whole number in one byte more than it needs, any other in nine: bit 0 of the first tells which. */
const writeValue = (out: ByteWriter, value: number, before: number): void => {
  const step = value - before;
  if (Number.isSafeInteger(value) && Math.abs(step) < 2 ** 50 && !Object.is(value, -0)) {
    out.whole(2 * (step < 0 ? -2 * step - 1 : 2 * step));
    return;
  }
  out.byte(1);
  writeFloat(out, value, 8);
};

const readValue = (input: ByteReader, before: number): number => {
  const code = input.whole();
  if (code === 1) return readFloat(input, 8);
  const step = code / 2;
  return before + (step % 2 === 0 ? step / 2 : -(step + 1) / 2);
};

/** Values of a day: a bit for each that is missing, then those that are there, each after the one before. */
const writeValues = (out: ByteWriter, values: readonly (number | null)[]): void => {
  out.whole(values.length);
  const some = values.some((value) => value === null);
  out.byte(some ? 1 : 0);
  for (let place = 0; some && place < values.length; place += 8) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit += 1) if ((values[place + bit] ?? null) === null) bits |= 1 << bit;
    out.byte(bits);
  }
  let before = 0;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    writeValue(out, value, before);
    before = Number.isSafeInteger(value) ? value : 0;
  }
};

const readValues = (input: ByteReader): (number | null)[] => {
  const count = input.whole();
  const missing: number[] = [];
  if (input.byte() === 1) for (let place = 0; place < count; place += 8) missing.push(input.byte());
  let before = 0;
  return Array.from({ length: count }, (_, place) => {
    if ((((missing[place >>> 3] ?? 0) >>> (place & 7)) & 1) === 1) return null;
    const value = readValue(input, before);
    before = Number.isSafeInteger(value) ? value : 0;
    return value;
  });
};

const writeMaxima = (out: ByteWriter, { counted, recent, highest }: Maxima): void => {
  out.whole(counted);
  writeList(out, recent, (value) => writeFloat(out, value, 4));
  writeList(out, highest, ([day, value]) => {
    out.whole(day);
    writeFloat(out, value, 4);
  });
};

const readMaxima = (input: ByteReader): Maxima => ({
  counted: input.whole(),
  recent: readList(input, () => readFloat(input, 4)),
  highest: readList(input, () => [input.whole(), readFloat(input, 4)] as const),
});

const writeTraces = (out: ByteWriter, traces: readonly Trace[]): void => {
  let before = 0;
  writeList(out, traces, ([at, ...rest]) => {
    writeFloat(out, at - before, 8);
    before = at;
    for (const value of rest) writeFloat(out, value, 4);
  });
};

/** Packs a state between two readings into bytes that depend on it alone. */
export const packState = (state: DetectorState): Uint8Array => {
  const out = new ByteWriter(16_384);
  const float = (value: number): void => writeFloat(out, value, 8);
  out.byte(format);
  out.whole(state.days);
  for (const value of [state.begun, state.day, state.unusualAt]) writeMaybe(out, value, float);
  writeMaybe(out, state.last, ({ at, value }) => [at, value].forEach(float));
  writeMaybe(out, state.run, ({ value, since, count }) => [value, since, count].forEach(float));
  writeMaybe(out, state.errors, (errors) => writeList(out, errors, float));
  writeList(out, state.levels, float);
  writeList(out, state.history, ({ day, values }: DayValues) => {
    out.signed(day);
    writeValues(out, values);
  });
  for (const channel of channelNames) {
    writeMaybe(out, state.maxima[channel], (maxima) => writeMaxima(out, maxima));
    writeMaybe(out, state.waiting[channel], (waiting) => writeList(out, waiting, (value) => writeFloat(out, value, 4)));
    writeMaybe(out, state.today.maxima[channel], float);
  }
  writeValues(
    out,
    Array.from(state.today.values, (value) => value ?? null),
  );
  writeTraces(out, state.traces);
  return out.bytes();
};

const readTraces = (input: ByteReader): Trace[] => {
  let at = 0;
  return readList(input, () => {
    at += readFloat(input, 8);
    return [at, readFloat(input, 4), readFloat(input, 4), readFloat(input, 4)] as const;
  });
};

const readChannel = (input: ByteReader, state: DetectorState, channel: ChannelName): void => {
  const maxima = readMaybe(input, () => readMaxima(input));
  if (maxima !== null) state.maxima[channel] = maxima;
  const waiting = readMaybe(input, () => readList(input, () => readFloat(input, 4)));
  if (waiting !== null) state.waiting[channel] = waiting;
  const today = readMaybe(input, () => readFloat(input, 8));
  if (today !== null) state.today.maxima[channel] = today;
};

/** Reads a packed state back. Throws RangeError where the bytes are none or of another form. */
export const unpackState = (bytes: Uint8Array): DetectorState => {
  const input = new ByteReader(bytes);
  const found = input.byte();
  if (found !== format) throw new RangeError(`packed detector state of an unknown form: ${found}`);
  const float = (): number => readFloat(input, 8);
  const state = freshState();
  state.days = input.whole();
  state.begun = readMaybe(input, float);
  state.day = readMaybe(input, float);
  state.unusualAt = readMaybe(input, float);
  state.last = readMaybe(input, () => ({ at: float(), value: float() }));
  state.run = readMaybe(input, () => ({ value: float(), since: float(), count: float() }));
  state.errors = readMaybe(input, () => readList(input, float));
  state.levels = readList(input, float);
  state.history = readList(input, () => ({ day: input.signed(), values: readValues(input) }));
  for (const channel of channelNames) readChannel(input, state, channel);
  state.today.values = readValues(input);
  state.traces = readTraces(input);
  return state;
};
