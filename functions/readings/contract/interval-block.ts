import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { QualityCode } from '#shared/vocabulary/measures.ts';
import { SourceMethod } from '#shared/vocabulary/source-methods.ts';
import { blockLimits } from './block-limits.ts';

const whole = z.int().min(0);
const value = z.union([z.int().min(-blockLimits.value).max(blockLimits.value), z.null()]);

/** Each mark says from which interval on (index) which code or method holds, until the next mark; `first` holds before them. */
const marksAreInOrder = (
  marks: readonly (readonly [number, unknown])[],
  intervals: number,
  first: unknown,
): boolean => {
  let [lastIndex, lastCode] = [-1, first];
  for (const [index, code] of marks) {
    if (index <= lastIndex || index >= intervals || code === lastCode) return false;
    [lastIndex, lastCode] = [index, code];
  }
  return true;
};

/**
 * `usage-block.v1`: consecutive intervals of one register within one local date of the meter, as a meter sends them.
 * Values are integers in the register's scale, `null` where the meter has none.
 */
export const UsageBlock = z
  .strictObject({
    v: z.literal(1).describe('Version of the format.'),
    meter: id('meter'),
    register: z.string().regex(/^[A-Za-z0-9]{1,8}$/),
    start: whole.max(blockLimits.start).multipleOf(60).describe('Start of the first interval, Unix seconds.'),
    interval: z
      .int()
      .min(blockLimits.intervalSeconds.min)
      .max(blockLimits.intervalSeconds.max)
      .multipleOf(60)
      .describe('Length of each interval in seconds.'),
    values: z.array(value).min(1).max(blockLimits.intervals),
    quality: z
      .array(z.tuple([whole.max(blockLimits.intervals - 1), QualityCode]))
      .min(1)
      .max(blockLimits.intervals)
      .optional()
      .describe('Where not all are actual: [index, code] holds from that interval on, until the next.'),
    methods: z
      .array(z.tuple([whole.max(blockLimits.intervals - 1), z.union([SourceMethod, z.literal('')])]))
      .min(1)
      .max(blockLimits.intervals)
      .optional()
      .describe(
        'How values came about as a file says it, where their code does not say all of it: [index, flag and method of NEM12], e.g. `E52`, holds until the next; empty for none. Of files alone: a meter says none, and no frame does.',
      ),
    seq: z.int().min(0).describe('Counts the blocks of the register upwards.'),
    revision: whole
      .max(blockLimits.revision)
      .default(0)
      .describe('New content for the same intervals is a new revision; from a meter it fills, and goes up to 9.'),
  })
  .refine((block) => block.quality === undefined || marksAreInOrder(block.quality, block.values.length, 0), {
    path: ['quality'],
    message: 'must ascend, stay within the values, and change the code with each mark',
  })
  .refine((block) => block.methods === undefined || marksAreInOrder(block.methods, block.values.length, ''), {
    path: ['methods'],
    message: 'must ascend, stay within the values, and change the method with each mark',
  });
export type UsageBlock = z.output<typeof UsageBlock>;
