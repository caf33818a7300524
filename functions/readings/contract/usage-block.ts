import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { QualityCode } from '#shared/vocabulary/measures.ts';
import { isSourceMethod, SourceMethod } from '#shared/vocabulary/source-methods.ts';
import { blockLimits } from './block-limits.ts';
import { isUsageFrame, readFrameFields } from './read-usage-frame.ts';
import { writeUsageFrame } from './usage-frame.ts';

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

/** Why bytes are no block: a JSON pointer to the field and a code. Those from `cut-off` on are a frame's alone. */
export interface BlockFault {
  readonly pointer: string;
  readonly code:
    | 'not-json'
    | 'not-an-object'
    | 'unknown-field'
    | 'wrong-version'
    | 'wrong-meter'
    | 'wrong-register'
    | 'wrong-start'
    | 'wrong-interval'
    | 'wrong-values'
    | 'wrong-quality'
    | 'wrong-methods'
    | 'wrong-seq'
    | 'wrong-revision'
    | 'cut-off'
    | 'trailing-bytes'
    | 'wrong-flags'
    | 'wrong-number';
}
export type BlockReading =
  | { readonly block: UsageBlock; readonly fault?: never }
  | { readonly fault: BlockFault; readonly block?: never };

const fields = new Set([
  'v',
  'meter',
  'register',
  'start',
  'interval',
  'values',
  'quality',
  'methods',
  'seq',
  'revision',
]);
const meterId = /^mtr_[0-9A-HJKMNP-TV-Z]{26}$/;
const registerName = /^[A-Za-z0-9]{1,8}$/;
const codes: ReadonlySet<unknown> = new Set([0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);

const isWhole = (input: unknown, min: number, max: number): input is number =>
  typeof input === 'number' && Number.isSafeInteger(input) && input >= min && input <= max;

const areValues = (input: unknown): input is (number | null)[] => {
  if (!Array.isArray(input) || input.length < 1 || input.length > blockLimits.intervals) return false;
  for (const entry of input) {
    if (entry !== null && !isWhole(entry, -blockLimits.value, blockLimits.value)) return false;
  }
  return true;
};

const areMarks = (input: unknown, intervals: number): input is NonNullable<UsageBlock['quality']> => {
  if (!Array.isArray(input) || input.length < 1 || input.length > blockLimits.intervals) return false;
  let [lastIndex, lastCode]: [number, unknown] = [-1, 0];
  for (const mark of input) {
    if (!Array.isArray(mark) || mark.length !== 2) return false;
    const [index, code]: readonly unknown[] = mark;
    if (!isWhole(index, lastIndex + 1, intervals - 1) || !codes.has(code) || code === lastCode) return false;
    [lastIndex, lastCode] = [index, code];
  }
  return true;
};

const areMethods = (input: unknown, intervals: number): input is NonNullable<UsageBlock['methods']> => {
  if (!Array.isArray(input) || input.length < 1 || input.length > blockLimits.intervals) return false;
  let [lastIndex, last]: [number, unknown] = [-1, ''];
  for (const mark of input) {
    if (!Array.isArray(mark) || mark.length !== 2) return false;
    const [index, method]: readonly unknown[] = mark;
    if (!isWhole(index, lastIndex + 1, intervals - 1) || method === last) return false;
    if (method !== '' && !isSourceMethod(method)) return false;
    [lastIndex, last] = [index, method];
  }
  return true;
};

const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

const fault = (pointer: string, code: BlockFault['code']): BlockReading => ({ fault: { pointer, code } });

/** What `UsageBlock` says, several times faster: the same blocks are taken and the same are refused. */
export const checkUsageBlock = (input: unknown): BlockReading => {
  if (!isRecord(input)) return fault('', 'not-an-object');
  for (const name of Object.keys(input)) if (!fields.has(name)) return fault('', 'unknown-field');
  const { v, meter, register, start, interval, values, quality, methods, seq, revision = 0 } = input;
  if (v !== 1) return fault('/v', 'wrong-version');
  if (typeof meter !== 'string' || !meterId.test(meter)) return fault('/meter', 'wrong-meter');
  if (typeof register !== 'string' || !registerName.test(register)) return fault('/register', 'wrong-register');
  if (!isWhole(start, 0, blockLimits.start) || start % 60 !== 0) return fault('/start', 'wrong-start');
  const { min, max } = blockLimits.intervalSeconds;
  if (!isWhole(interval, min, max) || interval % 60 !== 0) return fault('/interval', 'wrong-interval');
  if (!areValues(values)) return fault('/values', 'wrong-values');
  if (!isWhole(seq, 0, Number.MAX_SAFE_INTEGER)) return fault('/seq', 'wrong-seq');
  if (!isWhole(revision, 0, blockLimits.revision)) return fault('/revision', 'wrong-revision');
  const block = { v, meter, register, start, interval, values, seq, revision } as const;
  if (quality === undefined && methods === undefined) return { block };
  if (quality !== undefined && !areMarks(quality, values.length)) return fault('/quality', 'wrong-quality');
  if (methods !== undefined && !areMethods(methods, values.length)) return fault('/methods', 'wrong-methods');
  return {
    block: {
      ...block,
      ...(quality === undefined ? {} : { quality }),
      ...(methods === undefined ? {} : { methods }),
    },
  };
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const readJson = (bytes: Uint8Array): BlockReading => {
  let input: unknown;
  try {
    input = JSON.parse(utf8.decode(bytes));
  } catch {
    return fault('', 'not-json');
  }
  return checkUsageBlock(input);
};

/** Reads a block from the bytes of a message, JSON or a frame: the first byte tells. Never throws for what they hold. */
export const readUsageBlock = (bytes: Uint8Array): BlockReading => {
  if (!isUsageFrame(bytes)) return readJson(bytes);
  const read = readFrameFields(bytes);
  return read.fault === undefined ? checkUsageBlock(read.fields) : read;
};

/** The bytes a meter sends as JSON. */
export const writeUsageBlock = (block: z.input<typeof UsageBlock>): Uint8Array => Buffer.from(JSON.stringify(block));

/** Forms in which a meter may send its blocks. */
export const blockCodecs = { json: writeUsageBlock, binary: writeUsageFrame } as const;
export type BlockCodec = keyof typeof blockCodecs;
