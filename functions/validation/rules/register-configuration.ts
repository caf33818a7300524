import type { Register } from '#shared/vocabulary/measures.ts';
import type { Amount, Dial, GasConversion, RegisterValidation } from '#shared/vocabulary/reading-rules.ts';
import { type ClassProfile, VeeConfiguration } from './configuration.ts';
import { validationPolicy } from './validation-policy.ts';
import { cubicMetresOf, joulesOf } from './volumes.ts';

/** Digits of a dial of which nobody said how many it has: none goes over within the life of a meter. */
const unknownDigits = 12;

/**
 * The dial in the register's scale, in which reads are said: one with 5 digits of 1 kWh goes over at 10^8 Wh. A multiplier stays:
 * reads are what was used, and counts of the dial come of them by division.
 */
const dialOf = ({ powerOfTen }: Register, dial: Dial | undefined): Dial => {
  if (dial === undefined) return { digits: unknownDigits, powerOfTen, multiplier: 1 };
  const digits = dial.digits + dial.powerOfTen - powerOfTen;
  return { digits: Math.min(unknownDigits, Math.max(1, digits)), powerOfTen, multiplier: dial.multiplier };
};

/** An amount in the unit of a register times 10^powerOfTen, rounded down; undefined where it cannot be said in it. */
const inUnit = (
  { value, unit }: Amount,
  register: Pick<Register, 'unit'>,
  powerOfTen: number,
  gas: GasConversion | undefined,
): number | undefined => {
  const [up, down] = powerOfTen < 0 ? [10n ** BigInt(-powerOfTen), 1n] : [1n, 10n ** BigInt(powerOfTen)];
  if (unit === register.unit) return Number((BigInt(value) * up) / down);
  const [from, to] = [cubicMetresOf(unit), cubicMetresOf(register.unit)];
  if (to === undefined) return undefined;
  if (from !== undefined) return Number((BigInt(value) * from[0] * to[1] * up) / (from[1] * to[0] * down));
  if (unit !== 'Wh' || gas === undefined) return undefined;
  // One m3 as measured is so many joules, times a million.
  const joules = joulesOf(gas);
  return Number((BigInt(value) * 3600n * 1_000_000n * to[1] * up) / (joules * to[0] * down));
};

const profileOf = (register: Register, { profile, gas }: RegisterValidation): ClassProfile | undefined => {
  const annual = profile === undefined ? undefined : inUnit(profile.annual, register, register.powerOfTen, gas);
  if (profile === undefined || annual === undefined) return undefined;
  return { ...validationPolicy.profiles[profile.name], annual };
};

/** Parameters by dotted name as groups of the configuration. */
const groupsOf = (parameters: Readonly<Record<string, number | undefined>>): Record<string, Record<string, number>> => {
  const groups: Record<string, Record<string, number>> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const [group = '', field = ''] = name.split('.');
    if (value !== undefined) groups[group] = { ...groups[group], [field]: value };
  }
  return groups;
};

/**
 * How a register is judged: the defaults of the rules, over them the policy's pack for its commodity and direction, over that what
 * is said of the register itself. An amount that cannot be said in its unit (Wh of a gas register without a conversion) says
 * nothing.
 */
export const configurationOf = (register: Register, said: RegisterValidation = {}): VeeConfiguration => {
  const pack = validationPolicy.packs[register.commodity][register.flow];
  const profile = profileOf(register, said);
  const rated = said.rated && inUnit(said.rated, register, 0, said.gas);
  return VeeConfiguration.parse({
    ...groupsOf({ ...pack.parameters, ...said.parameters }),
    off: [...new Set([...pack.off.filter((rule) => said.on?.includes(rule) !== true), ...(said.off ?? [])])],
    ...(said.calendar === undefined ? {} : { calendar: said.calendar }),
    dial: dialOf(register, said.dial),
    ...(rated === undefined || rated < 1 ? {} : { ratedPerHour: rated }),
    ...(profile === undefined ? {} : { classProfile: profile }),
  });
};
