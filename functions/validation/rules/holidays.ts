import type { HolidayCalendar } from '#shared/vocabulary/reading-rules.ts';
import type { HolidayRule, HolidayRules } from './holiday-rules.ts';
import { validationPolicy } from './validation-policy.ts';

const dayMs = 86_400_000;
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const weekdayOf = (at: number): number => new Date(at).getUTCDay();
const isWeekend = (at: number): boolean => [0, 6].includes(weekdayOf(at));

/** Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher), as UTC midnight in milliseconds. */
const easterOf = (year: number): number => {
  const golden = year % 19;
  const [century, ofCentury] = [Math.floor(year / 100), year % 100];
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const place = epact + weekday - 7 * late + 114;
  return Date.UTC(year, Math.floor(place / 31) - 1, (place % 31) + 1);
};

const mondayOf = (year: number, month: number, which: 'first' | 'last'): number => {
  // Day 0 of the next month is the last of this one.
  const edge = which === 'first' ? Date.UTC(year, month - 1, 1) : Date.UTC(year, month, 0);
  const sinceMonday = (weekdayOf(edge) + 6) % 7;
  return which === 'last' ? edge - sinceMonday * dayMs : edge + ((7 - sinceMonday) % 7) * dayMs;
};

const atOf = (year: number, rule: HolidayRule): number => {
  if ('easter' in rule) return easterOf(year) + rule.easter * dayMs;
  return 'monday' in rule ? mondayOf(year, rule.month, rule.monday) : Date.UTC(year, rule.month - 1, rule.day);
};

/** Holidays of a year, in order. */
export const holidaysOf = ({ yearly, moved, once }: HolidayRules, year: number): readonly string[] => {
  const all = yearly.map((rule) => atOf(year, rule)).sort((a, b) => a - b);
  const taken = new Set(all.filter((at) => !isWeekend(at)));
  for (const at of all.filter(isWeekend)) {
    let next = at;
    while (isWeekend(next) || taken.has(next)) next += dayMs;
    taken.add(next);
  }
  const dates = [...taken].map((at) => moved[dateOf(at)] ?? dateOf(at));
  return [...new Set([...dates, ...once.filter((date) => date.startsWith(`${year}-`))])].sort();
};

const known = new Map<string, ReadonlySet<string>>();

/** Whether a local date is a holiday of a calendar of the policy, whatever the year. */
export const isHoliday = (calendar: HolidayCalendar, date: string): boolean => {
  const year = date.slice(0, 4);
  const name = `${calendar} ${year}`;
  const there = known.get(name) ?? new Set(holidaysOf(validationPolicy.calendars[calendar], Number(year)));
  known.set(name, there);
  return there.has(date);
};
