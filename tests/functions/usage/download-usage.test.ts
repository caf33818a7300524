import { describe, expect, it } from 'vitest';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import { readNem } from '#functions/imports/rules/nem/read-nem.ts';
import type { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { DownloadUsage, type FileQuestion } from '#functions/usage/download-usage.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { ownTimeOf } from '#tests/support/own-time.ts';
import { type Heard, hear } from '#tests/support/source-events.ts';
import { agreed, type Home, installed, openHome, removed } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const now = Date.parse('2026-05-20T09:00:00Z');
const valuesOf = (date: string, value: (index: number) => number | null): (number | null)[] =>
  Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => value(index));
const day = (meter: string, date: string, value: (index: number) => number | null, more: Partial<UsageBlock> = {}) =>
  arrived(aBlock(meter, startOfDate(zone, date), valuesOf(date, value), more));

const download = (home: Home, question: Partial<FileQuestion>) =>
  new DownloadUsage({ ...home, now: () => now }).file({
    servicePoint: home.idOf('svp'),
    format: 'csv',
    ...question,
  });
const refusalOf = async (attempt: Promise<unknown>): Promise<DomainError> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const aHome = async (...registers: readonly Partial<Register>[]) => {
  const home = await openHome({ people: ['ana', 'ben'], alsoKnown: [{ namespace: 'nmi', value: '6102345678' }] });
  await home.meter('m1', ...registers);
  await home.tell([
    installed('m1', '2025-01-01T00:00:00.000Z'),
    agreed('ana', '2025-01-01', '2026-03-29'),
    agreed('ana', '2026-03-31'),
    agreed('ben', '2026-03-29'),
  ]);
  await home.settleAll();
  return home;
};

/** Four days around the night clocks go forward, with a gap and estimates; ana's agreement ends on the second, when ben's begins, and another of hers begins on the last. */
const march = ['2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31'];
const marchRange = { from: '2026-03-28', to: '2026-04-01' };
const inMarch = async () => {
  const home = await aHome();
  await home.ingest.take(
    march.map((date, index) =>
      day('m1', date, (place) => (place === 5 ? null : place * 10 + index), {
        quality: [
          [8, 8],
          [11, 0],
        ],
      }),
    ),
  );
  return home;
};
/** What was sent, in order: start, value, quality. */
const sent = march.flatMap((date, index) =>
  valuesOf(date, (place) => place * 10 + index).flatMap((value, place) =>
    place === 5 ? [] : [[startOfDate(zone, date) + place * 1800, value, place >= 8 && place < 11 ? 8 : 0]],
  ),
);
const heardValues = (heard: Heard) =>
  heard.blocks.flatMap(({ intervals, powerOfTen }) =>
    intervals
      .filter(({ value }) => value !== null)
      .map(({ start, value, quality }) => [start, (value ?? 0) * 10 ** powerOfTen, quality]),
  );

