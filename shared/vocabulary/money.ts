import * as z from 'zod';

/** ISO 4217 code. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217 currency code.');

/** An amount in minor units (pence, cents); never a fraction, never a float. */
export const Money = z
  .strictObject({
    amountMinor: z.int().min(-1_000_000_000_000).max(1_000_000_000_000).describe('Amount in minor units.'),
    currency: Currency,
  })
  .describe('Money in minor units.');
export type Money = z.infer<typeof Money>;

/** Money above zero. */
export const PositiveMoney = Money.refine((money) => money.amountMinor > 0, {
  path: ['amountMinor'],
  message: 'must be above zero',
});
