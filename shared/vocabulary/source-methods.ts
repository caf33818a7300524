import * as z from 'zod';

/**
 * How a file of meter data said that a value came about, where an ESPI code of quality does not say all of it: flag and method of
 * NEM12, such as `E52`.
 */
const flags = 'AEFS';
export const SourceMethod = z.string().regex(/^[AEFS](\d{2})?$/);
const form = /^([AEFS])(\d{2})?$/;
export const isSourceMethod = (text: unknown): text is string => typeof text === 'string' && form.test(text);

/** Methods of a flag: none, and 00 to 99. */
const perFlag = 101;

/** A method as a number from 1; 0 where there is none. */
export const numberOfMethod = (method: string): number => {
  const [whole, flag = '', digits] = form.exec(method) ?? [];
  if (whole === undefined) return 0;
  return 1 + flags.indexOf(flag) * perFlag + (digits === undefined ? 0 : 1 + Number(digits));
};

/** The method of a number, empty where that is 0. Throws RangeError where it is none. */
export const methodOfNumber = (number: number): string => {
  if (number === 0) return '';
  const flag = flags[Math.floor((number - 1) / perFlag)];
  const rest = (number - 1) % perFlag;
  if (flag === undefined) throw new RangeError(`no method has the number ${number}`);
  return rest === 0 ? flag : `${flag}${String(rest - 1).padStart(2, '0')}`;
};