describe('a downloaded file of readings', () => {
  it('holds as Green Button what an import reads back: every value with its quality, nothing for a gap', async () => {
    const home = await inMarch();
    const file = await download(home, { format: 'green-button', ...marchRange });
    expect(file).toMatchObject({
      type: 'application/atom+xml',
      name: `green-button-${home.idOf('svp')}-2026-03-28-to-2026-03-31.xml`,
    });
    expect(file.text).toContain('<title>Electricity at mpan:home</title>');
    expect(file.text).toContain(`<link rel="self" href="/espi/1_1/resource/UsagePoint/${home.idOf('svp')}"/>`);
    // London: standard time is UTC, summer time an hour ahead.
    expect(file.text).toContain('<dstOffset>3600</dstOffset>');
    expect(file.text).toContain('<tzOffset>0</tzOffset>');
    const heard = await hear(readEspi([file.text]));
    expect(heard.errors).toEqual([]);
    expect(heardValues(heard)).toEqual(sent);
    expect(heard.blocks[0]?.series).toMatchObject({ commodity: 'electricity', flow: 'forward', unit: 'Wh' });
  });

  it('names the same resources however often it is downloaded, and whatever range', async () => {
    const home = await inMarch();
    const idsOf = (text: string) => new Set(text.match(/urn:uuid:[0-9a-f-]{36}/g));
    const [whole, again, part] = await Promise.all(
      [marchRange, marchRange, { from: '2026-03-29', to: '2026-03-31' }].map((range) =>
        download(home, { format: 'green-button', ...range }),
      ),
    );
    expect(idsOf(again?.text ?? '')).toEqual(idsOf(whole?.text ?? ''));
    expect([...idsOf(part?.text ?? '')].every((id) => idsOf(whole?.text ?? '').has(id))).toBe(true);
    expect(idsOf(whole?.text ?? '').size - idsOf(part?.text ?? '').size).toBe(2);
  });

  it('holds as NEM12 what an import reads back, under the NMI of the point', async () => {
    const home = await inMarch();
    const file = await download(home, { format: 'nem12', ...marchRange });
    expect(file.type).toBe('text/csv');
    const heard = await hear(readNem([file.text], 'NEM12'));
    expect(heard.errors).toEqual([]);
    expect(heard.blocks[0]?.series).toMatchObject({ namespace: 'nmi', reference: '6102345678', register: 'E1' });
    // 400 records say an estimate as S14, which is read as 8 again.
    expect(heardValues(heard)).toEqual(sent);
  });

  it('says as CSV what is missing, in local time', async () => {
    const { text, type } = await download(await inMarch(), { from: '2026-03-29', to: '2026-03-30' });
    expect(type).toBe('text/csv');
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(1 + 46 + 1);
    expect(lines[0]).toBe('\ufeffservice point,register,flow,start,end,value,unit,quality');
    expect(lines[2]).toBe('mpan:home,E1,forward,2026-03-29T00:30:00+00:00,2026-03-29T02:00:00+01:00,0.011,kWh,actual');
    expect(lines[6]).toBe('mpan:home,E1,forward,2026-03-29T03:30:00+01:00,2026-03-29T04:00:00+01:00,,kWh,missing');
    expect(lines[9]).toMatch(/,0\.081,kWh,estimated from reference days$/);
    // Nothing a spreadsheet would take for a formula.
    expect(lines.flatMap((line) => line.split(',')).filter((cell) => /^[=+@\t-]/.test(cell))).toEqual([]);
  });

  it('gives customers the days of their own agreements: nothing before, nothing after, nothing of another', async () => {
    const home = await inMarch();
    const starts = async (customer: string | undefined, format: 'csv' | 'green-button' | 'nem12') => {
      const { text } = await download(home, {
        format,
        ...marchRange,
        ...(customer === undefined ? {} : { own: ownTimeOf(home.profile, customer) }),
      });
      if (format === 'csv')
        return text
          .split('\r\n')
          .slice(1, -1)
          .filter((line) => !line.endsWith('missing'))
          .map((line) => Date.parse(line.split(',')[3] ?? '') / 1000);
      const heard = await hear(format === 'nem12' ? readNem([text], 'NEM12') : readEspi([text]));
      return heardValues(heard).map(([start]) => start);
    };
    const [taken, back] = [startOfDate(zone, '2026-03-29'), startOfDate(zone, '2026-03-31')];
    const all = sent.map(([start]) => start);
    for (const format of ['csv', 'green-button', 'nem12'] as const) {
      expect(await starts(undefined, format)).toEqual(all);
      expect(await starts(home.idOf('cus-ben'), format)).toEqual(
        all.filter((start) => (start ?? 0) >= taken && (start ?? 0) < back),
      );
      expect(await starts(home.idOf('cus-ana'), format)).toEqual(
        all.filter((start) => (start ?? 0) < taken || (start ?? 0) >= back),
      );
      expect(await starts('cus_00000000000000000000000000', format)).toEqual([]);
    }
  });

  it('holds without a range the thirteen months up to now', async () => {
    const home = await aHome();
    await home.ingest.take(['2025-04-30', '2025-05-01', '2026-05-19'].map((date) => day('m1', date, () => 1)));
    const heard = await hear(readEspi([(await download(home, { format: 'green-button' })).text]));
    expect(heard.blocks.map(({ intervals: [first] }) => first?.start)).toEqual(
      ['2025-05-01', '2026-05-19'].map((date) => startOfDate(zone, date)),
    );
    const until = await download(home, { format: 'green-button', to: '2025-05-01' });
    expect((await hear(readEspi([until.text]))).blocks.map(({ intervals: [first] }) => first?.start)).toEqual([
      startOfDate(zone, '2025-04-30'),
    ]);
    expect(until.name).toBe(`green-button-${home.idOf('svp')}-2024-04-01-to-2025-04-30.xml`);
  });

  it('is a whole file without readings where there are none in the range', async () => {
    const home = await inMarch();
    const empty = { from: '2026-04-10', to: '2026-04-12' };
    const green = await download(home, { format: 'green-button', ...empty });
    expect(green.text).toMatch(/<UsagePoint[\s\S]*<\/feed>\n$/);
    expect(green.text).not.toContain('<IntervalBlock ');
    expect((await download(home, { format: 'csv', ...empty })).text.split('\r\n')).toHaveLength(2);
    expect((await download(home, { format: 'nem12', ...empty })).text).toMatch(
      /^100,NEM12,202605201900,.*\r\n900\r\n$/,
    );
  });

  it('holds every register, or the one asked for, in the scale that all its meters share', async () => {
    const home = await openHome({ alsoKnown: [{ namespace: 'nmi', value: '6102345678' }] });
    await home.meter('m1', { powerOfTen: 1 }, { id: 'X2', flow: 'reverse' });
    await home.meter('m2');
    await home.tell([
      installed('m1', '2025-01-01T00:00:00.000Z'),
      removed('m1', '2026-05-02T11:00:00.000Z'),
      installed('m2', '2026-05-02T11:00:00.000Z'),
    ]);
    await home.settleAll();
    await home.ingest.take(
      ['2026-05-01', '2026-05-02'].flatMap((date) => [
        day('m1', date, () => 2),
        day('m1', date, () => 3, { register: 'X2' }),
        day('m2', date, () => 7),
      ]),
    );
    const range = { from: '2026-05-01', to: '2026-05-03' };
    const { series } = await hear(readEspi([(await download(home, { format: 'green-button', ...range })).text]));
    expect(series.map(({ count, sum }) => [count, sum])).toEqual([
      [96, String(72 * 20 + 24 * 7)],
      [72, String(72 * 3)],
    ]);
    const one = await download(home, { format: 'nem12', register: 'X2', ...range });
    expect(one.text.split('\r\n')[1]).toBe('200,6102345678,B1,X2,B1,,,kWh,30,');
  });
});

