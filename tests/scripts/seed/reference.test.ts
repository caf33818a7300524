import { describe, expect, it } from 'vitest';
import { tariffRoutes } from '#functions/reference/contract/tariffs.ts';
import { charge, priceLists } from '#scripts/seed/bills.ts';
import { calendarOf } from '#scripts/seed/calendar.ts';
import { tariffsOf, temperaturesOf } from '#scripts/seed/reference.ts';
import { smallStory } from './options.ts';

const body = tariffRoutes.find(({ operationId }) => operationId === 'putTariff');

describe('the tariffs of the seeded utility', () => {
  it.each([
    ['GBP', 100],
    ['JPY', 1],
  ] as const)('have the prices that its bills charge: %s', (currency, minorUnits) => {
    const tariffs = tariffsOf({ ...smallStory, currency });
    expect(tariffs.map(({ code }) => code)).toEqual(priceLists.map(({ code }) => code));
    for (const [place, { prices, code, ...rest }] of tariffs.entries()) {
      const [entry] = prices;
      const million = 1_000_000;
      expect(Math.round(Number(entry?.energyPrice) * minorUnits * (million / 1000)), code).toBe(
        charge(million, priceLists[place]?.unit ?? 0),
      );
      if (body === undefined || !('body' in body)) throw new Error('no such route');
      expect(body.body.safeParse({ ...rest, prices }).success).toBe(true);
    }
  });
});

describe('the temperatures of the seeded utility', () => {
  it.each(['Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe'])('cover each hour of the story once: %s', (zone) => {
    const calendar = calendarOf({ ...smallStory, zone, months: 14 });
    const parts = temperaturesOf(calendar);
    const hours = parts.flatMap(({ from, tenths }) => tenths.map((_, hour) => from + hour * 3600));
    expect(hours[0]).toBe(Math.floor(calendar.from / 3600) * 3600);
    expect(hours.at(-1)).toBe(Math.floor(calendar.to / 3600) * 3600 - 3600);
    expect(hours.every((hour, place) => place === 0 || hour === (hours[place - 1] ?? 0) + 3600)).toBe(true);
  });

  it('are those that homes heat by', () => {
    const calendar = calendarOf(smallStory);
    for (const { temperature, cold } of calendar.days) expect(cold).toBe(Math.max(0, 155 - temperature));
    expect(new Set(calendar.days.map(({ temperature }) => temperature)).size).toBeGreaterThan(20);
  });
});
