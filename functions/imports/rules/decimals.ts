/** A decimal as a file writes it: coefficient / 10^scale, without trailing zeros; the coefficient is a safe integer. */
export interface Decimal {
  readonly coefficient: number;
  readonly scale: number;
}

export type DecimalFault = 'not-a-number' | 'too-many-digits';

const written = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The integer of digits divided by 10^places, the half rounded to the even neighbour. */
const divideHalfEven = (digits: bigint, places: number): bigint => {
  const divisor = 10n ** BigInt(places);
  const [quotient, rest] = [digits / divisor, digits % divisor];
  return rest * 2n > divisor || (rest * 2n === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
};

const [mostDigits, mostWritten] = [16, 400];

/**
 * Reads a decimal without ever making it a float.
 * @param decimals kept: the half is rounded to the even neighbour; without it a decimal keeps all it has
 */
export const readDecimal = (text: string, decimals?: number): Decimal | DecimalFault => {
  const match = written.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (match === null || whole.length + fraction.length === 0) return 'not-a-number';
  let digits = `${whole}${fraction}`.replace(/^0+/, '');
  let scale = fraction.length - Number(exponent);
  if (decimals !== undefined && scale > decimals && digits !== '') {
    if (digits.length > mostWritten || scale > mostWritten) return 'too-many-digits';
    digits = String(divideHalfEven(BigInt(digits), scale - decimals));
    scale = decimals;
  }
  if (/^0*$/.test(digits)) return { coefficient: 0, scale: 0 };
  while (digits.endsWith('0')) {
    digits = digits.slice(0, -1);
    scale -= 1;
  }
  if (scale < 0) {
    if (digits.length - scale > mostDigits) return 'too-many-digits';
    digits += '0'.repeat(-scale);
    scale = 0;
  }
  if (digits.length > mostDigits || scale > 30) return 'too-many-digits';
  const coefficient = Number(digits);
  if (!Number.isSafeInteger(coefficient)) return 'too-many-digits';
  return { coefficient: sign === '-' ? -coefficient : coefficient, scale };
};

/** The decimal with at most so many decimals, the half rounded to the even neighbour. */
export const roundHalfEven = (decimal: Decimal, decimals: number): Decimal => {
  if (decimal.scale <= decimals) return decimal;
  const value = BigInt(decimal.coefficient);
  const sign = value < 0n ? -1n : 1n;
  let [coefficient, scale] = [Number(sign * divideHalfEven(value * sign, decimal.scale - decimals)), decimals];
  for (; scale > 0 && coefficient % 10 === 0; scale -= 1) coefficient /= 10;
  return { coefficient: coefficient === 0 ? 0 : coefficient, scale };
};

const normal = (coefficient: bigint, scale: number): Decimal | undefined => {
  let [digits, places] = [coefficient, scale];
  for (; places > 0 && digits % 10n === 0n; places -= 1) digits /= 10n;
  const value = Number(digits);
  return Number.isSafeInteger(value) && places <= 30
    ? { coefficient: value, scale: value === 0 ? 0 : places }
    : undefined;
};

/** The exact product; undefined where it has more digits than a decimal holds. */
export const times = (left: Decimal, right: Decimal): Decimal | undefined =>
  normal(BigInt(left.coefficient) * BigInt(right.coefficient), left.scale + right.scale);

/** The exact difference; undefined where it has more digits than a decimal holds. */
export const minus = (left: Decimal, right: Decimal): Decimal | undefined => {
  const scale = Math.max(left.scale, right.scale);
  if (scale === 0) {
    const coefficient = left.coefficient - right.coefficient;
    return Number.isSafeInteger(coefficient) ? { coefficient, scale } : undefined;
  }
  const aligned = (decimal: Decimal): bigint => BigInt(decimal.coefficient) * 10n ** BigInt(scale - decimal.scale);
  return normal(aligned(left) - aligned(right), scale);
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
