import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holidaysOf, isHoliday } from '#functions/validation/rules/holidays.ts';
import { validationPolicy } from '#functions/validation/rules/validation-policy.ts';

const england = validationPolicy.calendars['england-and-wales'];
const of = (year: number): string =>
  holidaysOf(england, year)
    .map((date) => date.slice(5))
    .join(' ');

describe('bank holidays of England and Wales', () => {
  /** 2025 and 2026 as copies of the list of gov.uk have them, the others from knowledge; a substitute where a day falls on a weekend. */
  it.each([
    [2018, '01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26'],
    [2020, '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28'],
    [2021, '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28'],
    [2022, '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27'],
    [2023, '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26'],
    [2024, '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26'],
    [2025, '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26'],
    [2026, '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28'],
    [2027, '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28'],
  ])('of %i are those of England and Wales', (year, dates) => {
    expect(of(year)).toBe(dates);
  });

  it('go on after the last year that is listed', () => {
    expect(isHoliday('england-and-wales', '2028-01-03')).toBe(true);
    expect(isHoliday('england-and-wales', '2028-04-14')).toBe(true);
    expect(isHoliday('england-and-wales', '2028-04-18')).toBe(false);
  });

  it('are eight working days in every year of which nothing was proclaimed, the Monday after Easter three after the Friday', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2028, max: 2299 }), (year) => {
        const dates = holidaysOf(england, year);
        expect(dates).toHaveLength(8);
        for (const date of dates) expect([0, 6]).not.toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
        const [friday = '', monday = ''] = dates.slice(1);
        expect(Date.parse(monday) - Date.parse(friday)).toBe(3 * 86_400_000);
        expect(friday >= `${year}-03-20` && monday <= `${year}-04-26`).toBe(true);
      }),
    );
  });
});
