import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import { run } from '#tests/cli/far-end.ts';
import { atomSchema } from '#tests/support/atom-schema.ts';
import { type Brought, ImportingSystem, type StoredReading, type Usage } from '#tests/support/importing-system.ts';
import { hear } from '#tests/support/source-events.ts';

const folder = fileURLToPath(new URL('../../../shared/data/greenbutton/', import.meta.url));
const present = existsSync(`${folder}facts.json`);
if (!present) console.log('skipped: the data set greenbutton is not beside this checkout');

const homes = {
  halfDays: 'energyos-samples/Coastal_Multi_Family_12hr_Jan_1_2011_to_Jan_1_2012_RetailCustomer_3.xml.gz',
  months: 'energyos-samples/Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml.gz',
};
const year = { from: '2011-01-01', to: '2012-01-02' };

interface Facts {
  readonly readings: { readonly n: number; readonly sumValue: number };
}

/** A home's file in a system of its own: what became of it, and what is stored. */
interface Home {
  readonly importing: ImportingSystem;
  readonly brought: Brought;
  readonly point: string;
  readonly usage: Usage;
  readonly stored: ReadonlyMap<number, StoredReading>;
}

const openHome = async (file: string): Promise<Home> => {
  const importing = await ImportingSystem.start();
  const bytes = readFileSync(`${folder}${file}`);
  const brought = await importing.bring({ bytes, format: 'espi' });
  const { series } = await hear(readEspi([gunzipSync(bytes)]));
  const point = `espi:${series[0]?.reference}`;
  const usage = await importing.usage(point, year);
  return { importing, brought, point, usage, stored: await importing.stored(usage.meterId ?? '', usage.register) };
};

describe.skipIf(!present)('Green Button files, imported into running systems', () => {
  const facts: Record<string, Facts> = present ? JSON.parse(readFileSync(`${folder}facts.json`, 'utf8')) : {};
  let scratch: string;
  let halfDays: Home;
  let months: Home;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'rotunda-green-button-'));
    halfDays = await openHome(homes.halfDays);
    months = await openHome(homes.months);
  }, 120_000);
  afterAll(async () => {
    await halfDays.importing.stop();
    await months.importing.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  it('of retail customers 3 and 5 are one series, be it told by half days or by months', () => {
    for (const [file, { brought, stored }] of [
      [homes.halfDays, halfDays],
      [homes.months, months],
    ] as const) {
      const { n, sumValue } = facts[file]?.readings ?? { n: -1, sumValue: -1 };
      expect(brought).toMatchObject({ state: 'done', counts: { read: n, sent: n, aside: 0 } });
      // A bill's summary stands beside the readings and is none.
      expect(brought.errors.filter(({ code }) => code !== 'summary')).toEqual([]);
      expect([...stored.values()].reduce((sum, { value }) => sum + value, 0)).toBe(sumValue);
    }
    expect([...months.stored]).toEqual([...halfDays.stored]);
    expect(months.usage.data).toEqual(halfDays.usage.data);
    expect(months.usage.total).toEqual(halfDays.usage.total);
  });

  it('are judged without a hole: 8,760 hours, with 23 and 25 of them on the days of change', async () => {
    expect(months.usage.total).toMatchObject({ count: 8760, missing: 0 });
    const days = await months.importing.usage(months.point, { ...year, resolution: 'day' });
    expect(days.zone).toBe('America/Los_Angeles');
    const odd = days.data.filter(({ count }) => count !== 24).map(({ start, count }) => [start.slice(0, 10), count]);
    expect(odd).toEqual([
      ['2011-03-13', 23],
      ['2011-11-06', 25],
    ]);
  });

  it('come back by an export that is valid by the schemas of 3.3 and 4.0, and that changes nothing when it is imported', async () => {
    const { importing, point, brought, usage, stored } = months;
    const out = join(scratch, 'export.xml');
    const words = [
      'export',
      point,
      '--format',
      'green-button',
      '--from',
      year.from,
      '--to',
      year.to,
      '--role',
      'agent',
    ];
    const told = await run([...words, '--purpose', 'service', '--out', out, '--url', importing.system.url]);
    expect(told).toMatchObject({ code: 0 });
    const text = await readFile(out, 'utf8');
    for (const version of ['3.3', '4.0']) {
      const { errors } = await validateXML({
        xml: [{ fileName: 'download.xml', contents: text }],
        schema: [{ fileName: 'atom.xsd', contents: atomSchema('espi.xsd') }],
        preload: [{ fileName: 'espi.xsd', contents: readFileSync(`${folder}schema/espi-${version}.xsd`, 'utf8') }],
      });
      expect(errors.map(({ message }) => message)).toEqual([]);
    }
    const digest = (await importing.system.digests()).readings;
    const again = await importing.bring({ bytes: Buffer.from(text), format: 'espi' });
    expect(again).toMatchObject({
      state: 'done',
      errors: [],
      counts: { read: 8760, sent: 0, unchanged: 8760, aside: 0 },
    });
    expect((await importing.system.digests()).readings).toBe(digest);
    // Once the first import is taken back, the export is read again by itself, and all is as it was.
    expect((await run(['import', 'undo', brought.id, '--reason', 'a test', '--url', importing.system.url])).code).toBe(
      0,
    );
    expect(await importing.bring({ bytes: Buffer.from(text), format: 'espi' })).toMatchObject({
      id: again.id,
      state: 'done',
      counts: { sent: 8760, unchanged: 0, aside: 0 },
    });
    expect((await importing.system.digests()).readings).toBe(digest);
    expect(await importing.stored(usage.meterId ?? '', usage.register)).toEqual(stored);
  }, 120_000);
});
