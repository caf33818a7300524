import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VeeConfiguration } from '#functions/validation/rules/configuration.ts';
import { type DialGround, registerDifference } from '#functions/validation/rules/reads/register-reads.ts';
import { quality } from '#shared/vocabulary/measures.ts';

const day = 86_400;
const { rollover } = VeeConfiguration.parse({});
const dialOf = (digits: number, powerOfTen = 0, multiplier = 1) => ({ digits, powerOfTen, multiplier });
const ground = (said: Partial<DialGround> = {}): DialGround => ({
  register: { powerOfTen: 0 },
  dial: dialOf(5),
  rollover,
  exchanges: [],
  ...said,
});

describe('use between two reads of a register', () => {
  it('is the difference of counts times the multiplier, in the scale of the register', () => {
    const dial = dialOf(6, 2, 40); // counts of 0.1 kWh behind transformers of 40
    expect(registerDifference({ at: 0, counts: 100 }, { at: day, counts: 103 }, ground({ dial }))).toMatchObject({
      total: 12_000,
      countSize: 4000,
      quality: quality.valid,
    });
  });

  it('goes over the dial once, and is derived then (11)', () => {
    const found = registerDifference({ at: 0, counts: 99_990 }, { at: day, counts: 15 }, ground());
    expect(found).toMatchObject({ total: 25, rollovers: 1, quality: quality.derived });
  });

  it('is none where the dial went back, where reads are out of order, or where no such count is on the dial', () => {
    const back = registerDifference({ at: 0, counts: 500 }, { at: day, counts: 400 }, ground());
    expect(back).toMatchObject({ fault: 'backwards', evidence: { start: 500, end: 400, digits: 5 } });
    expect(registerDifference({ at: day, counts: 1 }, { at: day, counts: 2 }, ground())).toMatchObject({
      fault: 'not-in-order',
    });
    expect(registerDifference({ at: 0, counts: 1 }, { at: day, counts: 100_000 }, ground())).toMatchObject({
      fault: 'not-on-the-dial',
    });
    expect(registerDifference({ at: 0, counts: 1.5 }, { at: day, counts: 2 }, ground())).toMatchObject({
      fault: 'not-on-the-dial',
    });
  });

  it('passes from the old dial to the new one where the meter was exchanged, each in its own counts', () => {
    const exchanges = [{ at: day / 2, closing: 5100, opening: 7, dial: dialOf(8, -1) }];
    const found = registerDifference({ at: 0, counts: 5000 }, { at: day, counts: 1257 }, ground({ exchanges }));
    expect(found).toMatchObject({ total: 100 + 125, evidence: { dials: 2 } });
  });

  it('is the same total over any number of exchanges and rollovers', () => {
    const leg = fc.record({ digits: fc.integer({ min: 4, max: 8 }), start: fc.nat(), used: fc.nat({ max: 4000 }) });
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 5 }), (legs) => {
        const dials = legs.map(({ digits, start, used }) => {
          const size = 10 ** digits;
          return { digits, opening: start % size, closing: ((start % size) + used) % size };
        });
        const [first, last] = [dials[0], dials.at(-1)];
        if (first === undefined || last === undefined) throw new Error('no leg');
        const exchanges = dials.slice(1).map(({ digits, opening }, index) => ({
          at: (index + 1) * 1000,
          closing: dials[index]?.closing ?? 0,
          opening,
          dial: dialOf(digits),
        }));
        const found = registerDifference(
          { at: 0, counts: first.opening },
          { at: dials.length * 1000, counts: last.closing },
          ground({
            dial: dialOf(first.digits),
            exchanges: exchanges.toReversed(),
          }),
        );
        expect(found).toMatchObject({ total: legs.reduce((sum, { used }) => sum + used, 0) });
      }),
      { numRuns: 300 },
    );
  });
});
