import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { serialOf } from '#functions/imports/missing-points.ts';
import { allRegisterReads } from '#functions/readings/store/register-reads.ts';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { listQuarantine, openQuarantined } from '#shared/facts/quarantine.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { ImportGround } from '#tests/support/import-ground.ts';

const meterOf = async (at: ImportGround, serial: string): Promise<string> =>
  (await resolveNamed(at.ground.profile, 'meter', { namespace: 'serial', value: serial })) ?? '';

const readsOf = async (at: ImportGround, meter: string, register: string) =>
  (await allRegisterReads(at.ground.readings, meter, register, 0, 4_000_000_000)).map(
    ({ at: when, value, quality }) => [new Date(when * 1000).toISOString(), value, quality],
  );

const keptOf = async (at: ImportGround) => {
  const { entries } = await listQuarantine(at.ground.profile, { limit: 100 });
  return Promise.all(
    entries.map(async (entry) => ({
      code: entry.detail.code,
      rows: Buffer.from((await openQuarantined(at.ground.sealer, entry)) ?? [])
        .toString('utf8')
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    })),
  );
};

const nem13 = (...records: readonly string[]): string =>
  ['100,NEM13,202601010000,MDP,RETAILER', ...records, '900', ''].join('\n');
const read = (nmi: string, suffix: string, from: string, to: string, quantity: string) =>
  `250,${nmi},11,1,${suffix},${suffix},SERIAL,E,${from},${to},${quantity},KWH,,20260105000000,`;
const chain = nem13(
  read('6102000001', '11', '00100.5,20250101073900,A,,', '00220.0,20250401103057,A,,', '119.5'),
  read('6102000001', '11', '00220.0,20250401103057,A,,', '00300.0,20250701000000,E62,,', '80'),
  read('6102000001', '41', '99990,20250101073900,A,,', '00010,20250401103057,A,,', '20'),
);

describe('a file of register reads', () => {
  it('brings what dials stood at, to points that it makes known, and says so in numbers', async () => {
    const at = await ImportGround.open();
    const item = await at.run({ text: chain, format: 'nem13', createMissing: true });
    expect(item).toMatchObject({
      state: 'done',
      counts: {
        read: 3,
        sent: 0,
        byReads: 3,
        aside: 0,
        errors: 0,
        registerReads: { read: 6, sent: 5, unchanged: 1, aside: 0 },
      },
    });
    const meter = await meterOf(at, 'nmi-6102000001');
    expect(await readsOf(at, meter, '11')).toEqual([
      ['2024-12-31T21:39:00.000Z', 100_500, 0],
      ['2025-04-01T00:30:57.000Z', 220_000, 0],
      ['2025-06-30T14:00:00.000Z', 300_000, 8],
    ]);
    expect((await readsOf(at, meter, '41')).map(([, value]) => value)).toEqual([99_990_000, 10_000]);
  });

  it('brings nothing twice, a corrected read before the first, and takes its own back', async () => {
    const at = await ImportGround.open();
    const first = await at.run({ text: chain, format: 'nem13', createMissing: true });
    const again = await at.run({ text: `${chain}\n`, format: 'nem13' });
    expect(again.counts.registerReads).toEqual({ read: 6, sent: 0, unchanged: 6, aside: 0 });
    const meter = await meterOf(at, 'nmi-6102000001');
    const stood = await readsOf(at, meter, '11');
    const corrected = await at.run({
      format: 'nem13',
      text: nem13(read('6102000001', '11', '00220.0,20250401103057,A,,', '00299.0,20250701000000,A,,', '79')),
    });
    expect(corrected.counts.registerReads).toMatchObject({ sent: 1, unchanged: 1 });
    expect((await readsOf(at, meter, '11')).at(-1)).toEqual(['2025-06-30T14:00:00.000Z', 299_000, 0]);
    await at.askUndo(corrected.id);
    await advanceImport(at.parts, corrected.id);
    expect(await readsOf(at, meter, '11')).toEqual(stood);
    await at.askUndo(first.id);
    await advanceImport(at.parts, first.id);
    expect(await readsOf(at, meter, '11')).toEqual([]);
    expect(at.woken).toEqual([again.id]);
    await advanceImport(at.parts, again.id);
    expect(await readsOf(at, meter, '11')).toEqual(stood);
  });

  it('keeps a quantity aside that its reads do not tell, and reads of a point that nobody knows', async () => {
    const at = await ImportGround.open();
    const text = nem13(
      read('6102000001', '11', '00100,20250101000000,A,,', '00200,20250401000000,A,,', '4000'),
      read('6102000002', '11', '00100,20250101000000,A,,', '00200,20250401000000,A,,', '100'),
    );
    await at.run({ text: chain, format: 'nem13', createMissing: true });
    const item = await at.run({ text, format: 'nem13' });
    expect(item.counts).toMatchObject({
      read: 2,
      aside: 2,
      byReads: 0,
      registerReads: { read: 4, sent: 1, aside: 3, unchanged: 0 },
    });
    expect((await at.errors(item.id)).map(({ line, code }) => [line, code])).toEqual([
      [2, 'not-installed'],
      [2, 'longer-than-a-day'],
      [3, 'unknown-point'],
      [3, 'unknown-point'],
    ]);
  });

  it('as CSV brings reads at odd times, and readings too where they are of the register’s intervals', async () => {
    const at = await ImportGround.open();
    const mapping = {
      name: 'dials',
      namespace: 'csv',
      reference: { column: 'meter' },
      unit: { constant: 'L' },
      time: { columns: ['at'], format: 'YYYY-MM-DD HH:mm:ss', zone: 'Europe/Madrid', interval: 'until-next' },
      layout: { kind: 'long', values: [{ column: 'litres' }] },
      states: { longest: 7200 },
    };
    const rows = ['00:00:00,100', '01:00:00,110', '02:00:00,125', '03:00:05,130', '03:30:00,131'];
    const text = `meter,at,litres\n${rows.map((row) => `w1,2026-01-05 ${row}`).join('\n')}\n`;
    const item = await at.run({ text, format: 'csv', mapping, createMissing: true });
    expect(item.counts).toMatchObject({ read: 4, sent: 2, byReads: 2, registerReads: { read: 5, sent: 5 } });
    const meter = await meterOf(at, 'csv-w1');
    expect((await readsOf(at, meter, '1')).map(([, value]) => value)).toEqual([100, 110, 125, 130, 131]);
  });
});

