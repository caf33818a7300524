import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dayLength,
  daysBetween,
  expectedIntervals,
  localDateAt,
  localDays,
  nextMidnight,
  startOfDate,
  startOfMonth,
} from '#shared/vocabulary/time.ts';
import { isZone, offsetAt } from '#shared/vocabulary/zones.ts';

/** Zones of every habit: none, whole and half-hour changes, changes at midnight, odd offsets, fixed offsets. */
const zones = [
  'UTC',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Berlin',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'America/Asuncion',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  '+10:00',
  '-03:30',
];

const at = (instant: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(zone);
const span = { from: Date.UTC(2024, 0, 1) / 1000, to: Date.UTC(2031, 0, 1) / 1000 };

/** Local dates of 2024 to 2030 on which a zone's clocks change, and their neighbours. */
const changeDates = (zone: string): string[] => {
  const dates: string[] = [];
  let current = at(span.from, zone);
  for (;;) {
    const next = current.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= span.to * 1000) return dates;
    const date = next.toPlainDate();
    for (const days of [-1, 0, 1]) dates.push(date.add({ days }).toString());
    current = next;
  }
};

describe('local time', () => {
  it.each(zones)('finds the offset, date and midnight that Temporal finds, at any instant in %s', (zone) => {
    fc.assert(
      fc.property(fc.integer({ min: span.from, max: span.to }), (instant) => {
        const expected = at(instant, zone);
        expect(offsetAt(zone, instant)).toBe(expected.offsetNanoseconds / 1e9);
        expect(localDateAt(zone, instant)).toBe(expected.toPlainDate().toString());
        expect(nextMidnight(zone, instant)).toBe(
          expected.toPlainDate().add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds / 1000,
        );
      }),
      { numRuns: 150 },
    );
  });

  it.each(zones)('gives the days around every change of clocks from 2024 to 2030 their true length in %s', (zone) => {
    for (const date of changeDates(zone)) {
      const start = Temporal.PlainDate.from(date).toZonedDateTime(zone);
      const end = Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(zone);
      const seconds = (end.epochMilliseconds - start.epochMilliseconds) / 1000;
      expect(startOfDate(zone, date), date).toBe(start.epochMilliseconds / 1000);
      expect(dayLength(zone, date), date).toBe(seconds);
      expect(expectedIntervals(zone, date, 1800), date).toBe(seconds / 1800);
      expect(expectedIntervals(zone, date, 300), date).toBe(seconds / 300);
    }
  });

  it('covers both changes of every year in a zone that has them', () => {
    expect(changeDates('Europe/London')).toHaveLength(7 * 2 * 3);
  });

  it('expects 46, 48 or 50 half-hours a day in London and 49 or 47 on Lord Howe', () => {
    expect(expectedIntervals('Europe/London', '2025-03-30', 1800)).toBe(46);
    expect(expectedIntervals('Europe/London', '2025-03-31', 1800)).toBe(48);
    expect(expectedIntervals('Europe/London', '2025-10-26', 1800)).toBe(50);
    expect(expectedIntervals('Australia/Lord_Howe', '2025-04-06', 1800)).toBe(49);
    expect(expectedIntervals('Australia/Lord_Howe', '2025-10-05', 1800)).toBe(47);
  });

  it.each(zones)('splits a year of %s into days that neither overlap nor leave a gap', (zone) => {
    const [from, to] = [startOfDate(zone, '2026-01-01'), startOfDate(zone, '2027-01-01')];
    let next = from;
    let count = 0;
    for (const day of localDays(zone, from, to)) {
      expect(day.from).toBe(next);
      expect(localDateAt(zone, day.from)).toBe(day.date);
      next = day.to;
      count += 1;
    }
    expect(next).toBe(to);
    expect(count).toBe(365);
  });

  it('gives the whole of each day that a range touches, and none for an empty range', () => {
    const noon = startOfDate('Europe/London', '2026-06-01') + 43_200;
    expect([...localDays('Europe/London', noon, noon + 1)].map((day) => day.date)).toEqual(['2026-06-01']);
    expect([...localDays('Europe/London', noon, noon + 43_201)].map((day) => day.date)).toEqual([
      '2026-06-01',
      '2026-06-02',
    ]);
    expect([...localDays('Europe/London', noon, noon)]).toEqual([]);
  });

  it('counts days and months across the ends of years', () => {
    expect(addDays('2027-12-31', 60)).toBe('2028-02-29');
    expect(daysBetween('2028-03-01', '2027-12-31')).toBe(-61);
    expect(addMonths('2026-11', 3)).toBe('2027-02');
    expect(addMonths('2026-01', -13)).toBe('2024-12');
    expect(startOfMonth('+10:00', '2026-03')).toBe(Date.UTC(2026, 1, 28, 14) / 1000);
  });

  it('takes IANA names and fixed offsets as zones and nothing else', () => {
    for (const zone of zones) expect(isZone(zone), zone).toBe(true);
    for (const text of ['', '+1000', '+25:00', '10:00', 'Mars/Olympus', '+10:60', 'Z', '2026']) {
      expect(isZone(text), text).toBe(false);
    }
    expect(() => startOfDate('UTC', '2026-13-01')).toThrow(RangeError);
  });
});
