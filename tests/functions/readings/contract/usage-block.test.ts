import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { blockLimits } from '#functions/readings/contract/block-limits.ts';
import {
  checkUsageBlock,
  readUsageBlock,
  UsageBlock,
  writeUsageBlock,
} from '#functions/readings/contract/usage-block.ts';

const Vectors = z.object({
  valid: z.array(
    z.object({
      name: z.string(),
      text: z.string(),
      expect: z.object({
        block: z.unknown(),
        end: z.number(),
        count: z.number(),
        missing: z.number(),
        total: z.number(),
      }),
    }),
  ),
  invalid: z.array(
    z.object({ name: z.string(), text: z.string(), expect: z.object({ pointer: z.string(), code: z.string() }) }),
  ),
});
const vectors = Vectors.parse(JSON.parse(readFileSync('docs/vectors/usage-block-v1.json', 'utf8')));

const meter = 'mtr_0123456789ABCDEFGHJKMNPQRS';
const base = { v: 1, meter, register: 'E1', start: 1_772_323_200, interval: 1800, values: [141, null, 0], seq: 7 };

/** Mostly a good value, at times something else. */
const oddly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: fc.jsonValue() });
const marks = fc
  .array(fc.tuple(fc.nat(12), fc.constantFrom(0, 7, 8, 9, 13, 19)), { minLength: 1, maxLength: 3 })
  .map((list) => list.sort((a, b) => a[0] - b[0]));
const methods = fc
  .array(fc.tuple(fc.nat(12), fc.constantFrom('', 'E52', 'S', 'F14', 'A', 'E', 'F99', 'S00', 'N')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((list) => list.sort((a, b) => a[0] - b[0]));
const withMore = (block: object) => ({ ...block, extra: 1 });
const almostBlock = fc.record(
  {
    v: oddly(fc.constant(1)),
    meter: oddly(fc.constant(meter)),
    register: oddly(fc.constantFrom('1', 'E1', 'NET', 'B2', 'ABCDEFGH', '7', 'toolongname')),
    start: oddly(fc.integer({ min: 0, max: 70_000_000 }).map((minutes) => minutes * 60)),
    interval: oddly(fc.constantFrom(60, 300, 900, 1800, 3600, 86_400, 86_460, 90)),
    values: oddly(
      fc.array(fc.option(fc.integer({ min: -blockLimits.value - 1, max: blockLimits.value + 1 })), { maxLength: 13 }),
    ),
    quality: oddly(marks),
    methods: oddly(methods),
    seq: oddly(fc.maxSafeNat()),
    revision: oddly(fc.integer({ min: 0, max: 10_000 })),
  },
  { requiredKeys: ['v', 'meter', 'register', 'start', 'interval', 'values', 'seq'] },
);
const goodBlock = fc.record({
  v: fc.constant(1),
  meter: fc.constant(meter),
  register: fc.constantFrom('1', 'E1', 'NET', 'B2', 'ABCDEFGH', '7'),
  start: fc.integer({ min: 0, max: 1_000_000 }).map((hours) => hours * 3600),
  interval: fc.constantFrom(60, 300, 900, 1800, 3600),
  values: fc.array(fc.option(fc.integer({ min: 0, max: blockLimits.value })), { minLength: 1, maxLength: 13 }),
  seq: fc.nat(),
});
const given = fc.oneof(
  { weight: 30, arbitrary: almostBlock },
  { weight: 5, arbitrary: goodBlock },
  { weight: 1, arbitrary: almostBlock.map(withMore) },
);

describe('usage-block.v1', () => {
  it.each(vectors.valid)('reads the published block: $name', ({ text, expect: expected }) => {
    const { block } = readUsageBlock(Buffer.from(text, 'utf8'));
    if (block === undefined) throw new Error('refused');
    expect(block).toEqual(expected.block);
    expect(UsageBlock.parse(JSON.parse(text))).toEqual(expected.block);
    const present = block.values.filter((value) => value !== null);
    expect({
      end: block.start + block.values.length * block.interval,
      count: present.length,
      missing: block.values.length - present.length,
      total: present.reduce((sum, value) => sum + value, 0),
    }).toEqual({ end: expected.end, count: expected.count, missing: expected.missing, total: expected.total });
  });

  it.each(vectors.invalid)('refuses the published fault: $name', ({ text, expect: expected }) => {
    expect(readUsageBlock(Buffer.from(text, 'utf8'))).toEqual({ fault: expected });
    let input: unknown;
    try {
      input = JSON.parse(text);
    } catch {
      return;
    }
    expect(UsageBlock.safeParse(input).success).toBe(false);
  });

  it('takes and refuses exactly what the schema takes and refuses, and reads the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(given, (input) => {
        const fast = checkUsageBlock(input);
        const slow = UsageBlock.safeParse(input);
        expect(fast.block !== undefined, JSON.stringify(input)).toBe(slow.success);
        if (slow.success) expect(fast.block).toEqual(slow.data);
        taken += slow.success ? 1 : 0;
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('refuses bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"v":1,"meter":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect(readUsageBlock(bytes)).toEqual({ fault: { pointer: '', code: 'not-json' } });
    expect(readUsageBlock(new Uint8Array())).toEqual({ fault: { pointer: '', code: 'not-json' } });
  });

  it('is written by a meter as it is read by the stream', () => {
    const block = UsageBlock.parse(base);
    expect(readUsageBlock(writeUsageBlock(block))).toEqual({ block });
  });
});
