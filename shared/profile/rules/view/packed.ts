import { type IdKind, idBody, idFrom } from '#shared/vocabulary/ids.ts';

/**
 * Bytes of a VIEW item: fields one after another, no names, since what is shown must stay within one read unit.
 * Whole numbers are LEB128 varints (zigzag where they may be negative), texts are UTF-8 behind their length,
 * ids are 17 bytes (130 bits), dates are days since 1970-01-01, instants are milliseconds since 1970 (an earlier one is its
 * distance from 1970 above 2^52).
 */
export class ByteWriter {
  readonly #bytes: number[] = [];

  whole(value: number): this {
    let rest = value;
    while (rest >= 128) {
      this.#bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
    return this;
  }

  /** A whole number of either sign, zigzagged: the sign is the lowest bit, so that no safe integer is rounded. */
  signed(value: number): this {
    const [size, sign] = value >= 0 ? [value, 0] : [-value - 1, 1];
    const rest = Math.floor(size / 64);
    this.#bytes.push((size % 64) * 2 + sign + (rest > 0 ? 128 : 0));
    return rest > 0 ? this.whole(rest) : this;
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    this.whole(bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** An id whose kind the place tells. */
  id(value: string): this {
    let held = 0;
    let bits = 0;
    for (const character of value.slice(4)) {
      held = (held << 5) | alphabet.indexOf(character);
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        this.#bytes.push((held >>> bits) & 255);
        held &= (1 << bits) - 1;
      }
    }
    this.#bytes.push((held << (8 - bits)) & 255);
    return this;
  }

  date(value: string): this {
    return this.signed(Math.round(Date.parse(`${value}T00:00:00Z`) / 86_400_000));
  }

  optionalDate(value: string | null): this {
    return value === null ? this.whole(0) : this.whole(1).date(value);
  }

  instant(value: string): this {
    return this.whole(wholeOfInstant(value));
  }

  /** An instant behind 1, or 0 where there is none. */
  optionalInstant(value: string | null): this {
    return this.whole(value === null ? 0 : 1 + wholeOfInstant(value));
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** A list of at most 127 members behind their count. */
  list<Member>(members: readonly Member[], write: (member: Member) => void): this {
    this.whole(members.length);
    for (const member of members) write(member);
    return this;
  }

  get length(): number {
    return this.#bytes.length;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Above every instant that can be written. */
const beforeEpoch = 2 ** 52;
const wholeOfInstant = (value: string): number => {
  const milliseconds = Date.parse(value);
  return milliseconds < 0 ? beforeEpoch - milliseconds : milliseconds;
};
const instantOfWhole = (value: number): string =>
  new Date(value > beforeEpoch ? beforeEpoch - value : value).toISOString();

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Reads what ByteWriter wrote. Throws a RangeError where the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('packed bytes end too early');
    this.#at += 1;
    return byte;
  }

  /** Whether every byte was read. */
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  whole(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#next();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  signed(): number {
    const first = this.#next();
    const size = ((first & 127) >> 1) + (first < 128 ? 0 : this.whole() * 64);
    return first % 2 === 0 ? size : -size - 1;
  }

  text(): string {
    return new TextDecoder().decode(this.raw(this.whole()));
  }

  id(kind: IdKind): string {
    let body = '';
    let held = 0;
    let bits = 0;
    for (let index = 0; index < 17; index += 1) {
      held = (held << 8) | this.#next();
      bits += 8;
      while (bits >= 5 && body.length < 26) {
        bits -= 5;
        body += alphabet[(held >>> bits) & 31];
      }
      held &= (1 << bits) - 1;
    }
    if (!idBody.test(body)) throw new RangeError('packed id is damaged');
    return idFrom(kind, body);
  }

  date(): string {
    return new Date(this.signed() * 86_400_000).toISOString().slice(0, 10);
  }

  optionalDate(): string | null {
    return this.whole() === 0 ? null : this.date();
  }

  instant(): string {
    return instantOfWhole(this.whole());
  }

  optionalInstant(): string | null {
    const value = this.whole();
    return value === 0 ? null : instantOfWhole(value - 1);
  }

  raw(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('packed bytes end too early');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  list<Member>(read: () => Member): Member[] {
    return Array.from({ length: this.whole() }, read);
  }
}

/**
 * The first of several ways to pack a thing, fullest first, that keeps a budget; the last way where none does.
 * @param budget bytes for the packed part alone
 */
export const packWithin = (budget: number, ways: Iterable<() => Uint8Array>): Uint8Array => {
  let last: Uint8Array = new Uint8Array();
  for (const way of ways) {
    last = way();
    if (last.length <= budget) return last;
  }
  return last;
};

/** Cuts a text to at most `bytes` bytes of UTF-8 at a whole character, with an ellipsis where something was cut. */
export const cutText = (value: string, bytes: number): string => {
  const encoder = new TextEncoder();
  if (encoder.encode(value).length <= bytes) return value;
  let cut = '';
  let used = 3;
  for (const character of value) {
    used += encoder.encode(character).length;
    if (used > bytes) break;
    cut += character;
  }
  return `${cut}…`;
};

/** Place of a text in a list of codes; -1 where it is none of them. */
export const indexIn = (codes: readonly string[], code: string | null): number =>
  code === null ? -1 : codes.indexOf(code);
