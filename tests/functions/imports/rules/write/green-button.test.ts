import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import { readLocalTime, summerOf } from '#functions/imports/rules/espi/time-parameters.ts';
import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import { localTimeParametersOf } from '#functions/imports/rules/write/espi-time-parameters.ts';
import { type GreenButtonDownload, writeGreenButton } from '#functions/imports/rules/write/green-button.ts';
import { uuidOfName } from '#shared/runtime/name-uuid.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import { atomSchema } from '#tests/support/atom-schema.ts';
import { aRegister, type Series, someIntervals, wholeDays, written } from '#tests/support/meters/written-readings.ts';
import { hear } from '#tests/support/source-events.ts';

const folder = fileURLToPath(new URL('../../../../../../shared/data/greenbutton/schema/', import.meta.url));
const present = existsSync(`${folder}espi-4.0.xsd`);
if (!present) console.log('skipped: the schemas of Green Button are not beside this checkout');

const zone = 'America/New_York';
const codes = Object.values(quality);
const point = 'svp_0123456789ABCDEFGHJKMNPQRS';
const use = wholeDays(aRegister(zone), '2026-03-06', '2026-03-11', (index) => [
  index % 17 === 3 ? null : (index * 37) % 900,
  codes[Math.floor(index / 9) % codes.length] ?? 0,
]);
const solar = wholeDays(
  aRegister(zone, { id: 'B1', flow: 'reverse', powerOfTen: -2 }),
  '2026-03-06',
  '2026-03-11',
  (index) => [index * 11, 0],
);

const download = (
  series: GreenButtonDownload['series'],
  more: Partial<GreenButtonDownload> = {},
): GreenButtonDownload => ({
  base: 'https://example.test/espi/1_1/resource',
  title: 'Usage of 1 Long & Short Lane <"flat" 3>',
  updated: secondsOf('2026-03-11T05:00:00Z'),
  servicePoint: { id: point, commodity: 'electricity', zone },
  series,
  uuidOf: uuidOfName,
  ...more,
});
const textOf = async (told: GreenButtonDownload): Promise<string> => (await written(writeGreenButton(told))).text;
const withValues = (intervals: readonly MeasuredInterval[]) => intervals.filter(({ value }) => value !== null);
/** What an import of the download finds, by register. That a file without a value holds no readings is all it may complain of. */
const imported = async (told: GreenButtonDownload) => {
  const { blocks, errors } = await hear(readEspi([await textOf(told)]));
  expect(errors.map(({ code }) => code)).toEqual(blocks.length === 0 ? ['no-data'] : []);
  const registers = new Map<string, MeasuredInterval[]>();
  for (const { series, intervals, powerOfTen } of blocks) {
    const known = registers.get(`${series.register} ${series.flow} ${series.unit} ${powerOfTen}`) ?? [];
    registers.set(`${series.register} ${series.flow} ${series.unit} ${powerOfTen}`, [...known, ...intervals]);
  }
  return registers;
};

