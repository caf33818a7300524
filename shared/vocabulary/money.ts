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

/** Money as many amounts add up to it: a balance, what is owed. Never refused for its size. */
export const MoneySum = z
  .strictObject({ amountMinor: z.int().describe('Amount in minor units.'), currency: Currency })
  .describe('A sum of money in minor units.');

/** Money above zero. */
export const PositiveMoney = Money.refine((money) => money.amountMinor > 0, {
  path: ['amountMinor'],
  message: 'must be above zero',
});

/** Digits behind the point of a currency: 2 for GBP, 0 for JPY. An unknown currency has 2. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Writes an amount for people: `84.23 GBP`. Exact: no float is made of it. */
export const writeMoney = ({ amountMinor, currency }: Money): string => {
  const digits = minorDigits(currency);
  const whole = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const text = digits === 0 ? whole : `${whole.slice(0, -digits)}.${whole.slice(-digits)}`;
  return `${amountMinor < 0 ? '-' : ''}${text} ${currency}`;
};
