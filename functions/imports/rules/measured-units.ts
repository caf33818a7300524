import type { Unit } from '#shared/vocabulary/measures.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';

/**
 * Units that files measure in: those a register can count, and those that are read but stored by no register (power, voltage,
 * current, apparent energy). `none` where the file names no unit.
 */
export type SeriesUnit = Unit | 'VAh' | 'W' | 'var' | 'VA' | 'V' | 'A' | 'pf' | 'none';

/** A unit as files write it: the unit it counts in, and the power of ten between them. */
export interface WrittenUnit {
  readonly unit: SeriesUnit;
  readonly shift: number;
  readonly commodity?: Commodity;
}

const scaled = (unit: SeriesUnit, written: string): readonly (readonly [string, WrittenUnit])[] => [
  [written, { unit, shift: 0, commodity: 'electricity' }],
  [`k${written}`, { unit, shift: 3, commodity: 'electricity' }],
  [`m${written}`, { unit, shift: 6, commodity: 'electricity' }],
];

/** In small letters; the market writes `KWH`, `kVArh` and `kvarh` alike, and M is always mega. */
const written: ReadonlyMap<string, WrittenUnit> = new Map<string, WrittenUnit>([
  ...scaled('Wh', 'wh'),
  ...scaled('varh', 'varh'),
  ...scaled('VAh', 'vah'),
  ...scaled('W', 'w'),
  ...scaled('var', 'var'),
  ...scaled('VA', 'va'),
  ...scaled('V', 'v'),
  ...scaled('A', 'a'),
  ['pf', { unit: 'pf', shift: 0, commodity: 'electricity' }],
  ['l', { unit: 'L', shift: 0, commodity: 'water' }],
  ['kl', { unit: 'L', shift: 3, commodity: 'water' }],
  ['m3', { unit: 'm3', shift: 0 }],
  ['ft3', { unit: 'ft3', shift: 0 }],
  ['ccf', { unit: 'ft3', shift: 2 }],
  ['therm', { unit: 'therm', shift: 0, commodity: 'gas' }],
  ['', { unit: 'none', shift: 0 }],
]);

/** Reads a unit as a file writes it; undefined where it is not known. */
export const readUnit = (text: string): WrittenUnit | undefined => written.get(text.trim().toLowerCase());

/** ESPI's codes of units (UomType, ESPI 3.3 and 4.0). */
export const espiUnits: ReadonlyMap<number, SeriesUnit> = new Map([
  [72, 'Wh'],
  [73, 'varh'],
  [71, 'VAh'],
  [38, 'W'],
  [63, 'var'],
  [61, 'VA'],
  [29, 'V'],
  [5, 'A'],
  [65, 'pf'],
  [134, 'L'],
  [42, 'm3'],
  [119, 'ft3'],
  [169, 'therm'],
  [0, 'none'],
]);
