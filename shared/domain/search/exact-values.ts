import { plainText } from './words.ts';

/** Values that are found whole, in the form in which they are compared. */

/** Longest value that is kept as a key; longer ones cannot be found whole. */
const longestValue = 254;

/** An e-mail address: case does not matter, tags after `+` and dots do. Undefined where the text is none. */
export const emailOf = (text: string): string | undefined => {
  const email = plainText(text).trim().toLowerCase();
  return email.length <= longestValue && /^[^\s@]+@[^\s@]+$/.test(email) ? email : undefined;
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
 * A reference, serial, account or bill number: case, blanks, dashes and other marks do not matter, letters and digits do.
 * Undefined where none is left.
 */
export const codeOf = (text: string): string | undefined => {
  const code = plainText(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  return code !== '' && code.length <= longestValue ? code : undefined;
};
