import { hasDigit, plainText } from '#shared/text/words.ts';

/** Values that are found whole, in the form in which they are compared. */

/** Longest value that is kept as a key; longer ones cannot be found whole. */
const longestValue = 254;

/** An e-mail address: case does not matter, tags after `+` and dots do. Undefined where the text is none. */
export const emailOf = (text: string): string | undefined => {
  const email = plainText(text).trim().toLowerCase();
  return email.length <= longestValue && /^[^\s@]+@[^\s@]+$/.test(email) ? email : undefined;
};

/**
 * What an e-mail address is known by without its domain: letters and digits of the first two parts of what stands before the @, so that
 * "ann.lee" finds ann.lee.62@example.com. Undefined where there are none.
 */
export const mailNameOf = (text: string): string | undefined => {
  const [local = ''] = plainText(text).trim().split('@');
  const parts = local.split(/[^\p{L}\p{M}\p{N}]+/u).filter((part) => part !== '');
  return codeOf(parts.slice(0, 2).join(''));
};

/**
 * A postcode of any country: capitals, no blanks, no dashes. The four digits after a US ZIP code are left out of the key, so
 * that five digits find it. Undefined where it is no postcode: 3 to 10 letters and digits, with a digit.
 */
export const postcodeOf = (text: string): string | undefined => {
  const whole = plainText(text)
    .toUpperCase()
    .replace(/[\s\-–.]/g, '');
  if (!/^[A-Z0-9]{3,10}$/.test(whole) || !/\d/.test(whole)) return undefined;
  return /^\d{5}-\d{4}$/.test(text.trim()) ? whole.slice(0, 5) : whole;
};

/**
 * The half of a postcode that names a district, from the whole: outward code (GB, also without its blank), the first three of a
 * Canadian one, the first three digits of a ZIP code. Undefined where there is no such half.
 */
export const areaOf = (postcode: string): string | undefined => {
  const whole = postcodeOf(postcode) ?? '';
  return (
    /^([A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]{2}$/.exec(whole)?.[1] ??
    /^([A-Z]\d[A-Z])\d[A-Z]\d$/.exec(whole)?.[1] ??
    /^(\d{3})\d{2}$/.exec(whole)?.[1]
  );
};

/** A text that may be such a half, as it is compared. */
export const askedAreaOf = (text: string): string | undefined => {
  const whole = plainText(text).toUpperCase();
  return /^(?:[A-Z]{1,2}\d[A-Z\d]?|\d{3})$/.test(whole) ? whole : undefined;
};

/** How many of its last characters a number is found by. */
export const tailLengths = [4, 5, 6] as const;

/** The last characters of a number that is longer than they are; with a digit, as nobody reads out letters alone. */
export const tailsOf = (value: string): readonly string[] => {
  const letters = Array.from(value);
  return tailLengths
    .filter((length) => length < letters.length)
    .map((length) => letters.slice(-length).join(''))
    .filter(hasDigit);
};

const longestTail = Math.max(...tailLengths);
const fewestDigitsOfRest = 5;

/** Whether a text, as numbers are compared, may be a number without the letters that it begins with. */
export const isRest = (value: string): boolean =>
  /^\p{N}/u.test(value) &&
  Array.from(value).length > longestTail &&
  value.replace(/[^\p{N}]/gu, '').length >= fewestDigitsOfRest;

/** A number without the letters that it begins with; undefined where there are none, or what is left is found as an end of it. */
export const restOf = (value: string): string | undefined => {
  const rest = value.replace(/^[\p{L}\p{M}]+/u, '');
  return rest !== value && isRest(rest) ? rest : undefined;
};

/** Whether a text, as numbers are compared, may be the last characters of one. */
export const isTail = (value: string): boolean =>
  tailLengths.some((length) => length === Array.from(value).length) && hasDigit(value);

/**
 * A reference, serial, account or bill number: case, blanks, dashes and other marks do not matter, letters and digits do.
 * Undefined where none is left.
 */
export const codeOf = (text: string): string | undefined => {
  const code = plainText(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  return code !== '' && code.length <= longestValue ? code : undefined;
};
