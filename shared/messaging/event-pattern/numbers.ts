/** A number of a pattern or event that can be compared: one that a double holds as it is written. */
export interface Comparable {
  readonly value: number;
}

const decimal = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** Sign, significant digits and exponent of a JSON number, so that 100, 1e2 and 100.0 come out the same. */
const normalForm = (text: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = decimal.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
};

/** What EventBridge compares by value; undefined for what only its spelling tells (a whole number of 20 digits, say). */
export const comparable = (text: string): Comparable | undefined => {
  const value = Number(text);
  if (!Number.isFinite(value) || normalForm(String(value)) !== normalForm(text)) return undefined;
  return { value: value === 0 ? 0 : value };
};

/** A number of an event as EventBridge reads it: fractions go through a double, whole numbers keep their digits. */
export const eventNumber = (text: string): string => {
  if (!/[.eE]/.test(text)) return text;
  const value = Number(text);
  return Number.isFinite(value) ? String(value) : text;
};
