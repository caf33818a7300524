import { type Decimal, timesPowerOfTen } from './decimals.ts';

/** Integers of one scale. */
export interface ScaledValues {
  readonly powerOfTen: number;
  readonly values: readonly (number | null)[];
}

/**
 * Decimals as integers of the highest power of ten, at most 0, that rounds none of them: 0.25 kWh with shift 3 is 250 at 0.
 * Undefined where one does not fit into a safe integer.
 * @param shift the power of ten between the unit written and the unit counted in: 3 from kWh to Wh
 */
export const scaleValues = (decimals: readonly (Decimal | null)[], shift: number): ScaledValues | undefined => {
  const scale = decimals.reduce((most, decimal) => Math.max(most, decimal?.scale ?? 0), 0);
  const powerOfTen = Math.min(0, shift - scale);
  const values: (number | null)[] = [];
  for (const decimal of decimals) {
    const value = decimal === null ? null : timesPowerOfTen(decimal, shift - powerOfTen);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { powerOfTen, values };
};
