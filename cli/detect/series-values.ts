import { largestValue } from '#functions/insight/rules/detect/detect.ts';

/** Values of a file in the ways in which numbers are written. */

const decimal = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

/** Numbers whose thousands are set apart, by what sets them apart: those of which no other reading makes sense. */
const grouped = {
  ',': /^[+-]?\d{1,3}(?:(?:,\d{3})+\.\d*|(?:,\d{3}){2,})$/,
  '.': /^[+-]?\d{1,3}(?:(?:\.\d{3})+,\d*|(?:\.\d{3}){2,})$/,
} as const;
/** The same where there is a blank, a narrow one, or an apostrophe. */
const spaced = /^[+-]?\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d*)?$/;
const gaps = /[ \u00a0\u202f']/g;

export type Thousands = keyof typeof grouped | undefined;

/** What sets thousands apart in a column: told by numbers that cannot be read otherwise; undefined where nothing does. */
export const thousandsOf = (texts: Iterable<string>): Thousands => {
  for (const text of texts) {
    if (grouped[','].test(text)) return ',';
    if (grouped['.'].test(text)) return '.';
  }
  return undefined;
};

/**
 * A number that may have been metered; a comma is the sign of decimals where it sets no thousands apart. Undefined where the text
 * is none, or one beyond all that is measured.
 */
export const numberIn = (text: string, thousands: Thousands): number | undefined => {
  const joined = spaced.test(text) ? text.replace(gaps, '') : text;
  const plain = thousands === undefined ? joined : joined.replaceAll(thousands, '');
  if (!decimal.test(plain)) return undefined;
  const value = Number(plain.replace(',', '.'));
  return Math.abs(value) <= largestValue ? value : undefined;
};
