import * as z from 'zod';

/** What prices are told for: the unit people know, whatever registers count in. */
export const PricedUnit = z.enum(['kWh', 'm3', 'ft3', 'therm']);
export type PricedUnit = z.infer<typeof PricedUnit>;

/**
 * A price of one unit in the currency itself (pounds, not pence), as a decimal text: prices are finer than minor units, and text
 * keeps every digit.
 */
export const UnitPriceText = z
  .string()
  .regex(
    /^(0|[1-9][0-9]{0,5})([.][0-9]{1,8})?$/,
    'must be a decimal such as "0.2486", with at most 8 digits behind the point',
  )
  .describe(
    'Price of one unit in the currency itself (pounds, not pence), taxes included, as a decimal text: "0.2486".',
  );

/** A decimal text times a power of ten, as the nearest number: the text is shifted, not the number. */
export const shifted = (decimal: string, power: number): number => Number(`${decimal}e${power}`);
