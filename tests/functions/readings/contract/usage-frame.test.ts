import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { blockLimits } from '#functions/readings/contract/block-limits.ts';
import { blockCodecs, readUsageBlock, UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { usageFrame, writeUsageFrame } from '#functions/readings/contract/usage-frame.ts';

const hex = z.string().transform((text) => Uint8Array.from(Buffer.from(text, 'hex')));
const Vectors = z.object({
  valid: z.array(z.object({ name: z.string(), hex, block: UsageBlock })),
  invalid: z.array(z.object({ name: z.string(), hex, expect: z.object({ pointer: z.string(), code: z.string() }) })),
});
const vectors = Vectors.parse(JSON.parse(readFileSync('docs/vectors/usage-block-v1-binary.json', 'utf8')));
/** Two vectors show that a sender may choose the longer coding. */
const chosen = 'though';

const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -3000, max: 3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -blockLimits.value, max: blockLimits.value }) },
);
const values = fc.oneof(
  fc.array(fc.nat(3000), { minLength: 1, maxLength: 60 }),
  fc.array(fc.option(value, { freq: 8 }), { minLength: 1, maxLength: blockLimits.intervals }),
);
const meter = fc
  .array(fc.constantFrom(...usageFrame.letters), { minLength: 26, maxLength: 26 })
  .map((letters) => `mtr_${letters.join('')}`);
const codes = fc.constantFrom(0, 7, 8, 9, 10, 13, 14, 19);
const block: fc.Arbitrary<UsageBlock> = fc
  .record({
    meter,
    register: fc.stringMatching(/^[A-Za-z0-9]{1,8}$/),
    start: fc.integer({ min: 0, max: blockLimits.start / 60 }).map((minutes) => minutes * 60),
    interval: fc.integer({ min: 1, max: 1440 }).map((minutes) => minutes * 60),
    values,
    places: fc.uniqueArray(fc.tuple(fc.nat(blockLimits.intervals), codes), {
      selector: ([index]) => index,
      maxLength: 6,
    }),
    seq: fc.maxSafeNat(),
    revision: fc.integer({ min: 0, max: blockLimits.revision }),
  })
  .map(({ places, ...rest }) => {
    let code = 0;
    const quality: [number, number][] = [];
    for (const [index, next] of places.toSorted(([a], [b]) => a - b)) {
      if (index >= rest.values.length || next === code) continue;
      quality.push([index, next]);
      code = next;
    }
    return UsageBlock.parse({ v: 1, ...rest, ...(quality.length === 0 ? {} : { quality }) });
  });

describe('a usage block as a frame', () => {
  it.each(vectors.valid)('is read as published: $name', ({ name, hex: bytes, block: expected }) => {
    expect(readUsageBlock(bytes)).toEqual({ block: expected });
    expect(readUsageBlock(writeUsageBlock(expected))).toEqual({ block: expected });
    const written = Buffer.from(writeUsageFrame(expected)).toString('hex');
    if (name.includes(chosen)) expect(written).not.toBe(Buffer.from(bytes).toString('hex'));
    else expect(written).toBe(Buffer.from(bytes).toString('hex'));
  });

  it.each(vectors.invalid)('is refused as published: $name', ({ hex: bytes, expect: expected }) => {
    expect(readUsageBlock(bytes)).toEqual({ fault: expected });
  });

  it('says what the same block says as JSON, in fewer bytes', () => {
    fc.assert(
      fc.property(block, (sent) => {
        const [json, binary] = [blockCodecs.json(sent), blockCodecs.binary(sent)];
        expect(readUsageBlock(binary)).toEqual({ block: sent });
        expect(readUsageBlock(json)).toEqual({ block: sent });
        expect(binary.length).toBeLessThan(json.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws, whatever the bytes; what is taken is a block, and its own frame is no longer', () => {
    const pieces = fc
      .tuple(block, fc.nat(), fc.nat(255), fc.nat(), fc.uint8Array({ maxLength: 3 }))
      .map(([sent, place, byte, cut, more]) => {
        const bytes = writeUsageFrame(sent);
        bytes[place % bytes.length] = byte;
        const end = cut % 3 === 0 ? cut % (bytes.length + 1) : bytes.length;
        return Buffer.concat([bytes.subarray(0, end), cut % 2 === 0 ? more : new Uint8Array()]);
      });
    const noise = fc
      .tuple(fc.constantFrom(0xb1, 0xb0, 0xbf, 0x7b), fc.uint8Array({ maxLength: 80 }))
      .map(([first, rest]) => Buffer.from([first, ...rest]));
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(pieces, noise, fc.uint8Array()), (bytes) => {
        const { block: read } = readUsageBlock(bytes);
        if (read === undefined) {
          seen.refused += 1;
          return;
        }
        seen.taken += 1;
        expect(UsageBlock.parse(read)).toEqual(read);
        expect(readUsageBlock(writeUsageFrame(read))).toEqual({ block: read });
        expect(writeUsageFrame(read).length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 4000 },
    );
    expect(seen.taken).toBeGreaterThan(100);
    expect(seen.refused).toBeGreaterThan(1000);
  });

  it('is refused when a byte of its end is cut off or one is added', () => {
    fc.assert(
      fc.property(block, fc.nat(255), (sent, byte) => {
        const bytes = writeUsageFrame(sent);
        expect(readUsageBlock(bytes.subarray(0, -1)).fault).toBeDefined();
        expect(readUsageBlock(Uint8Array.from([...bytes, byte])).fault).toEqual({
          pointer: '',
          code: 'trailing-bytes',
        });
      }),
    );
  });
});