describe('a file that cannot be', () => {
  it('is refused where it would be larger than an answer, with a range that fits', async () => {
    // Two registers of every five minutes, each value estimated: 70 days are more than 6 MB.
    const fiveMinutes = { intervalSeconds: 300 };
    const home = await aHome(fiveMinutes, { ...fiveMinutes, id: 'B1', flow: 'reverse' });
    const range = { from: '2026-01-01', to: '2026-03-12' };
    const values = Array.from({ length: 288 }, (_, place) => 100_000 + place);
    const quality = values.map((_, place): [number, number] => [place, place % 2 === 0 ? 8 : 9]);
    const blocks = Array.from({ length: 70 }, (_, index) => startOfDate(zone, addDays(range.from, index))).flatMap(
      (start) =>
        ['E1', 'B1'].map((register) => arrived(aBlock('m1', start, values, { register, interval: 300, quality }))),
    );
    await home.ingest.take(blocks);
    const refused = await refusalOf(download(home, { format: 'green-button', ...range }));
    expect([refused.kind, refused.code, refused.errors[0]?.pointer]).toEqual([
      'invalid',
      'usage-file.too-large',
      '/query/from',
    ]);
    const days = Number(refused.extra.days);
    expect(days).toBeGreaterThan(40);
    expect(days).toBeLessThan(70);
    const from = addDays(range.to, -days);
    const fits = await download(home, { format: 'green-button', ...range, from });
    const count = (startOfDate(zone, range.to) - startOfDate(zone, from)) / 300;
    expect((await hear(readEspi([fits.text]))).series.map((one) => one.count)).toEqual([count, count]);
    const one = await download(home, { format: 'green-button', ...range, register: 'B1' });
    expect((await hear(readEspi([one.text]))).series.map(({ count: read }) => read)).toEqual([70 * 288]);
  });

  it('is refused before a reading is read where its intervals are too many', async () => {
    const home = await openHome({
      judged: false,
      readings: (table) => ({
        ...table,
        query: () => {
          throw new Error('readings were read');
        },
      }),
    });
    await home.meter('m1', { intervalSeconds: 60 });
    await home.tell([installed('m1', '2016-01-01T00:00:00.000Z')]);
    await home.settleAll();
    const refused = await refusalOf(download(home, { from: '2016-01-01', to: '2026-05-01' }));
    expect([refused.code, refused.extra.days]).toEqual(['usage-file.too-large', 312]);
  });

  it('is refused where the format cannot say what was measured, and says why', async () => {
    const plain = await openHome();
    await plain.meter('m1');
    await plain.tell([installed('m1', '2025-01-01T00:00:00.000Z')]);
    await plain.settleAll();
    const noNmi = await refusalOf(download(plain, { format: 'nem12' }));
    expect([noNmi.kind, noNmi.code, noNmi.extra.reason]).toEqual(['invalid', 'usage-file.not-writable', 'wrong-name']);
    expect(noNmi.message).toContain('NMI');
    const net = await aHome({ id: '3', flow: 'net' });
    expect((await refusalOf(download(net, { format: 'nem12' }))).extra.reason).toBe('wrong-name');
  });

  it('is refused where the range, the register or the point is none', async () => {
    const home = await aHome();
    const codeOf = async (question: Partial<FileQuestion>) => (await refusalOf(download(home, question))).code;
    expect(await codeOf({ from: '2026-05-21' })).toBe('range.empty');
    expect(await codeOf({ from: '2026-05-02', to: '2026-05-02' })).toBe('range.empty');
    expect(await codeOf({ from: '2010-01-01' })).toBe('range.too-long');
    expect(await codeOf({ register: 'Z9' })).toBe('register.unknown');
    expect(await codeOf({ servicePoint: 'svp_00000000000000000000000000' })).toBe('service-point.unknown');
    expect((await refusalOf(download(await openHome(), {}))).code).toBe('service-point.no-meter');
  });
});
