import * as z from 'zod';

/** An instant as it is stored: RFC 3339 UTC with milliseconds, 24 characters, so that text order is time order. */
export const Instant = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 instant, e.g. 2026-03-01T09:30:00Z' })
  .describe('RFC 3339 instant; stored in UTC.');

/** A local calendar date `YYYY-MM-DD`. */
export const LocalDate = z.iso.date().describe('Local calendar date, YYYY-MM-DD.');

/** Writes an instant in the stored form. */
export const stored = (instant: string | number): string => new Date(instant).toISOString();
