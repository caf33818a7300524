import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTenths, temperaturesOfDays, unpackTenths } from '#functions/reference/rules/hourly-temperatures.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';

const tenth = fc.option(fc.integer({ min: -900, max: 600 }), { nil: null });

describe('hours of temperatures, packed', () => {
  it('come out as they went in, with as many hours as the month has', () => {
    fc.assert(
      fc.property(fc.array(tenth, { maxLength: 744 }), (tenths) => {
        const whole = unpackTenths(packTenths(tenths), 744);
        expect(whole).toHaveLength(744);
        expect(whole.slice(0, tenths.length)).toEqual(tenths);
        expect(whole.slice(tenths.length).every((one) => one === null)).toBe(true);
      }),
    );
  });

  it('take a byte an hour where an hour differs by no more than 6.3 degrees from the one before', () => {
    const tenths = Array.from({ length: 744 }, (_, hour) => 60 + Math.round(60 * Math.sin(hour / 4)));
    expect(packTenths(tenths).length).toBeLessThanOrEqual(746);
    expect(packTenths([null, null]).length).toBe(0);
  });
});

describe('temperatures of local days', () => {
  const zone = 'Europe/London';
  const from = startOfDate(zone, '2026-03-28');
  const rising = Array.from({ length: 72 }, (_, hour) => hour);

  it('are those of the hours that begin in the day, 23 of them where the clocks go forward', () => {
    const days = temperaturesOfDays({ from, tenths: rising }, zone, '2026-03-28', '2026-03-31');
    expect([...days].map(([date, hours]) => [date, hours.length, hours[0]])).toEqual([
      ['2026-03-28', 24, 0],
      ['2026-03-29', 23, 2.4],
      ['2026-03-30', 24, 4.7],
    ]);
  });

  it('bridge six hours that are missing by a straight line, and leave out a day that lacks more', () => {
    const holed = rising.map((value, hour) =>
      (hour > 4 && hour < 11) || (hour > 30 && hour < 38) || hour === 70 ? null : value,
    );
    const days = temperaturesOfDays({ from, tenths: holed }, zone, '2026-03-28', '2026-03-31');
    expect([...days.keys()]).toEqual(['2026-03-28', '2026-03-30']);
    expect(days.get('2026-03-28')?.[7]).toBeCloseTo(0.7, 10);
  });

  it('cut days of zones that are half an hour off by the hours that begin in them', () => {
    const india = startOfDate('Asia/Kolkata', '2026-03-28');
    const days = temperaturesOfDays({ from: india - 1800, tenths: rising }, 'Asia/Kolkata', '2026-03-28', '2026-03-30');
    expect([...days.values()].map((hours) => hours.length)).toEqual([24, 24]);
  });

  it('are of no day that lies before or behind what is held', () => {
    const days = temperaturesOfDays({ from, tenths: rising }, zone, '2026-03-25', '2026-04-02');
    expect([...days.keys()]).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
  });
});
