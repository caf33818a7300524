import { describe, expect, it } from 'vitest';
import type { RankedBlock } from '#functions/readings/rules/merge.ts';
import { wholeDay } from '#functions/readings/rules/runs.ts';
import { readDay } from '#functions/validation/rules/read-day.ts';
import { configurationOf } from '#functions/validation/rules/register-configuration.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';

const zone = 'Europe/London';
const register: Register = {
  id: 'G1',
  commodity: 'gas',
  flow: 'forward',
  unit: 'm3',
  powerOfTen: -3,
  intervalSeconds: wholeDay,
  zone,
};
const ground = {
  meter: 'mtr_00000000000000000000000001',
  register,
  configuration: configurationOf(register),
  installed: [{ from: 0, to: Number.POSITIVE_INFINITY }],
  disconnected: [],
  zeroExpected: [],
  exportAgreed: [],
};

const dayBlock = (date: string, value: number): RankedBlock => ({
  kind: 'actual',
  revision: 0,
  order: date,
  run: { start: startOfDate(zone, date), interval: wholeDay, values: [value] },
});

describe('a day of a register that counts whole days', () => {
  it.each([
    ['after the shorter one of spring', '2026-03-30'],
    ['that is the shorter one of spring', '2026-03-29'],
    ['after the longer one of autumn', '2026-10-26'],
    ['that is the longer one of autumn', '2026-10-25'],
  ])('has its own value on the day %s, whatever the days beside it have', (_, date) => {
    const blocks = [dayBlock(addDays(date, -1), 1), dayBlock(date, 2), dayBlock(addDays(date, 1), 3)];
    const { slots } = readDay(ground, date, blocks, Number.POSITIVE_INFINITY);
    expect(slots.map(({ value, expected }) => [value, expected])).toEqual([[2, true]]);
  });
});
