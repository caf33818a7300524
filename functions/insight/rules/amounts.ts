import type { Flow, Scale, Unit } from '#shared/vocabulary/measures.ts';

/** A register whose insights are told: what it counts, and the zone its times are told in. */
export interface Told extends Scale {
  readonly flow: Flow;
  readonly zone: string;
}

const shownUnits: Readonly<Record<Unit, readonly [name: string, power: number]>> = {
  Wh: ['kWh', -3],
  varh: ['kvarh', -3],
  L: ['litres', 0],
  m3: ['m³', 0],
  ft3: ['ft³', 0],
  therm: ['therms', 0],
};

const digitsOf = (size: number): number => (size >= 100 ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 3);

/** A number as people write it: three digits that count, thousands parted. */
export const figure = (value: number): string => {
  const [whole = '', rest] = Math.abs(value)
    .toFixed(digitsOf(Math.abs(value)))
    .split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const shown = rest === undefined || /^0+$/.test(rest) ? grouped : `${grouped}.${rest}`;
  return value < 0 && shown !== '0' ? `-${shown}` : shown;
};

/** An amount of a register in the unit people know. */
export const amountOf = ({ unit, powerOfTen }: Scale, value: number): string => {
  const [name, power] = shownUnits[unit];
  return `${figure(value * 10 ** (powerOfTen + power))} ${name}`;
};

/** What flows in an hour: watts for energy, the unit an hour for the rest. */
export const flowOf = (scale: Scale, perHour: number): string =>
  scale.unit === 'Wh' ? `${figure(perHour * 10 ** scale.powerOfTen)} W` : `${amountOf(scale, perHour)} an hour`;

/** A share as a percentage without sign. */
export const percent = (share: number): string => `${figure(Math.round(Math.abs(share) * 100))} %`;

const litresIn: Readonly<Partial<Record<Unit, number>>> = { L: 1, m3: 1000, ft3: 28.316_846_592 };

/** Litres that a value of 1 stands for; undefined where it is no volume. */
export const litresOf = ({ unit, powerOfTen }: Scale): number | undefined => {
  const litres = litresIn[unit];
  return litres === undefined ? undefined : litres * 10 ** powerOfTen;
};

/** Wh or litres that a value of 1 stands for; undefined for other units. */
export const inUnit = ({ unit, powerOfTen }: Scale, wanted: 'Wh' | 'L'): number | undefined =>
  unit === wanted ? 10 ** powerOfTen : undefined;
