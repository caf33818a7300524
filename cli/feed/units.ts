import { type Decimal, timesPowerOfTen } from '#functions/imports/rules/decimals.ts';
import type { Unit } from '#shared/vocabulary/measures.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import type { MeterReadings } from './interval-csv.ts';

/** Units of files: the register's unit, the power of ten between them, and what it usually measures. */
export const fileUnits = {
  Wh: { unit: 'Wh', shift: 0, commodity: 'electricity' },
  kWh: { unit: 'Wh', shift: 3, commodity: 'electricity' },
  MWh: { unit: 'Wh', shift: 6, commodity: 'electricity' },
  L: { unit: 'L', shift: 0, commodity: 'water' },
  m3: { unit: 'm3', shift: 0, commodity: 'gas' },
  ft3: { unit: 'ft3', shift: 0, commodity: 'gas' },
  therm: { unit: 'therm', shift: 0, commodity: 'gas' },
} as const satisfies Record<string, { readonly unit: Unit; readonly shift: number; readonly commodity: Commodity }>;
export type FileUnit = keyof typeof fileUnits;

/** The power of ten in which every value of the meter is an integer of the register's unit: 0, or as low as needed. */
export const powerOfTenFor = (unit: FileUnit, { readings }: MeterReadings): number => {
  const scale = readings.reduce((most, { value }) => Math.max(most, value.scale), 0);
  return Math.min(0, fileUnits[unit].shift - scale);
};

/** The value in the register's scale; undefined where that would round it. */
export const inRegister = (unit: FileUnit, powerOfTen: number, value: Decimal): number | undefined =>
  timesPowerOfTen(value, fileUnits[unit].shift - powerOfTen);
