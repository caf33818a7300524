import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEspi, readEspiWhole } from '#functions/imports/rules/espi/read-espi.ts';
import { readLocalTime, summerOf, zoneOf } from '#functions/imports/rules/espi/time-parameters.ts';
import { hear, inPieces } from '#tests/support/source-events.ts';

const base = 'https://example.test/espi/1_1/resource/RetailCustomer/1/UsagePoint/2';
const typePath = 'https://example.test/espi/1_1/resource/ReadingType/7';
const entry = (self: string, related: readonly string[], content: string): string =>
  `<entry><link rel="self" href="${self}"/>${related.map((href) => `<link rel="related" href="${href}"/>`).join('')}<content>${content}</content></entry>`;
const leaves = (fields: Readonly<Record<string, string | number>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
const e = (name: string, content: string): string => `<${name} xmlns="http://naesb.org/espi">${content}</${name}>`;

const usual = { accumulationBehaviour: 4, commodity: 1, flowDirection: 1, intervalLength: 3600, uom: 72 };
const readingType = (fields: Readonly<Record<string, string | number>> = {}): string =>
  entry(typePath, [], e('ReadingType', leaves({ ...usual, ...fields })));
const usagePoint = entry(base, [], e('UsagePoint', '<ServiceCategory><kind>0</kind></ServiceCategory>'));
const meterReading = entry(`${base}/MeterReading/1`, [typePath], e('MeterReading', ''));
const reading = (start: number, value: number | string, more = ''): string =>
  `<IntervalReading>${more}<timePeriod><duration>3600</duration><start>${start}</start></timePeriod><value>${value}</value></IntervalReading>`;
const block = (...readings: readonly string[]): string =>
  entry(`${base}/MeterReading/1/IntervalBlock/1`, [], e('IntervalBlock', readings.join('')));
const feed = (...entries: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n${entries.join('\n')}\n</feed>`;

const start = 1_762_675_200;
const day = block(...Array.from({ length: 24 }, (_, hour) => reading(start + hour * 3600, 100 + hour)));
const whole = feed(usagePoint, meterReading, readingType(), day);
const read = (text: string) => hear(readEspi([text]));
const codesOf = async (text: string): Promise<readonly string[]> => (await read(text)).errors.map(({ code }) => code);

describe('a Green Button feed', () => {
  it('gives the intervals of its meter reading with unit, flow and commodity', async () => {
    const { blocks, errors, series } = await read(whole);
    expect(errors).toEqual([]);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.series).toEqual({
      namespace: 'espi',
      reference: 'RetailCustomer/1/UsagePoint/2',
      register: '1',
      unit: 'Wh',
      commodity: 'electricity',
      flow: 'forward',
      intervalSeconds: 3600,
    });
    expect(series[0]).toMatchObject({ count: 24, sum: '2676', gaps: 0, overlaps: 0, quality: { 0: 24 } });
  });

  it('is the same whatever the prefixes', async () => {
    const prefixed = whole
      .replaceAll(/<(\/?)(feed|entry|link|content)\b/g, '<$1a:$2')
      .replace('xmlns=', 'xmlns:a=')
      .replaceAll(/<(\/?)(?!a:|\?)(\w)/g, '<$1ns7:$2')
      .replaceAll('xmlns="http://naesb.org/espi"', 'xmlns:ns7="http://naesb.org/espi"');
    expect(prefixed).toContain('<ns7:IntervalReading>');
    expect(prefixed).toContain('<a:entry>');
    expect(await read(prefixed)).toEqual(await read(whole));
  });

  it('is the same in pieces of any size', async () => {
    const bytes = Buffer.from(whole);
    const expected = await read(whole);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), async (length) => {
        expect(await hear(readEspi(inPieces(bytes, length)))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('may name the meaning of its values after them', async () => {
    const { blocks, errors } = await read(feed(day, usagePoint, meterReading, readingType({ uom: 169 })));
    expect(errors).toEqual([]);
    expect(blocks.map(({ series, intervals }) => [series.unit, intervals.length])).toEqual([['therm', 24]]);
  });

  it('counts in integers times a power of ten, with the flow to the grid apart', async () => {
    const { blocks } = await read(
      feed(usagePoint, meterReading, readingType({ powerOfTenMultiplier: -3, flowDirection: 19 }), day),
    );
    expect(blocks[0]).toMatchObject({ powerOfTen: -3, series: { flow: 'reverse' } });
    expect(blocks[0]?.intervals[0]?.value).toBe(100);
  });

  it('takes quality, cost and tier of a reading, else the quality of its type', async () => {
    const priced = reading(
      start,
      5,
      '<cost>1234</cost><ReadingQuality><quality>8</quality></ReadingQuality><tou>2</tou>',
    );
    const { blocks, series } = await read(
      feed(usagePoint, meterReading, readingType({ defaultQuality: 14 }), block(priced, reading(start + 3600, 6))),
    );
    expect(blocks[0]?.intervals).toEqual([
      { start, seconds: 3600, value: 5, quality: 8, cost: 1234, tou: 2 },
      { start: start + 3600, seconds: 3600, value: 6, quality: 14 },
    ]);
    expect(series[0]?.cost).toBe('0.01234');
  });

  it('leaves out a reading that cannot be right, with its place, and keeps the others', async () => {
    const { blocks, errors } = await read(
      feed(
        usagePoint,
        meterReading,
        readingType(),
        block(
          reading(start, 1),
          reading(start, 'x'),
          reading(-5, 1),
          reading(start + 3600, 2, '<ReadingQuality><quality>99</quality></ReadingQuality>'),
          reading(start + 7200, 3).replace('3600', '-3600'),
          reading(start + 7200, 3),
        ),
      ),
    );
    expect(blocks[0]?.intervals.map(({ value }) => value)).toEqual([1, 3]);
    expect(errors.map(({ code }) => code)).toEqual(['not-a-number', 'not-a-time', 'wrong-quality', 'wrong-duration']);
    for (const { line, column } of errors) expect([line, column > 1]).toEqual([6, true]);
  });

  it.each([
    ['period-sums', { accumulationBehaviour: 2 }, 0],
    ['period-sums', { accumulationBehaviour: 3 }, 0],
    ['wrong-multiplier', { powerOfTenMultiplier: 99 }, 0],
    ['unknown-unit', { uom: 999 }, 1],
  ])('says %s where the type of its values is not read', async (code, fields, blockCount) => {
    const { blocks, errors } = await read(feed(usagePoint, meterReading, readingType(fields), day));
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(blocks).toHaveLength(blockCount);
  });

  it.each([1, 9])('reads what a dial stood at where accumulation %i says so, when each reading ended', async (kind) => {
    const type = readingType({ accumulationBehaviour: kind, powerOfTenMultiplier: 3, defaultQuality: 17 });
    const readings = [
      reading(start, 4_100),
      reading(start + 86_400, 4_125, '<ReadingQuality><quality>8</quality></ReadingQuality>').replace('3600', '0'),
      reading(start + 2 * 86_400, '').replace('<value></value>', ''),
    ];
    const { blocks, errors, series } = await read(feed(usagePoint, meterReading, type, block(...readings)));
    expect(errors).toEqual([]);
    expect(blocks.map(({ intervals, reads }) => ({ intervals, reads }))).toEqual([
      {
        intervals: [],
        reads: [
          { at: start + 3600, value: 4_100, powerOfTen: 3, quality: 17 },
          { at: start + 86_400, value: 4_125, powerOfTen: 3, quality: 8 },
        ],
      },
    ]);
    expect(series).toMatchObject([{ count: 0, reads: 2, unit: 'Wh' }]);
  });

  it('tells an interval that lasts no time, and keeps the others', async () => {
    const readings = [reading(start, 1).replace('3600', '0'), reading(start + 3600, 2)];
    for (const order of [
      [meterReading, readingType(), block(...readings)],
      [block(...readings), meterReading, readingType()],
    ]) {
      const { blocks, errors } = await read(feed(usagePoint, ...order));
      expect(blocks.flatMap(({ intervals }) => intervals.map(({ value }) => value))).toEqual([2]);
      expect(errors.map(({ code, column }) => [code, column > 1])).toEqual([['wrong-duration', true]]);
    }
  });

  it('tells its summaries in their place, whatever the pieces in which it comes', async () => {
    const summary = (id: number): string =>
      entry(`${base}/UsageSummary/${id}`, [], e('UsageSummary', leaves({ billLastPeriod: id, currency: 840 })));
    const text = feed(usagePoint, summary(1), meterReading, readingType(), day, summary(2));
    const kinds = async (length: number): Promise<readonly string[]> => {
      const told: string[] = [];
      for await (const { block: one, summary: sum, error } of readEspiWhole(inPieces(Buffer.from(text), length)))
        told.push(sum?.fields.billLastPeriod ?? (one === undefined ? (error?.code ?? '') : 'readings'));
      return told;
    };
    for (const length of [1, 7, 4096, 1_000_000]) expect(await kinds(length)).toEqual(['1', 'readings', '2']);
  });

  it('with a resource larger than any is refused there', async () => {
    const fields = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, 'y'.repeat(60_000)]));
    const huge = entry(`${base}/UsageSummary/1`, [], e('UsageSummary', leaves(fields)));
    const { blocks, errors } = await read(feed(usagePoint, meterReading, readingType(), day, huge));
    expect(blocks).toHaveLength(1);
    expect(errors.map(({ code }) => code)).toEqual(['too-long']);
  });

  it('says that nothing tells what its values mean', async () => {
    const { blocks, errors } = await read(feed(day));
    expect(blocks[0]?.series.unit).toBe('none');
    expect(errors).toMatchObject([{ code: 'no-reading-type' }]);
  });

  const unlinked = (text: string): string => text.replaceAll(/<link rel="(self|up)"[^>]*>/g, '');
  const unlinkedDay = unlinked(day);
  it.each([
    ['no links at all', feed(unlinked(usagePoint), unlinked(meterReading), readingType(), unlinkedDay)],
    ['no entry of a usage point either', feed(readingType(), unlinkedDay)],
    ['readings alone', unlinkedDay.replace('<entry>', '<entry xmlns="http://www.w3.org/2005/Atom">')],
    [
      'a meter reading of no usage point',
      feed(entry('MeterReading/1', [typePath], e('MeterReading', '')), readingType(), day.replaceAll(`${base}/`, '')),
    ],
    ['a usage point without an id', whole.replaceAll('/UsagePoint/2', '/UsagePoint')],
    [
      'two usage points, either of which it may be',
      feed(usagePoint, usagePoint.replaceAll('/UsagePoint/2', '/UsagePoint/3'), readingType(), unlinkedDay),
    ],
    ['a usage point beside one without a name', feed(usagePoint, unlinked(usagePoint), readingType(), unlinkedDay)],
  ])('is told into no home where nothing says whose it is: %s', async (_, text) => {
    const { blocks, errors } = await read(text);
    expect(blocks).toEqual([]);
    expect(errors.map(({ code }) => code)).toEqual(['no-point']);
    expect(errors[0]?.line).toBe(text.slice(0, text.indexOf('</IntervalBlock>')).split('\n').length);
    expect(errors[0]?.message).toContain('have links put into the file');
  });

  it('without links is of the one usage point that it names, wherever that stands', async () => {
    for (const entries of [
      [usagePoint, readingType(), unlinkedDay],
      [unlinkedDay, unlinked(meterReading), readingType(), usagePoint],
      [
        readingType(),
        entry(base, [], e('UsagePoint', e('MeterReading', unlinkedDay.replaceAll(/<\/?(entry|content)>/g, '')))),
      ],
    ]) {
      const { blocks, errors } = await read(feed(...entries));
      expect(errors).toEqual([]);
      expect(blocks.map(({ series, intervals }) => [series.reference, series.register, intervals.length])).toEqual([
        ['RetailCustomer/1/UsagePoint/2', '1', 24],
      ]);
    }
  });

  it('does not hold readings that never learn whose they are', async () => {
    const readings = Array.from({ length: 1000 }, (_, at) => reading(start + at * 3600, 1));
    const text = feed(readingType(), ...Array.from({ length: 102 }, () => unlinked(block(...readings))));
    const { blocks, errors } = await read(text);
    expect(errors.map(({ code, line }) => [code, line > 1])).toEqual([['no-point', true]]);
    expect(blocks).toEqual([]);
  });

  it('without a reading says so where it ends, and is not silent', async () => {
    const text = feed(usagePoint, meterReading, readingType(), block());
    const { blocks, errors } = await read(text);
    expect(blocks).toEqual([]);
    expect(errors).toMatchObject([
      { line: text.split('\n').length, code: 'no-data', message: 'the file holds no readings' },
    ]);
    const bill = entry(`${base}/UsageSummary/1`, [], e('UsageSummary', leaves({ billLastPeriod: 1 })));
    expect(await codesOf(feed(usagePoint, bill))).toEqual(['no-data']);
    expect(await codesOf(feed(usagePoint, meterReading, readingType(), block(reading(-5, 1))))).toEqual(['not-a-time']);
  });

  it('is read to the second where its times hold fractions of one, which is told once', async () => {
    const fractions = (text: string): string =>
      text.replaceAll(/<start>(\d+)</g, '<start>$1.000<').replaceAll(/<duration>(\d+)</g, '<duration>$1.0<');
    const { blocks, errors } = await read(fractions(whole));
    expect(blocks).toEqual((await read(whole)).blocks);
    expect(errors).toMatchObject([{ code: 'fractional-seconds', line: 6 }]);
    const near = await read(
      feed(usagePoint, meterReading, readingType(), block(reading(start, 1), reading(start + 3600, 2))).replace(
        `>${start + 3600}<`,
        `>${start + 3599}.9999998<`,
      ),
    );
    expect(near.blocks[0]?.intervals.map((one) => one.start)).toEqual([start, start + 3600]);
    expect(
      await codesOf(
        feed(usagePoint, meterReading, readingType(), block(reading(start, 1)).replace(`${start}<`, '1e9<')),
      ),
    ).toEqual(['not-a-time']);
  });

  it.each([
    ['one block', (starts: readonly string[]) => [block(...starts)]],
    ['a block each', (starts: readonly string[]) => starts.map((one) => block(one))],
  ])(
    'whose readings in %s all begin at one second and differ is a conflict, and none is taken',
    async (_, blocksOf) => {
      const same = [1, 2, 3].map((value) => reading(start, value));
      const { blocks, errors } = await read(feed(usagePoint, meterReading, readingType(), ...blocksOf(same)));
      expect(blocks).toEqual([]);
      expect(errors).toMatchObject([
        { code: 'one-start', message: expect.stringContaining('all 3 readings begin at 2025-11-09T08:00:00Z') },
      ]);
      const one = await read(
        feed(usagePoint, meterReading, readingType(), ...blocksOf([...same, reading(start + 3600, 4)])),
      );
      expect([one.blocks.flatMap(({ intervals }) => intervals).length, one.errors]).toEqual([4, []]);
    },
  );

  it('whose only reading is told twice alike is no conflict', async () => {
    const twice = feed(usagePoint, meterReading, readingType(), block(reading(start, 5)), block(reading(start, 5)));
    const { blocks, errors } = await read(twice);
    expect([blocks.length, errors]).toEqual([2, []]);
  });

  it('is known by its namespace: other XML holds no resource', async () => {
    expect(await codesOf(whole.replaceAll('http://naesb.org/espi', 'http://example.test/espi'))).toEqual([
      'not-green-button',
    ]);
    expect(await codesOf('')).toEqual(['empty-file']);
    expect(await codesOf(' \n')).toEqual(['empty-file']);
  });
});

describe('local time of a Green Button feed', () => {
  const time = (tzOffset: number, start = '360E2000', end = 'B40E2000', more = 3600) =>
    readLocalTime(
      new Map([
        ['dstEndRule', end],
        ['dstOffset', String(more)],
        ['dstStartRule', start],
        ['tzOffset', String(tzOffset)],
      ]),
    );
  const parsed = (...args: Parameters<typeof time>) => {
    const found = time(...args);
    if (typeof found === 'string') throw new Error(found);
    return found;
  };
  const at = (text: string): number => Date.parse(text) / 1000;

  it('changes when its rules say: in 2026 on 8 March and 1 November at 02:00 of the clock', () => {
    expect(summerOf(parsed(-18_000), 2026)).toEqual({
      from: at('2026-03-08T07:00:00Z'),
      to: at('2026-11-01T06:00:00Z'),
    });
  });

  it.each([
    ['America/Los_Angeles', -28_800, '360E2000', 'B40E2000', 3600],
    ['America/New_York', -18_000, '360E2000', 'B40E2000', 3600],
    // Last Sunday of March and October, 01:00 and 02:00 of the clock.
    ['Europe/London', 0, '3E0E1000', 'AE0E2000', 3600],
    // First Sunday of October to first Sunday of April, half an hour.
    ['Australia/Lord_Howe', 37_800, 'A40E2000', '440E2000', 1800],
    // Sunday on or after 8 March is the second Sunday.
    ['America/Chicago', -21_600, '328E2000', 'B21E2000', 3600],
    ['-07:00', -25_200, 'FFFFFFFF', 'FFFFFFFF', 3600],
    ['+05:45', 20_700, '360E2000', 'B40E2000', 0],
  ])('is that of %s', (zone, offset, start, end, more) => {
    for (const year of [2012, 2024, 2026, 2030])
      expect(zoneOf(parsed(offset, start, end, more), at(`${year}-07-01T00:00:00Z`))).toBe(zone);
  });

  it('has no name where no zone known changes at these instants', () => {
    expect(zoneOf(parsed(-18_000, '360E2000', 'A40E2000'), start)).toBeUndefined();
  });

  it('refuses rules cut short and offsets of no zone', () => {
    expect(time(-28_800, 'B60E', 'B40E')).toBe('dstStartRule B60E is no rule of eight digits');
    expect(time(99_999)).toBe('tzOffset is no offset of a zone');
    expect(time(0, '060E2000')).toContain('dstStartRule');
  });

  it('is told with the series it belongs to', async () => {
    const local = entry(
      'https://example.test/espi/1_1/resource/LocalTimeParameters/1',
      [],
      e(
        'LocalTimeParameters',
        leaves({ dstEndRule: 'B40E2000', dstOffset: 3600, dstStartRule: '360E2000', tzOffset: -28_800 }),
      ),
    );
    const { series, errors } = await read(feed(local, usagePoint, meterReading, readingType(), day));
    expect(errors).toEqual([]);
    expect(series[0]?.zone).toBe('America/Los_Angeles');
    const { errors: told, series: without } = await read(
      feed(local.replace('B40E2000', 'B40E'), usagePoint, meterReading, readingType(), day),
    );
    expect(told).toMatchObject([{ line: 3, code: 'no-local-time' }]);
    expect(without[0]).not.toHaveProperty('zone');
  });
});

describe('hostile or broken XML', () => {
  const deep = (depth: number): string => '<a>'.repeat(depth);
  const before = `${feed(usagePoint, meterReading, readingType(), day).replace('</feed>', '')}`;
  it.each([
    ['a document type', `<!DOCTYPE feed [<!ENTITY x "y">]>${whole.split('\n').slice(1).join('\n')}`, 'document-type'],
    ['an external entity', '<!DOCTYPE f SYSTEM "file:///etc/passwd"><f>&x;</f>', 'document-type'],
    ['an entity of its own', feed(block(reading(start, '&lol9;'))), 'not-well-formed'],
    ['great depth', `<feed>${deep(100)}`, 'too-deep'],
    ['a giant text', feed(block(reading(start, '9'.repeat(70_000)))), 'too-long'],
    ['a giant text in small parts', feed(block(reading(start, '<![CDATA[99999999]]>'.repeat(10_000)))), 'too-long'],
    ['an attribute without end', `<feed x="${'y'.repeat(1_100_000)}`, 'too-long'],
    [
      'a link without end',
      feed(entry(`https://example.test/${'x'.repeat(2000)}`, [], e('UsagePoint', ''))),
      'too-long',
    ],
    [
      'thousands of fields',
      feed(entry(base, [], e('UsagePoint', Array.from({ length: 2001 }, (_, at) => `<f${at}>1</f${at}>`).join('')))),
      'too-many-fields',
    ],
    [
      'thousands of links',
      feed(
        entry(
          base,
          Array.from({ length: 10_001 }, (_, at) => `x/${at}`),
          e('UsagePoint', ''),
        ),
      ),
      'too-many-links',
    ],
    ['tags that do not match', '<feed><entry></feed>', 'not-well-formed'],
    ['no XML at all', 'timestamp,value\n2026-01-01,3', 'not-well-formed'],
    ['UTF-16', Buffer.from(`\uFEFF${whole}`, 'utf16le').toString('latin1'), 'not-well-formed'],
    ['a file cut off', before, 'cut-off'],
  ])('is refused with its place: %s', async (_, text, code) => {
    const { errors } = await read(text);
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(errors[0]?.line).toBeGreaterThan(0);
    expect(errors[0]?.column).toBeGreaterThan(0);
    expect(errors[0]?.message).toContain('the file is not read on');
  });

  it('does not hold readings that never learn what they mean', async () => {
    const readings = Array.from({ length: 1000 }, (_, at) => reading(start + at * 3600, 1));
    const text = feed(...Array.from({ length: 102 }, () => block(...readings)));
    const { blocks, errors } = await read(text);
    expect(errors.map(({ code }) => code)).toEqual(['no-reading-type']);
    expect(blocks).toEqual([]);
  });

  it('says where a file was cut off, wherever it was, and keeps the blocks before', async () => {
    const complete = await read(whole);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length - 1 }), async (length) => {
        const { blocks, errors } = await read(whole.slice(0, length));
        expect(['cut-off', 'not-well-formed']).toContain(errors.at(-1)?.code);
        expect(complete.blocks.slice(0, blocks.length)).toEqual(blocks);
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, whatever the bytes', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        '</feed>',
        day,
        meterReading,
        '<![CDATA[',
        '<!--',
        '&#0;',
        '<a:b/>',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        let resources = 0;
        const { blocks, errors } = await hear(readEspi([parts.join('')], () => (resources += 1)));
        expect(blocks.length + errors.length + resources).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
