import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, cutText, indexIn, packWithin } from '#shared/profile/rules/view/packed.ts';
import { mintedId } from '#shared/runtime/identify.ts';

const written = (write: (writer: ByteWriter) => void): ByteReader => {
  const writer = new ByteWriter();
  write(writer);
  expect(writer.bytes()).toHaveLength(writer.length);
  return new ByteReader(writer.bytes());
};
/** Nothing is left behind what was read. */
const ended = (reader: ByteReader): void => {
  expect(() => reader.whole()).toThrow(RangeError);
};

const largest = Number.MAX_SAFE_INTEGER;
const edges = [0, 1, 63, 64, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 52 - 1, 2 ** 52, largest];

describe('packed bytes give back', () => {
  it('every whole number up to 2^53', () => {
    const whole = fc.oneof(fc.constantFrom(...edges), fc.maxSafeNat());
    fc.assert(
      fc.property(fc.array(whole), (values) => {
        const reader = written((writer) => {
          for (const value of values) writer.whole(value);
        });
        expect(values.map(() => reader.whole())).toEqual(values);
        ended(reader);
      }),
    );
  });

  it('every whole number of either sign, to the last unit, down to -2^53', () => {
    const signed = fc.oneof(fc.constantFrom(...edges, ...edges.slice(1).map((edge) => -edge)), fc.maxSafeInteger());
    fc.assert(
      fc.property(fc.array(signed), (values) => {
        const reader = written((writer) => {
          for (const value of values) writer.signed(value);
        });
        expect(values.map(() => reader.signed())).toEqual(values);
        ended(reader);
      }),
    );
  });

  it('small numbers of either sign from one byte, as they have always been written', () => {
    const bytesOf = (value: number) => [...new ByteWriter().signed(value).bytes()];
    expect([0, -1, 1, 63, -64, 64, -65].map(bytesOf)).toEqual([[0], [1], [2], [126], [127], [128, 1], [129, 1]]);
    expect(bytesOf(8423)).toEqual([...new ByteWriter().whole(16_846).bytes()]);
  });

  it('every text, whatever it is written in', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const reader = written((writer) => {
          for (const text of texts) writer.text(text);
        });
        expect(texts.map(() => reader.text())).toEqual(texts);
        ended(reader);
      }),
    );
  });

  it('every id from 17 bytes', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const id = mintedId('customer', seed);
        const writer = new ByteWriter().id(id);
        expect(writer.length).toBe(17);
        expect(new ByteReader(writer.bytes()).id('customer')).toBe(id);
      }),
    );
  });

  it('every date and instant from year 0 to 9999, also those before 1970', () => {
    const times = fc.integer({ min: Date.UTC(1, 0, 1) - 366 * 86_400_000, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(fc.array(fc.option(times)), (values) => {
        const instants = values.map((value) => (value === null ? null : new Date(value).toISOString()));
        const dates = instants.map((instant) => instant?.slice(0, 10) ?? null);
        const reader = written((writer) => {
          for (const instant of instants) if (instant !== null) writer.instant(instant);
          for (const instant of instants) writer.optionalInstant(instant);
          for (const date of dates) writer.optionalDate(date);
        });
        const known = instants.filter((instant) => instant !== null);
        expect(known.map(() => reader.instant())).toEqual(known);
        expect(instants.map(() => reader.optionalInstant())).toEqual(instants);
        expect(dates.map(() => reader.optionalDate())).toEqual(dates);
        ended(reader);
      }),
    );
    const around = ['1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.001Z'];
    expect(around.map((at) => written((writer) => writer.instant(at)).instant())).toEqual(around);
  });

  it('lists of any length behind their count', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 300, size: 'max' }), (values) => {
        const reader = written((writer) => writer.list(values, (value) => writer.whole(value)));
        expect(reader.list(() => reader.whole())).toEqual(values);
        ended(reader);
      }),
      { numRuns: 30 },
    );
  });
});

describe('packed bytes that were cut short', () => {
  it('say so instead of giving something else', () => {
    const bytes = new ByteWriter().text('Okafor').id(mintedId('bill', 'x')).instant('2026-03-01T00:00:00.000Z').bytes();
    for (let length = 0; length < bytes.length; length += 1) {
      const reader = new ByteReader(bytes.subarray(0, length));
      expect(() => [reader.text(), reader.id('bill'), reader.instant()]).toThrow(RangeError);
    }
  });
});

describe('a budget', () => {
  const ways = (...lengths: number[]) => lengths.map((length) => () => new Uint8Array(length));

  it('is met by the first way that keeps it, and by the last where none does', () => {
    expect(packWithin(10, ways(30, 10, 5))).toHaveLength(10);
    expect(packWithin(4, ways(30, 10, 5))).toHaveLength(5);
    expect(packWithin(100, ways(30, 10, 5))).toHaveLength(30);
  });

  it('of a text is kept at a whole character, with a sign where something is missing', () => {
    const bytesOf = (text: string) => new TextEncoder().encode(text).length;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 3, max: 80 }), (text, budget) => {
        const cut = cutText(text, budget);
        expect(bytesOf(cut)).toBeLessThanOrEqual(budget);
        expect(new TextDecoder('utf-8', { fatal: true }).decode(new TextEncoder().encode(cut))).toBe(cut);
        if (bytesOf(text) <= budget) expect(cut).toBe(text);
        else expect([cut.endsWith('…'), text.startsWith(cut.slice(0, -1))]).toEqual([true, true]);
      }),
    );
    expect(cutText('Zoë 🙂🙂', 12)).toBe('Zoë 🙂…');
    expect(cutText('🙂🙂', 7)).toBe('🙂…');
  });

  it('finds codes by their place, and says where there is none', () => {
    expect(['a', 'b', null, 'c'].map((code) => indexIn(['a', 'b'], code))).toEqual([0, 1, -1, -1]);
  });
});
