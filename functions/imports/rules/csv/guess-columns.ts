import { TimeFormat } from './time-format.ts';

const dates = [
  'YYYY-MM-DD',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'D/M/YYYY',
  'M/D/YYYY',
  'DD.MM.YYYY',
  'DD-MM-YYYY',
  'DD/MMM/YYYY',
  'DD-MMM-YYYY',
  'YYYY/MM/DD',
  'YYYYMMDD',
] as const;
const clocks = [
  '',
  ' HH:mm:ss',
  ' HH:mm',
  ' H:mm',
  'THH:mm:ss',
  'THH:mm',
  ' HH:mm:ssZ',
  'THH:mm:ssZ',
  ' HH:mm:ss Z',
] as const;
const formats = dates.flatMap((date) => clocks.map((clock) => `${date}${clock}`));

/** The first known format of all texts, and another one that fits as well (day and month may be either). */
export const timeFormatOf = (
  texts: readonly string[],
): { readonly format: string; readonly other?: string } | undefined => {
  const filled = texts.filter((text) => text !== '');
  if (filled.length === 0) return undefined;
  const fitting = formats.filter((format) => {
    const reader = new TimeFormat(format);
    return filled.every((text) => reader.read(text) !== undefined);
  });
  const [format] = fitting;
  if (format === undefined) return undefined;
  const dayFirst = format.indexOf('D') < format.indexOf('M');
  const other = fitting.find((one) => one.indexOf('D') < one.indexOf('M') !== dayFirst);
  return other === undefined ? { format } : { format, other };
};

/** Whether a text is a decimal. */
export const isNumber = (text: string, hasComma: boolean): boolean =>
  (hasComma ? /^[+-]?\d+(,\d+)?$/ : /^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i).test(text);

/** The first name that a pattern is found in. */
export const columnNamed = (names: readonly string[], pattern: RegExp): string | undefined =>
  names.find((name) => pattern.test(name));

/** The most frequent distance of neighbours that is not 0, and whether they mostly go back. */
export const usualStep = (
  times: readonly number[],
): { readonly seconds: number; readonly isDescending: boolean } | undefined => {
  const counts = new Map<number, number>();
  for (let at = 1; at < times.length; at += 1) {
    const step = (times[at] ?? 0) - (times[at - 1] ?? 0);
    if (step !== 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [usual] = [...counts].sort(([, left], [, right]) => right - left);
  return usual === undefined ? undefined : { seconds: Math.abs(usual[0]), isDescending: usual[0] < 0 };
};
