/** How values are written on a terminal. */

interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Money with its currency, e.g. `84.23 GBP`. */
export const moneyText = ({ amountMinor, currency }: Money): string => {
  const digits = minorDigits(currency);
  return `${(amountMinor / 10 ** digits).toFixed(digits)} ${currency}`;
};

/** An instant to the minute, in UTC. */
export const minuteText = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)}Z`;

const prefixes = [
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const;

/** A quantity in at most four digits, e.g. `312 kWh` from 312,040 Wh; volumes other than litres keep their unit. */
export const quantityText = (value: number, unit: string, powerOfTen = 0): string => {
  const amount = value * 10 ** powerOfTen;
  const scaled =
    unit === 'Wh' || unit === 'varh' ? prefixes.find(([, factor]) => Math.abs(amount) >= factor) : undefined;
  const [prefix, factor] = scaled ?? ['', 1];
  const shown = amount / factor;
  const digits = Number.isInteger(shown) || Math.abs(shown) >= 100 ? 0 : 1;
  return `${shown.toFixed(digits)} ${prefix}${unit}`;
};

/** How long ago, in the largest whole unit. */
export const lagText = (seconds: number): string => {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
};

const bars = '▁▂▃▄▅▆▇█';

/** A row of bars, highest for the greatest value; a gap is a dot. */
export const barsText = (values: readonly (number | null)[]): string => {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === null) return '·';
      const step = most === 0 ? 0 : Math.round((Math.max(value, 0) / most) * (bars.length - 1));
      return bars[step] ?? '';
    })
    .join('');
};
