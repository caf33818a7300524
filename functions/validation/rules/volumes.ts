import type { Register, Unit } from '#shared/vocabulary/measures.ts';
import type { GasConversion, RegisterValidation } from '#shared/vocabulary/reading-rules.ts';
import { roundTogether } from './estimate/exact-shares.ts';

/** Cubic metres of a volume unit as a fraction; a cubic foot is 0.028316846592 m3 (0.3048 m cubed). */
const cubicMetres: Readonly<Partial<Record<Unit, readonly [bigint, bigint]>>> = {
  m3: [1n, 1n],
  L: [1n, 1000n],
  ft3: [28_316_846_592n, 1_000_000_000_000n],
};

/** Cubic metres of a unit as a fraction; undefined for one that is none of volume. */
export const cubicMetresOf = (unit: Unit): readonly [bigint, bigint] | undefined => cubicMetres[unit];

/** How volumes of a register become energy, where it counts gas by volume and that was said of it. */
export const gasConversionOf = (
  { commodity, unit }: Pick<Register, 'commodity' | 'unit'>,
  said: RegisterValidation | undefined,
): GasConversion | undefined => (commodity === 'gas' && cubicMetres[unit] !== undefined ? said?.gas : undefined);

/** Joules of a million measured cubic metres. */
export const joulesOf = ({ kilojoulesPerM3, correctionPerMillion }: GasConversion): bigint =>
  BigInt(kilojoulesPerM3) * BigInt(correctionPerMillion) * 1000n;

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
  conversion: GasConversion,
): (number | null)[] => {
  const [up, down] = scaled(unit, powerOfTen);
  return converted(values, up * joulesOf(conversion), down * 1_000_000n * 3600n);
};

/** Volumes in whole litres, rounded together as above. Throws RangeError for a unit that is none of volume. */
export const inLitres = (
  values: readonly (number | null)[],
  { unit, powerOfTen }: { readonly unit: Unit; readonly powerOfTen: number },
): (number | null)[] => {
  const [up, down] = scaled(unit, powerOfTen);
  return converted(values, up * 1000n, down);
};
