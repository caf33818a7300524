import { crockford26, sha256 } from '#shared/runtime/identify.ts';
import { type Register, Unit } from '#shared/vocabulary/measures.ts';
import { timesPowerOfTen } from './rules/decimals.ts';
import type { MeasuredSeries } from './rules/interval-series.ts';
import type { SeriesUnit } from './rules/measured-units.ts';

/** Powers of ten between units of one kind: a cubic metre is 10^3 litres. */
const shifts: Readonly<Partial<Record<SeriesUnit, Partial<Record<Unit, number>>>>> = {
  L: { m3: -3 },
  m3: { L: 3 },
};

/** The power of ten from a unit of a file to one of a register; undefined where they measure different things. */
const shiftBetween = (from: SeriesUnit, to: Unit): number | undefined => (from === to ? 0 : shifts[from]?.[to]);

/** The unit of a register that can hold a series; undefined where none can, e.g. of power or voltage. */
export const registerUnitOf = (unit: SeriesUnit): Unit | undefined => {
  const read = Unit.safeParse(unit);
  return read.success ? read.data : undefined;
};

/** Whether a register can hold values of a series. */
const measures = (register: Register, series: MeasuredSeries): boolean =>
  shiftBetween(series.unit, register.unit) !== undefined &&
  (series.commodity === undefined || series.commodity === register.commodity) &&
  (series.flow === undefined || series.flow === register.flow);

/** Name of the register of a series on its meter; a name that registers cannot have becomes one by its hash. */
export const registerIdOf = (name: string): string =>
  /^[A-Za-z0-9]{1,8}$/.test(name) ? name : crockford26(sha256(name)).slice(0, 8);

/** Namespaces in which the name of a register is exact: the suffix of an NMI is one channel and no other. */
const exactNames: ReadonlySet<string> = new Set(['nmi']);

/** The register of a meter that a series goes to: that of its name, else the only one that measures the same. */
export const registerOf = (
  registers: readonly Register[],
  series: MeasuredSeries,
): Register | 'register.unknown' | 'register.mismatch' => {
  const named = registers.find(({ id }) => id === registerIdOf(series.register));
  if (named !== undefined) return measures(named, series) ? named : 'register.mismatch';
  if (exactNames.has(series.namespace)) return 'register.unknown';
  const [only, second] = registers.filter((register) => measures(register, series));
  return only === undefined || second !== undefined ? 'register.unknown' : only;
};

/** A value of a file in the scale of a register; undefined where that would round it or is beyond what is safe. */
export const inRegister = (
  value: number,
  powerOfTen: number,
  unit: SeriesUnit,
  register: Register,
): number | undefined => {
  const shift = shiftBetween(unit, register.unit);
  if (shift === undefined) return undefined;
  return timesPowerOfTen({ coefficient: value, scale: 0 }, powerOfTen + shift - register.powerOfTen);
};
