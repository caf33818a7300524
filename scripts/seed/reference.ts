import type { HourlyTenths } from '#functions/reference/rules/hourly-temperatures.ts';
import type { Tariff } from '#functions/reference/rules/tariff.ts';
import { minorDigits } from '#shared/vocabulary/money.ts';
import { priceLists } from './bills.ts';
import type { StoryCalendar, StoryOptions } from './calendar.ts';

const hour = 3600;
/** Days of temperatures that are put at once. */
const daysAtOnce = 366;

/** A whole number of the last of so many digits behind the point, as a decimal text. */
const decimal = (value: number, digits: number): string => {
  const text = String(value).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/[.]?0+$/, '');
};

/** The utility's tariffs as they are made known: the prices that its bills charge, from long before the story on. */
export const tariffsOf = ({ currency }: StoryOptions): readonly Tariff[] =>
  priceLists.map(({ code, name, commodity, unit }) => ({
    code,
    name,
    commodity,
    currency,
    unit: commodity === 'electricity' ? 'kWh' : 'm3',
    prices: [{ from: '2000-01-01', energyPrice: decimal(unit, 2 + minorDigits(currency)) }],
  }));

/** The weather that all customers of the story share, hour by hour: each day has one temperature. */
export const temperaturesOf = ({ days }: StoryCalendar): readonly HourlyTenths[] => {
  const parts: HourlyTenths[] = [];
  for (let first = 0; first < days.length; first += daysAtOnce) {
    const part = days.slice(first, first + daysAtOnce);
    const starts = part.map(({ from }) => Math.floor(from / hour));
    const last = part.at(-1);
    const [from] = starts;
    if (from === undefined || last === undefined) continue;
    const end = Math.floor((last.from + last.intervals * 1800) / hour);
    const tenths = part.flatMap(({ temperature }, index) =>
      Array.from({ length: (starts[index + 1] ?? end) - (starts[index] ?? end) }, () => temperature),
    );
    parts.push({ from: from * hour, tenths });
  }
  return parts;
};
