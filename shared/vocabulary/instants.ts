import * as z from 'zod';

/** Whether an instant has four digits of a year in UTC, as the fold order needs; an offset can push it out. */
const isStorable = (instant: string): boolean => {
  const milliseconds = Date.parse(instant);
  return milliseconds >= Date.parse('0001-01-01T00:00:00Z') && milliseconds <= Date.parse('9999-12-31T23:59:59.999Z');
};

/** Characters of an instant as it is sent: a fraction of up to 14 digits and an offset; clocks tell nine. */
const longestInstant = 40;

/** An instant as it is stored: RFC 3339 UTC with milliseconds, 24 characters, so that text order is time order. */
export const Instant = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 instant, e.g. 2026-03-01T09:30:00Z', abort: true })
  .max(longestInstant)
  .refine(isStorable, 'must lie in the years 0001 to 9999, UTC')
  .describe('RFC 3339 instant; stored in UTC.');

/** A local calendar date `YYYY-MM-DD`. */
export const LocalDate = z.iso.date().describe('Local calendar date, YYYY-MM-DD.');

/** Writes an instant in the stored form. */
export const stored = (instant: string | number): string => new Date(instant).toISOString();
