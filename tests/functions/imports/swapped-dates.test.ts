import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '#functions/imports/read-series.ts';
import { readCsv } from '#functions/imports/rules/csv/read-csv.ts';
import { SwappedDatesLook } from '#functions/imports/rules/swapped-dates.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { ImportGround } from '#tests/support/import-ground.ts';
import { hear } from '#tests/support/source-events.ts';

const mappingOf = (format: string, interval: number | 'day' | 'until-next' = 3600) => ({
  name: 'hourly',
  namespace: 'csv',
  reference: { column: 'meter' },
  unit: { constant: 'kWh' },
  time: { columns: ['at'], format, zone: 'Europe/London', interval },
  layout: { kind: 'long', values: [{ column: 'kwh' }] },
});
/** Hours of days in order, day first, as Europeans write them. */
const european = (date: string, hour = 0): string =>
  `${date.slice(8)}/${date.slice(5, 7)}/${date.slice(0, 4)} ${String(hour).padStart(2, '0')}:00`;
const dayFirst = (first: string, days: number, hours = 24): string =>
  `meter,at,kwh\n${Array.from({ length: days * hours }, (_, row) => `h1,${european(addDays(first, Math.floor(row / hours)), row % hours)},0.5`).join('\n')}\n`;

describe('a file whose month and day were swapped', () => {
  it('stops its import before anything is sent, says what was seen, and goes on where it is forced', async () => {
    const at = await ImportGround.open();
    const file = { text: dayFirst('2025-03-01', 120), format: 'csv', mapping: mappingOf('MM/DD/YYYY HH:mm') } as const;
    const stopped = await at.run({ ...file, createMissing: true });
    expect(stopped).toMatchObject({ state: 'failed', failure: 'file.dates-swapped', counts: { sent: 0 }, chunk: 1 });
    expect(stopped.seen).toContain('2025-02-03 after 2025-01-03 the first time');
    const forced = await at.run({ ...file, createMissing: true, force: true });
    expect([forced.id, forced.state, forced.counts.sent > 0]).toEqual([stopped.id, 'done', true]);
  });

  it('is read where its mapping says the order right', async () => {
    const at = await ImportGround.open();
    const text = dayFirst('2025-03-01', 40);
    const item = await at.run({ text, format: 'csv', mapping: mappingOf('DD/MM/YYYY HH:mm'), createMissing: true });
    expect(item).toMatchObject({ state: 'done', counts: { sent: 959 } });
  });
});

const foundIn = async (text: string, mapping: unknown) => {
  const look = new SwappedDatesLook();
  for (const block of (await hear(readCsv([text], parseMapping(mapping)))).blocks) look.add(block);
  return look.found();
};

describe('dates that are right', () => {
  it('are taken for swapped in no file of days with holes anywhere', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 700 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 119 }), { maxLength: 60 }),
        async (shift, holes) => {
          const gone = new Set(holes);
          const dates = Array.from({ length: 120 }, (_, day) => addDays('2024-01-01', shift + day));
          const rows = dates.filter((_, day) => !gone.has(day)).map((date) => `h1,${european(date)},0.5`);
          expect(
            await foundIn(`meter,at,kwh\n${rows.join('\n')}\n`, mappingOf('DD/MM/YYYY HH:mm', 'day')),
          ).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are those of values by the month, on the same day of each', async () => {
    const months = Array.from(
      { length: 24 },
      (_, n) => `20${24 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}-03`,
    );
    const text = `meter,at,kwh\n${months.map((date) => `h1,${european(date)},310`).join('\n')}\n`;
    expect(await foundIn(text, mappingOf('DD/MM/YYYY HH:mm', 'until-next'))).toBeUndefined();
  });
});
