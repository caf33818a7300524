import * as z from 'zod';
import type { Unit } from '#shared/vocabulary/measures.ts';
import { roundTogether } from './exact-shares.ts';

/** How gas is turned into energy at a place and time. The source of both figures is part of it. */
export const GasConversion = z.strictObject({
  kilojoulesPerM3: z.int().min(1).max(1_000_000).describe('Calorific value, kJ for each m3 at reference conditions.'),
  correctionPerMillion: z
    .int()
    .min(1)
    .max(100_000_000)
    .describe('Volume at reference conditions for each million of measured volume (temperature, pressure).'),
  source: z.string().min(1).describe('Who published the figures, and for when.'),
});
export type GasConversion = z.infer<typeof GasConversion>;

/** Cubic metres of a volume unit as a fraction; a cubic foot is 0.028316846592 m3 (0.3048 m cubed). */
const cubicMetres: Readonly<Partial<Record<Unit, readonly [bigint, bigint]>>> = {
  m3: [1n, 1n],
  L: [1n, 1000n],
  ft3: [28_316_846_592n, 1_000_000_000_000n],
};

const scaled = (unit: Unit, powerOfTen: number): readonly [bigint, bigint] => {
  const volume = cubicMetres[unit];
  if (volume === undefined) throw new RangeError(`${unit} is not a volume`);
  const [up, down] = volume;
  return powerOfTen < 0 ? [up, down * 10n ** BigInt(-powerOfTen)] : [up * 10n ** BigInt(powerOfTen), down];
};

/** Values times one factor, rounded together so that they add up to the rounded total. Missing ones stay missing. */
const converted = (values: readonly (number | null)[], up: bigint, down: bigint): (number | null)[] => {
  const whole = roundTogether(
    values.flatMap((value) => (value === null ? [] : [BigInt(value) * up])),
    down,
  );
  let next = 0;
  return values.map((value) => {
    if (value === null) return null;
    next += 1;
    return whole[next - 1] ?? 0;
  });
};

/**
 * Gas volumes of a register as energy in whole Wh: volume x correction x calorific value / 3600 J. One rounding for all values
 * together (largest remainder), so that intervals add up to the energy of their sum. Throws RangeError for a unit that is none
 * of volume.
 */
export const gasEnergy = (
  values: readonly (number | null)[],
  { unit, powerOfTen }: { readonly unit: Unit; readonly powerOfTen: number },
  { kilojoulesPerM3, correctionPerMillion }: GasConversion,
): (number | null)[] => {
  const [up, down] = scaled(unit, powerOfTen);
  return converted(
    values,
    up * BigInt(kilojoulesPerM3) * BigInt(correctionPerMillion) * 1000n,
    down * 1_000_000n * 3600n,
  );
};

/** Volumes in whole litres, rounded together as above. Throws RangeError for a unit that is none of volume. */
export const inLitres = (
  values: readonly (number | null)[],
  { unit, powerOfTen }: { readonly unit: Unit; readonly powerOfTen: number },
): (number | null)[] => {
  const [up, down] = scaled(unit, powerOfTen);
  return converted(values, up * 1000n, down);
};