const daily = (zone: string) => ({
  name: 'days',
  namespace: 'csv',
  reference: { constant: 'home' },
  unit: { constant: 'kWh' },
  time: { columns: ['day'], format: 'YYYY-MM-DD', zone, interval: 'day' },
  layout: { kind: 'long', values: [{ column: 'kwh' }] },
});

describe('days as one value', () => {
  it.each(['America/Chicago', 'Europe/London', 'Australia/Lord_Howe', 'UTC'])(
    'are readings of whole days in %s, also where the clocks change',
    async (zone) => {
      const at = await ImportGround.open();
      const days = Array.from({ length: 365 }, (_, day) =>
        new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
      );
      const text = `day,kwh\n${days.map((day, index) => `${day},${index + 1}`).join('\n')}\n`;
      const item = await at.run({ text, format: 'csv', mapping: daily(zone), createMissing: true });
      expect(item.counts).toMatchObject({ read: 365, sent: 365, aside: 0, errors: 0 });
      const servicePoint = await resolveNamed(at.ground.profile, 'servicePoint', { namespace: 'csv', value: 'home' });
      const shown = await new ShowUsage(at.ground).answer({
        servicePoint: servicePoint ?? '',
        from: '2025-01-01',
        to: '2026-01-01',
        resolution: 'day',
        limit: 1000,
      });
      expect(shown.data.map(({ value }) => value)).toEqual(days.map((_, index) => (index + 1) * 1000));
      expect(shown.total).toMatchObject({ value: ((365 * 366) / 2) * 1000, count: 365, expected: 365, missing: 0 });
      const again = await at.run({ text: `${text}\n`, format: 'csv', mapping: daily(zone) });
      expect(again.counts).toMatchObject({ sent: 0, unchanged: 365 });
    },
  );

  it('that are months are kept aside whole: no reading lasts longer than a day', async () => {
    const at = await ImportGround.open();
    const mapping = { ...daily('America/Chicago'), time: { ...daily('America/Chicago').time, interval: 'until-next' } };
    const text = 'day,kwh\n2025-01-01,300\n2025-02-01,280\n2025-03-01,nan\n';
    const item = await at.run({ text, format: 'csv', mapping: { ...mapping, missing: ['nan'] }, createMissing: true });
    expect(item.counts).toMatchObject({ read: 2, sent: 0, aside: 2 });
    expect((await at.errors(item.id)).map(({ code }) => code)).toEqual(['longer-than-a-day']);
    expect(await keptOf(at)).toMatchObject([
      { code: 'longer-than-a-day', rows: [{ intervals: [{ value: 300_000 }, { value: 280_000 }] }] },
    ]);
  });
});

const feed = (readings: string) => `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">
<entry><link rel="self" href="/espi/1_1/resource/UsagePoint/1"/><content><UsagePoint xmlns="http://naesb.org/espi"><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint></content></entry>
<entry><link rel="self" href="/espi/1_1/resource/UsagePoint/1/MeterReading/1"/><link rel="related" href="/espi/1_1/resource/ReadingType/1"/><content><MeterReading xmlns="http://naesb.org/espi"/></content></entry>
<entry><link rel="self" href="/espi/1_1/resource/ReadingType/1"/><content><ReadingType xmlns="http://naesb.org/espi"><accumulationBehaviour>4</accumulationBehaviour><currency>840</currency><flowDirection>1</flowDirection><powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom></ReadingType></content></entry>
<entry><link rel="self" href="/espi/1_1/resource/UsagePoint/1/UsageSummary/1"/><content><UsageSummary xmlns="http://naesb.org/espi"><billLastPeriod>4250000</billLastPeriod><currency>840</currency></UsageSummary></content></entry>
<entry><link rel="self" href="/espi/1_1/resource/UsagePoint/1/MeterReading/1/IntervalBlock/1"/><content><IntervalBlock xmlns="http://naesb.org/espi">${readings}</IntervalBlock></content></entry></feed>`;
/** The feed of a gas dial in m3, with its readings' values in litres. */
const dialFeed = (readings: string): string =>
  feed(readings)
    .replace('<accumulationBehaviour>4<', '<accumulationBehaviour>1<')
    .replace('<kind>0<', '<kind>1<')
    .replace('<powerOfTenMultiplier>0<', '<powerOfTenMultiplier>-3<')
    .replace('<uom>72<', '<uom>42<')
    .replace(/<UsageSummary.*<\/UsageSummary>/, '');