describe('a Green Button download', () => {
  it('gives an import the same registers, values, instants and qualities, over the night clocks go forward', async () => {
    const registers = await imported(download([use, solar]));
    expect([...registers.keys()]).toEqual(['E1 forward Wh 0', 'B1 reverse Wh -2']);
    expect(registers.get('E1 forward Wh 0')).toEqual(withValues(use.intervals));
    expect(registers.get('B1 reverse Wh -2')).toEqual(solar.intervals);
    expect(use.intervals.length).toBe(5 * 48 - 2);
  });

  it('says the time, the point and what is measured to an import', async () => {
    const { blocks } = await hear(readEspi([await textOf(download([use]))]));
    expect(blocks[0]?.series).toMatchObject({
      reference: `UsagePoint/${point}`,
      register: 'E1',
      commodity: 'electricity',
      flow: 'forward',
      intervalSeconds: 1800,
      zone,
    });
    expect(blocks.map(({ intervals }) => intervals.length).reduce((sum, count) => sum + count, 0)).toBe(
      withValues(use.intervals).length,
    );
    expect(blocks.length).toBe(5);
  });

  it('tells costs with their currency, and tiers', async () => {
    const priced = use.intervals.map((interval, index) => ({ ...interval, cost: index * 1000, tou: 1 + (index % 3) }));
    const told = download([{ ...use, intervals: priced, currency: 840 }]);
    const { blocks } = await hear(readEspi([await textOf(told)]));
    expect(blocks[0]?.series.currency).toBe(840);
    expect(blocks.flatMap(({ intervals }) => intervals)).toEqual(withValues(priced));
  });

  it('keeps the id of each resource from one download to the next, and gives no two the same', async () => {
    const idsOf = async (told: GreenButtonDownload) =>
      [...(await textOf(told)).matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id);
    const first = await idsOf(download([use, solar]));
    expect(new Set(first).size).toBe(first.length);
    const later = await idsOf(
      download([use, solar], { title: 'Another title', updated: secondsOf('2026-07-01T00:00:00Z') }),
    );
    expect(later).toEqual(first);
    const withoutSolar = await idsOf(download([use]));
    expect(first).toEqual(expect.arrayContaining(withoutSolar));
    const elsewhere = await idsOf(
      download([use], { servicePoint: { id: `${point.slice(0, -1)}A`, commodity: 'electricity', zone } }),
    );
    expect(elsewhere.filter((id) => withoutSolar.includes(id)).length).toBe(2);
  });

  it('goes out in pieces no longer than a day, however long the readings', async () => {
    const year = wholeDays(aRegister(zone), '2025-01-01', '2026-01-01', (index) => [index % 1000, 0]);
    const day = wholeDays(aRegister(zone), '2025-01-01', '2025-01-02', () => [999, 0]);
    const [long, short] = [
      await written(writeGreenButton(download([year]))),
      await written(writeGreenButton(download([day]))),
    ];
    expect(long.pieces).toBe(365 + 6);
    expect(long.longest).toBeLessThan(short.longest * 1.2);
  });

  it.each([
    ['a value of more than 48 bits', [{ start: 0, seconds: 1800, value: 2 ** 47, quality: 0 }], 'wrong-value'],
    ['a fraction', [{ start: 0, seconds: 1800, value: 0.5, quality: 0 }], 'wrong-value'],
    [
      'an interval twice',
      [
        { start: 1800, seconds: 1800, value: 1, quality: 0 },
        { start: 1800, seconds: 1800, value: 1, quality: 0 },
      ],
      'out-of-order',
    ],
    ['an interval of no length', [{ start: 0, seconds: 0, value: 1, quality: 0 }], 'out-of-order'],
  ] as const)('does not write %s', async (_what, intervals, code) => {
    await expect(textOf(download([{ ...use, intervals }]))).rejects.toMatchObject({ name: 'NotWritable', code });
  });

  it('gives back whatever is exported: any grid, gaps, codes and scales', async () => {
    const scale = fc.record({
      powerOfTen: fc.integer({ min: -6, max: 6 }),
      unit: fc.constantFrom('Wh', 'varh', 'L', 'm3', 'ft3', 'therm'),
      flow: fc.constantFrom('forward', 'reverse', 'net'),
    } as const);
    await fc.assert(
      fc.asyncProperty(
        someIntervals(900, fc.integer({ min: -(10 ** 12), max: 10 ** 12 })),
        scale,
        async (intervals, more) => {
          const series: Series = { ...use, register: aRegister(zone, { ...more, intervalSeconds: 900 }), intervals };
          const found = [...(await imported(download([series]))).values()].flat();
          expect(found).toEqual(withValues(intervals));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe.skipIf(!present)('a Green Button download against the schemas of NAESB', () => {
  const faultsOf = async (text: string, version: string): Promise<readonly string[]> => {
    const espi = readFileSync(`${folder}espi-${version}.xsd`, 'utf8');
    const { errors } = await validateXML({
      xml: [{ fileName: 'download.xml', contents: text }],
      schema: [{ fileName: 'atom.xsd', contents: atomSchema('espi.xsd') }],
      preload: [{ fileName: 'espi.xsd', contents: espi }],
    });
    return errors.map(({ message }) => message);
  };
  const priced = use.intervals.map((interval, index) => ({ ...interval, cost: index * 1000, tou: 1 }));

  it.each(['3.3', '4.0'])(
    'is valid by version %s, with every code of quality, costs and both flows',
    { timeout: 60_000 },
    async (version) => {
      const text = await textOf(download([{ ...use, intervals: priced, currency: 826 }, solar]));
      expect(await faultsOf(text, version)).toEqual([]);
    },
  );

  it('is valid for gas and water, for titles no XML can hold, and for a zone without summer time', {
    timeout: 60_000,
  }, async () => {
    const gas = wholeDays(
      aRegister('+10:00', { commodity: 'gas', unit: 'm3', powerOfTen: -3 }),
      '2026-01-01',
      '2026-01-02',
      () => [1, 0],
    );
    const water = wholeDays(aRegister('+10:00', { commodity: 'water', unit: 'L' }), '2026-01-01', '2026-01-02', () => [
      1, 0,
    ]);
    for (const [series, commodity] of [
      [gas, 'gas'],
      [water, 'water'],
    ] as const) {
      const told = download([series], {
        title: 'a\u0000b\ud800c\u{1f4a1}]]>',
        servicePoint: { id: point, commodity, zone: '+10:00' },
      });
      expect(await faultsOf(await textOf(told), '4.0')).toEqual([]);
    }
  });

  it('would be told invalid: an unknown code, a child out of order, an id that is no UUID', {
    timeout: 60_000,
  }, async () => {
    const text = await textOf(download([use]));
    expect(await faultsOf(text.replace('<quality>7</quality>', '<quality>nine</quality>'), '4.0')).not.toEqual([]);
    expect(
      await faultsOf(
        text.replace(/<duration>(\d+)<\/duration><start>(\d+)<\/start>/, '<start>$2</start><duration>$1</duration>'),
        '4.0',
      ),
    ).not.toEqual([]);
    expect(await faultsOf(text.replace(/urn:uuid:\w+/, 'urn:uuid:1'), '4.0')).not.toEqual([]);
  });
});

describe('local time in a Green Button download', () => {
  it.each([
    [
      'America/New_York',
      '2026-07-01',
      { tzOffset: -18_000, dstOffset: 3600, dstStartRule: '360E2000', dstEndRule: 'B40E2000' },
    ],
    [
      'America/New_York',
      '2004-07-01',
      { tzOffset: -18_000, dstOffset: 3600, dstStartRule: '440E2000', dstEndRule: 'AE0E2000' },
    ],
    ['Europe/London', '2026-01-01', { tzOffset: 0, dstOffset: 3600, dstStartRule: '3E0E1000', dstEndRule: 'AE0E2000' }],
    [
      'Australia/Sydney',
      '2026-01-01',
      { tzOffset: 36_000, dstOffset: 3600, dstStartRule: 'A40E2000', dstEndRule: '440E3000' },
    ],
    [
      'Asia/Kolkata',
      '2026-01-01',
      { tzOffset: 19_800, dstOffset: 0, dstStartRule: 'FFFFFFFF', dstEndRule: 'FFFFFFFF' },
    ],
    ['+10:00', '2026-01-01', { tzOffset: 36_000, dstOffset: 0, dstStartRule: 'FFFFFFFF', dstEndRule: 'FFFFFFFF' }],
  ])('of %s in %s is said by the rules that hold there', (name, date, expected) => {
    expect(localTimeParametersOf(name, secondsOf(`${date}T12:00:00Z`))).toEqual(expected);
  });

  const zones = [
    'Europe/London',
    'Europe/Dublin',
    'Europe/Paris',
    'Europe/Athens',
    'Europe/Chisinau',
    'America/New_York',
    'America/Chicago',
    'America/Denver',
    'America/Los_Angeles',
    'America/Anchorage',
    'America/St_Johns',
    'America/Havana',
    'America/Santiago',
    'America/Asuncion',
    'Australia/Sydney',
    'Australia/Adelaide',
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Pacific/Chatham',
    'Africa/Cairo',
    'Africa/Casablanca',
    'Asia/Jerusalem',
    'Asia/Beirut',
    'Asia/Gaza',
  ] as const;
  /** Instants at which the offset changes in a year, up first. */
  const changesOf = (name: string, year: number): readonly number[] => {
    const changes: number[] = [];
    const [from, to] = [Date.UTC(year, 0, 1) / 1000, Date.UTC(year + 1, 0, 1) / 1000];
    for (let at = from; at < to; at += 900) if (offsetAt(name, at) !== offsetAt(name, at - 900)) changes.push(at);
    return changes.toSorted(
      (a, b) => offsetAt(name, b) - offsetAt(name, b - 1) - (offsetAt(name, a) - offsetAt(name, a - 1)),
    );
  };

  it('is read back as the changes of clocks of the year, in 24 zones from 2020 to 2032', () => {
    let checked = 0;
    for (const name of zones)
      for (let year = 2020; year <= 2032; year += 1) {
        const told = localTimeParametersOf(name, Date.UTC(year, 6, 1) / 1000);
        const read = readLocalTime(new Map(Object.entries(told).map(([key, value]) => [key, String(value)])));
        if (typeof read === 'string') throw new Error(`${name} ${year}: ${read}`);
        const changes = changesOf(name, year);
        const summer = summerOf(read, year);
        if (summer === undefined) {
          expect(changes.length, `${name} ${year}`).not.toBe(2);
          continue;
        }
        expect([summer.from, summer.to], `${name} ${year}`).toEqual(changes);
        expect(read.offset, name).toBe(Math.min(...changes.map((at) => offsetAt(name, at))));
        checked += 1;
      }
    expect(checked).toBeGreaterThan(270);
  });

  it('holds in the years around, where the rules are those of weekdays', () => {
    for (const name of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Sydney',
      'Pacific/Auckland',
      'America/Santiago',
    ]) {
      const rules = [2024, 2025, 2026, 2027].map((year) => localTimeParametersOf(name, Date.UTC(year, 6, 1) / 1000));
      expect(new Set(rules.map((rule) => JSON.stringify(rule))).size, name).toBe(1);
    }
  });
});
