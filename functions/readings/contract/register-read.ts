import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { QualityCode } from '#shared/vocabulary/measures.ts';
import { blockLimits } from './block-limits.ts';

/**
 * `register-read.v1`: what the dial of a register stood at. A total in the register's scale that only grows, until the dial
 * rolls over; what was used between two reads is their difference.
 */
export const RegisterRead = z.strictObject({
  v: z.literal(1).describe('Version of the format.'),
  kind: z.literal('register-read'),
  meter: id('meter'),
  register: z.string().regex(/^[A-Za-z0-9]{1,8}$/),
  at: z.int().min(0).max(blockLimits.start).describe('When it was read, Unix seconds.'),
  value: z.int().min(0).max(Number.MAX_SAFE_INTEGER).describe('The total, in the scale of the register.'),
  quality: QualityCode.default(0).describe('ESPI code of quality; 0 is actual.'),
  seq: z.int().min(0).describe('Counts the reads of the register upwards.'),
  revision: z
    .int()
    .min(0)
    .max(blockLimits.revision)
    .default(0)
    .describe('Another value for the same instant is a new revision; the highest counts.'),
});
export type RegisterRead = z.output<typeof RegisterRead>;

/** The bytes of a read as they are sent. */
export const writeRegisterRead = (read: RegisterRead): Uint8Array => Buffer.from(JSON.stringify(read));