const reading = (start: string, value: number, cost?: number) =>
  `<IntervalReading>${cost === undefined ? '' : `<cost>${cost}</cost>`}<timePeriod><duration>3600</duration><start>${Date.parse(start) / 1000}</start></timePeriod><value>${value}</value></IntervalReading>`;

describe('what a dial stood at in a Green Button file', () => {
  it('becomes register reads, and the same file again brings none', async () => {
    const at = await ImportGround.open();
    const text = dialFeed(reading('2026-01-05T07:00:00Z', 812_345) + reading('2026-01-06T07:00:00Z', 815_000));
    const item = await at.run({ text, format: 'espi', createMissing: true });
    expect(item).toMatchObject({
      state: 'done',
      counts: { read: 0, errors: 0, registerReads: { read: 2, sent: 2, unchanged: 0, aside: 0 } },
    });
    const serial = serialOf({ namespace: 'espi', value: 'UsagePoint/1' });
    expect(await readsOf(at, await meterOf(at, serial), '1')).toEqual([
      ['2026-01-05T08:00:00.000Z', 812_345, 0],
      ['2026-01-06T08:00:00.000Z', 815_000, 0],
    ]);
    const again = await at.run({ text: `${text}\n`, format: 'espi' });
    expect(again.counts.registerReads).toEqual({ read: 2, sent: 0, unchanged: 2, aside: 0 });
  });

  it('below zero is kept aside with that reason', async () => {
    const at = await ImportGround.open();
    const text = dialFeed(reading('2026-01-05T07:00:00Z', 5) + reading('2026-01-06T07:00:00Z', -5));
    const item = await at.run({ text, format: 'espi', createMissing: true });
    expect(item.counts.registerReads).toEqual({ read: 2, sent: 1, unchanged: 0, aside: 1 });
    expect((await at.errors(item.id)).map(({ code }) => code)).toEqual(['below-zero']);
  });
});

describe('a summary that no entry of quarantine holds whole', () => {
  it('is kept whole in several', async () => {
    const at = await ImportGround.open();
    const fields = Array.from({ length: 9 }, (_, index) => `<f${index}>${'€😀'.repeat(15_000)}</f${index}>`).join('');
    const text = feed(reading('2026-01-05T00:00:00Z', 500)).replace('<billLastPeriod>', `${fields}<billLastPeriod>`);
    const item = await at.run({ text, format: 'espi', createMissing: true });
    expect(item).toMatchObject({ state: 'done', counts: { read: 1, sent: 1, costs: 1 } });
    const { entries } = await listQuarantine(at.ground.profile, { limit: 100 });
    expect(entries.length).toBeGreaterThan(5);
    const raws = await Promise.all(entries.map((entry) => openQuarantined(at.ground.sealer, entry)));
    const pieces = raws.map((raw) => Buffer.from(raw ?? []).toString('utf8'));
    expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThanOrEqual(150_000);
    // Each piece holds whole characters; entries stand in no order of the file.
    for (const character of ['€', '😀']) expect(pieces.join('').split(character)).toHaveLength(9 * 15_000 + 1);
    expect(pieces.join('')).not.toContain('\ufffd');
  });
});

describe('costs and summaries of a Green Button file', () => {
  it('are kept aside whole and told, while the readings are stored', async () => {
    const at = await ImportGround.open();
    const text = feed(reading('2026-01-05T00:00:00Z', 500, 5500) + reading('2026-01-05T01:00:00Z', 700));
    const item = await at.run({ text, format: 'espi', createMissing: true });
    expect(item.counts).toMatchObject({ read: 2, sent: 2, aside: 0, costs: 2, errors: 2 });
    expect((await at.errors(item.id)).map(({ code }) => code).sort()).toEqual(['cost', 'summary']);
    expect((await keptOf(at)).sort((left, right) => ((left.code ?? '') < (right.code ?? '') ? -1 : 1))).toMatchObject([
      { code: 'cost', rows: [{ series: { currency: 840 }, intervals: [{ value: 500, cost: 5500 }] }] },
      { code: 'summary', rows: [{ kind: 'UsageSummary', fields: { billLastPeriod: '4250000', currency: '840' } }] },
    ]);
    expect(await at.run({ text, format: 'espi', createMissing: true })).toMatchObject({ id: item.id, run: 1 });
  });
});
