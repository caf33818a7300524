/** A decimal as a file writes it: coefficient / 10^scale, without trailing zeros; the coefficient is a safe integer. */
export interface Decimal {
  readonly coefficient: number;
  readonly scale: number;
}

export type DecimalFault = 'not-a-number' | 'too-many-digits';

const written = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a decimal without ever making it a float. */
export const readDecimal = (text: string): Decimal | DecimalFault => {
  const match = written.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (match === null || whole.length + fraction.length === 0) return 'not-a-number';
  let digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return { coefficient: 0, scale: 0 };
  let scale = fraction.length - Number(exponent);
  while (digits.endsWith('0')) {
    digits = digits.slice(0, -1);
    scale -= 1;
  }
  if (scale < 0) {
    if (digits.length - scale > 16) return 'too-many-digits';
    digits += '0'.repeat(-scale);
    scale = 0;
  }
  if (digits.length > 16 || scale > 30) return 'too-many-digits';
  const coefficient = Number(digits);
  if (!Number.isSafeInteger(coefficient)) return 'too-many-digits';
  return { coefficient: sign === '-' ? -coefficient : coefficient, scale };
};

/** The decimal with at most so many decimals, the half rounded to the even neighbour. */
export const roundHalfEven = (decimal: Decimal, decimals: number): Decimal => {
  if (decimal.scale <= decimals) return decimal;
  const divisor = 10n ** BigInt(decimal.scale - decimals);
  const value = BigInt(decimal.coefficient);
  const sign = value < 0n ? -1n : 1n;
  const magnitude = value * sign;
  const [quotient, rest] = [magnitude / divisor, magnitude % divisor];
  const up = rest * 2n > divisor || (rest * 2n === divisor && quotient % 2n === 1n);
  let [coefficient, scale] = [Number(sign * (quotient + (up ? 1n : 0n))), decimals];
  for (; scale > 0 && coefficient % 10 === 0; scale -= 1) coefficient /= 10;
  return { coefficient: coefficient === 0 ? 0 : coefficient, scale };
};

/** The integer that is the decimal times 10^power, or undefined where it is none or is not safe. */
export const timesPowerOfTen = ({ coefficient, scale }: Decimal, power: number): number | undefined => {
  const exponent = power - scale;
  if (exponent >= 0) {
    if (exponent > 15 && coefficient !== 0) return undefined;
    const value = coefficient * 10 ** Math.min(exponent, 15);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  if (exponent < -15) return coefficient === 0 ? 0 : undefined;
  const value = coefficient / 10 ** -exponent;
  return coefficient % 10 ** -exponent === 0 ? value : undefined;
};

/** Writes an integer times 10^powerOfTen as a plain decimal text. */
export const decimalText = (value: number | bigint, powerOfTen: number): string => {
  if (powerOfTen >= 0) return `${value}${Number(value) === 0 ? '' : '0'.repeat(powerOfTen)}`;
  const digits = String(value)
    .replace('-', '')
    .padStart(1 - powerOfTen, '0');
  return `${value < 0 ? '-' : ''}${digits.slice(0, powerOfTen)}.${digits.slice(powerOfTen)}`;
};
