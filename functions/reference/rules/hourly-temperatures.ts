import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { ByteReader, ByteWriter, unzigzag, zigzag } from '#shared/vocabulary/varint.ts';

/** Mean hourly temperatures of local days, °C. */
export type Temperatures = ReadonlyMap<string, readonly number[]>;

/** Temperatures of whole hours from an instant on (Unix seconds, UTC), in tenths of °C; null where none is known. */
export interface HourlyTenths {
  readonly from: number;
  readonly tenths: readonly (number | null)[];
}

const hour = 3600;
/** Hours without a temperature that a straight line bridges. */
const mostBridged = 6;

/** Packs hours: 0 for one that is not known, else one more than the zigzagged difference from the last known; no end of unknown ones. */
export const packTenths = (tenths: readonly (number | null)[]): Uint8Array => {
  const writer = new ByteWriter(tenths.length + 16);
  const end = tenths.findLastIndex((one) => one !== null) + 1;
  let last = 0;
  for (const one of tenths.slice(0, end)) {
    if (one === null) {
      writer.whole(0);
      continue;
    }
    writer.whole(zigzag(one - last) + 1);
    last = one;
  }
  return writer.bytes();
};

/** What `packTenths` packed, as many hours as are asked for. */
export const unpackTenths = (bytes: Uint8Array, hours: number): (number | null)[] => {
  const reader = new ByteReader(bytes);
  const tenths: (number | null)[] = [];
  let last = 0;
  while (reader.left > 0) {
    const code = reader.whole();
    if (code > 0) last += unzigzag(code - 1);
    tenths.push(code === 0 ? null : last);
  }
  return [...tenths, ...Array.from({ length: Math.max(0, hours - tenths.length) }, () => null)];
};

/** Fills short gaps between known hours by a straight line. */
const bridged = (tenths: readonly (number | null)[]): readonly (number | null)[] => {
  const whole = [...tenths];
  let known = -1;
  tenths.forEach((value, at) => {
    if (value === null) return;
    const first = known < 0 ? null : (tenths[known] ?? null);
    const gap = at - known - 1;
    if (first !== null && gap > 0 && gap <= mostBridged) {
      for (let step = 1; step <= gap; step += 1) whole[known + step] = first + ((value - first) * step) / (gap + 1);
    }
    known = at;
  });
  return whole;
};

/**
 * Temperatures of local days [first, last), °C, as trends take them: the hours that begin in the day. A day of which more than six
 * hours in a row are not known is left out.
 */
export const temperaturesOfDays = (
  { from, tenths }: HourlyTenths,
  zone: string,
  first: string,
  last: string,
): Temperatures => {
  const whole = bridged(tenths);
  const days = new Map<string, readonly number[]>();
  for (let date = first; date < last; date = addDays(date, 1)) {
    const [start, end] = [startOfDate(zone, date), startOfDate(zone, addDays(date, 1))].map((instant) =>
      Math.ceil((instant - from) / hour),
    );
    if (start === undefined || end === undefined || start < 0 || end > whole.length) continue;
    const known = whole.slice(start, end).flatMap((one) => (one === null ? [] : [one / 10]));
    if (known.length === end - start && known.length > 0) days.set(date, known);
  }
  return days;
};
