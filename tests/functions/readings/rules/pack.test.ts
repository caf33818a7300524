import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRun, readPackedHead, unpackRun } from '#functions/readings/rules/pack.ts';
import {
  canonical,
  codesFromMarks,
  type IntervalRun,
  marksFromCodes,
  marksFromMethods,
} from '#functions/readings/rules/runs.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { readingsKey } from '#shared/table/keys.ts';
import { ByteReader, ByteWriter, wholeBytes, zigzag } from '#shared/vocabulary/varint.ts';
import { dayRuns, households, householdsAbsent, householdsAreHere } from '#tests/support/meters/households.ts';

const largest = 1_000_000_000_000;
const value = fc.oneof(
  { weight: 6, arbitrary: fc.nat(2000) },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: -500, max: 500 }) },
  { weight: 1, arbitrary: fc.integer({ min: -largest, max: largest }) },
);
const run: fc.Arbitrary<IntervalRun> = fc
  .record({
    start: fc.integer({ min: 0, max: 68_374_080 }).map((minutes) => minutes * 60),
    interval: fc.constantFrom(60, 300, 900, 1800, 3600, 86_400),
    readings: fc.array(
      fc.tuple(value, fc.constantFrom(0, 0, 0, 8, 9, 13), fc.constantFrom('', '', 'E52', 'E', 'S00', 'F99', 'A11')),
      { minLength: 1, maxLength: 300 },
    ),
    said: fc.boolean(),
    actual: fc.boolean(),
  })
  .map(({ start, interval, readings, actual, said }) => {
    const values = readings.map(([entry]) => entry);
    const codes = readings.map(([, code]) => (actual ? 0 : code));
    const methods = said
      ? marksFromMethods(
          readings.map(([, , method]) => method),
          values,
        )
      : undefined;
    return { start, interval, values, quality: marksFromCodes(codes, values), methods };
  });

describe('packed readings', () => {
  it('come back as they went in, whatever their values, gaps and quality', () => {
    fc.assert(
      fc.property(run, (given) => {
        const packed = packRun(given);
        expect(unpackRun(packed)).toEqual(canonical(given));
        expect(packRun(unpackRun(packed))).toEqual(packed);
      }),
      { numRuns: 500 },
    );
  });

  it('take no byte more where no method was said: the format is the one before', () => {
    fc.assert(
      fc.property(run, (given) => {
        const { methods: _, ...silent } = given;
        const [packed, plain] = [packRun(given), packRun(silent)];
        expect((plain[0] ?? 0) >>> 4).toBe(1);
        expect((packed[0] ?? 0) >>> 4).toBe(given.methods === undefined ? 1 : 2);
        if (given.methods === undefined) expect(packed).toEqual(plain);
      }),
    );
    expect(
      Buffer.from(packRun({ start: 1_772_323_200, interval: 1800, values: [141, 88, null, 0] })).toString('hex'),
    ).toBe('14a0f38a0e1e04ca03048d015800');
    const told = { start: 0, interval: 1800, values: [5, 6, 7], quality: [[0, 8]], methods: [[1, 'E52']] } as const;
    expect(packRun(told).length).toBe(packRun({ ...told, methods: undefined }).length + 4);
  });

  it('tell their start, interval, count and total without being unpacked', () => {
    fc.assert(
      fc.property(run, (given) => {
        const { start, interval, count, total } = readPackedHead(packRun(given));
        const sum = given.values.reduce<number>((so, entry) => so + (entry ?? 0), 0);
        expect({ start, interval, count, total }).toEqual({
          start: given.start,
          interval: given.interval,
          count: given.values.length,
          total: sum,
        });
      }),
    );
  });

  it('are the same bytes for the same readings, however the quality of missing intervals was said', () => {
    const values = [5, null, 7, null];
    const first = packRun({ start: 0, interval: 1800, values, quality: [[0, 8]] });
    const second = packRun({ start: 0, interval: 1800, values, quality: marksFromCodes([8, 0, 8, 14], values) });
    const third = packRun({
      start: 0,
      interval: 1800,
      values,
      quality: [
        [0, 8],
        [1, 9],
        [2, 8],
      ],
    });
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(
      codesFromMarks(
        [
          [1, 8],
          [2, 0],
        ],
        4,
      ),
    ).toEqual([0, 8, 0, 0]);
  });

  it('are refused where they are cut short or of another format', () => {
    const packed = packRun({ start: 600, interval: 300, values: [1, 200, null, 40_000] });
    for (let length = 0; length < packed.length; length += 1) {
      expect(() => unpackRun(packed.slice(0, length))).toThrow(RangeError);
    }
    expect(() => unpackRun(Uint8Array.of(0x30, 0, 0))).toThrow(/unknown format/);
  });

  it.skipIf(!householdsAreHere)(
    `cost at most 4.8 billed bytes a reading at 48 a day and 3.0 at 96, real households (skipped where ${householdsAbsent})`,
    () => {
      const halve = (entry: number | null): (number | null)[] =>
        entry === null ? [null, null] : [Math.ceil(entry / 2), Math.floor(entry / 2)];
      const billed = { 48: { bytes: 0, readings: 0 }, 96: { bytes: 0, readings: 0 } };
      for (const household of households()) {
        for (const day of dayRuns(household)) {
          if (day.values.length < 48) continue;
          const forms = {
            48: { interval: 1800, values: day.values },
            96: { interval: 900, values: day.values.flatMap(halve) },
          };
          for (const perDay of [48, 96] as const) {
            const date = day.date.replaceAll('-', '');
            const key = readingsKey('mtr_0123456789ABCDEFGHJKMNPQRS', 'E1', {
              date,
              startMinute: 0,
              revision: 0,
              completeDay: true,
            });
            const w = packRun({ start: day.start, ...forms[perDay] });
            billed[perDay].bytes += 100 + itemBytes({ ...key, w });
            billed[perDay].readings += forms[perDay].values.filter((entry) => entry !== null).length;
          }
        }
      }
      const perReading = (perDay: 48 | 96): number => billed[perDay].bytes / billed[perDay].readings;
      expect(billed[48].readings).toBeGreaterThan(170_000);
      expect(perReading(48)).toBeLessThanOrEqual(4.8);
      expect(perReading(96)).toBeLessThanOrEqual(3.0);
    },
  );
});

describe('packed integers', () => {
  it('come back for every safe integer, in the bytes foretold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 })),
        fc.array(fc.maxSafeNat()),
        (signed, whole) => {
          const out = new ByteWriter(1);
          for (const entry of signed) out.signed(entry);
          for (const entry of whole) out.whole(entry);
          const foretold = [...signed.map(zigzag), ...whole].reduce((sum, entry) => sum + wholeBytes(entry), 0);
          expect(out.length).toBe(foretold);
          const input = new ByteReader(out.bytes());
          expect(signed.map(() => input.signed())).toEqual(signed);
          expect(whole.map(() => input.whole())).toEqual(whole);
          expect(input.left).toBe(0);
        },
      ),
    );
  });
});
