import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { readReport } from '#functions/imports/dry-run.ts';
import { meterIdOf } from '#functions/meters/register-meter.ts';
import { readRuns } from '#functions/readings/store/readings.ts';
import { listQuarantine, openQuarantined } from '#shared/facts/quarantine.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { auditKey } from '#shared/table/keys.ts';
import { ImportGround, marketRegister, nem12, sameAllDay } from '#tests/support/import-ground.ts';
import { aBlock, aMeter, arrived, halfHours, itemsOf, putMeter } from '#tests/support/meters/telemetry.ts';

const nmi = '6102000001';
const days = (values: readonly number[]) =>
  values.map((value, index) => ({ date: `202601${String(index + 5).padStart(2, '0')}`, values: sameAllDay(value) }));
const oneWeek = nem12([{ nmi, suffix: 'E1', days: days([1, 2, 3, 4, 5, 6, 7]) }]);

const aKey = {
  fingerprint: 'a'.repeat(64),
  notAfter: '2036-01-01T00:00:00.000Z',
  issuedAt: '2026-05-01T00:00:00.000Z',
};

const whole = async (at: ImportGround, meter: string, register = 'E1'): Promise<readonly (number | null)[]> =>
  (await readRuns(at.ground.readings, meter, register, 0, 4_000_000_000)).flatMap(({ values }) => values);

/** Says that the time is over once it was asked so often. */
const overAfter = (looks: number) => {
  let asked = 0;
  return (): boolean => {
    asked += 1;
    return asked > looks;
  };
};

describe('an import', () => {
  it('brings the days of a file to the register that its NMI and suffix name', async () => {
    const at = await ImportGround.open();
    const meter = await at.meter('one', [marketRegister], nmi);
    const item = await at.run({ text: oneWeek });
    expect(item).toMatchObject({ state: 'done', counts: { read: 336, sent: 336, unchanged: 0, aside: 0, errors: 0 } });
    expect(await whole(at, meter)).toEqual([1, 2, 3, 4, 5, 6, 7].flatMap((kwh) => sameAllDay(kwh * 1000)));
  });

  it('of the same file is the same import, and of the same values in another file writes nothing', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const first = await at.run({ text: oneWeek });
    const [digest, appended] = [await at.digest(), at.appended];
    const again = await at.run({ text: oneWeek });
    expect(again).toEqual(first);
    const other = await at.run({ text: `${oneWeek}\n` });
    expect(other.id).not.toBe(first.id);
    expect(other.counts).toMatchObject({ read: 336, sent: 0, unchanged: 336 });
    expect([await at.digest(), at.appended]).toEqual([digest, appended]);
  });

  it('puts a value that differs before the one that stands, and taking it back shows that one again', async () => {
    const at = await ImportGround.open();
    const meter = await at.meter('one', [marketRegister], nmi);
    await at.ground.ingest.take([arrived(aBlock('one', '2026-01-04T14:00:00Z', sameAllDay(77), { register: 'E1' }))]);
    const before = await at.digest();
    const item = await at.run({ text: oneWeek });
    expect((await whole(at, meter)).slice(0, 48)).toEqual(sameAllDay(1000));
    await at.askUndo(item.id);
    expect(await advanceImport(at.parts, item.id)).toBe('rests');
    expect((await at.import(item.id)).state).toBe('undone');
    expect(await whole(at, meter)).toEqual(sameAllDay(77));
    expect(await at.digest()).toBe(before);
  });

  it('says who had it read and who had it taken back, and the audit holds both with the change', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const { id, startedBy } = await at.run({ text: oneWeek });
    expect([startedBy, (await at.import(id)).undoneBy]).toEqual(['head-end', undefined]);
    const back = { ...at.asker, actor: 'operations', route: 'POST /v1/imports/{id}/undo' };
    expect(await at.askUndo(id, back)).toMatchObject({ audited: true, item: { undoneBy: 'operations' } });
    // Asked once more there is nothing to change: the entry is left to whoever answers.
    expect((await at.askUndo(id, { ...at.asker, actor: 'another' })).audited).toBe(false);
    await advanceImport(at.parts, id);
    expect(await at.import(id)).toMatchObject({ state: 'undone', startedBy: 'head-end', undoneBy: 'operations' });
    const { pk } = auditKey(id, back.at, back.id);
    const { items } = await at.ground.store.table('audit').query({ pk, consistent: true });
    expect(items.map(({ actor, route }) => [actor, route]).sort()).toEqual([
      ['head-end', 'POST /v1/imports'],
      ['operations', 'POST /v1/imports/{id}/undo'],
    ]);
  });

  it('taken back leaves what a later import and what a meter said since', async () => {
    const at = await ImportGround.open();
    const meter = await at.meter('one', [marketRegister], nmi);
    const first = await at.run({ text: oneWeek });
    const second = await at.run({ text: nem12([{ nmi, suffix: 'E1', days: days([9]) }]) });
    await at.ground.ingest.take([arrived(aBlock('one', '2026-01-05T14:00:00Z', sameAllDay(2000)))]);
    await at.askUndo(first.id);
    await advanceImport(at.parts, first.id);
    expect(await whole(at, meter)).toEqual([...sameAllDay(9000), ...sameAllDay(2000)]);
    await at.askUndo(second.id);
    await advanceImport(at.parts, second.id);
    expect(await whole(at, meter)).toEqual(sameAllDay(2000));
  });

  it('taken back can be made again, and does not take out what another import brought meanwhile', async () => {
    const at = await ImportGround.open();
    const meter = await at.meter('one', [marketRegister], nmi);
    const first = await at.run({ text: oneWeek });
    await at.askUndo(first.id);
    await advanceImport(at.parts, first.id);
    const other = await at.run({ text: `${oneWeek}\n` });
    expect(other.counts.sent).toBe(336);
    expect(await at.run({ text: oneWeek })).toMatchObject({
      state: 'done',
      run: 2,
      counts: { sent: 0, unchanged: 336 },
    });
    await at.askUndo(first.id);
    await advanceImport(at.parts, first.id);
    expect((await whole(at, meter)).length).toBe(336);
  });

  it('keeps rows of a point that nobody knows aside, whole and with their reason, and takes them once it is known', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const text = nem12([
      { nmi: '6102000002', suffix: 'E1', days: days([5]) },
      { nmi, suffix: 'Q1', days: days([6]) },
      { nmi, suffix: 'E1', days: days([7]) },
    ]);
    const item = await at.run({ text });
    expect(item).toMatchObject({ state: 'done', counts: { read: 144, sent: 48, aside: 96, errors: 2 } });
    expect(await at.errors(item.id)).toEqual([
      {
        line: 3,
        column: 1,
        code: 'unknown-point',
        message: 'nothing is known by nmi:6102000002; 48 values are kept aside',
      },
      {
        line: 5,
        column: 1,
        code: 'unknown-register',
        message: `no register at nmi:${nmi} is Q1; its meters have E1; 48 values are kept aside`,
      },
    ]);
    const { entries } = await listQuarantine(at.ground.profile, { limit: 10 });
    expect(entries.map(({ kind, reason, source, detail }) => [kind, reason, source, detail.code]).sort()).toEqual([
      ['rows', 'reference.unknown', item.id, 'unknown-point'],
      ['rows', 'register.unknown', item.id, 'unknown-register'],
    ]);
    const unknown = entries.find(({ reason }) => reason === 'reference.unknown');
    const raw = unknown && (await openQuarantined(at.ground.sealer, unknown));
    const kept: unknown = JSON.parse(Buffer.from(raw ?? []).toString('utf8'));
    expect(kept).toMatchObject({ line: 3, series: { reference: '6102000002', register: 'E1' } });
    const second = await at.meter('two', [marketRegister], '6102000002');
    expect(await at.run({ text })).toMatchObject({
      id: item.id,
      run: 2,
      counts: { sent: 48, unchanged: 48, aside: 48 },
    });
    expect(await whole(at, second)).toEqual(sameAllDay(5000));
  });

  it('makes points that nobody knows, where that is asked for, with all registers the file has for them', async () => {
    const at = await ImportGround.open();
    const text = nem12([
      { nmi, suffix: 'E1', days: days([1, 0.25, 0.0005]) },
      { nmi, suffix: 'B1', days: days([3]) },
    ]);
    const item = await at.run({ text, createMissing: true });
    expect(item).toMatchObject({ state: 'done', counts: { read: 192, sent: 192, aside: 0, errors: 0 } });
    const reference = { namespace: 'nmi', value: nmi };
    expect(await resolveNamed(at.ground.profile, 'servicePoint', reference)).toMatch(/^svp_/);
    expect(await resolveNamed(at.ground.profile, 'premise', reference)).toMatch(/^prm_/);
    const meter = await resolveNamed(at.ground.profile, 'meter', { namespace: 'serial', value: `nmi-${nmi}` });
    expect(await whole(at, meter ?? '', 'E1')).toEqual([10_000, 2500, 5].flatMap(sameAllDay));
    expect(await whole(at, meter ?? '', 'B1')).toEqual(sameAllDay(3000));
    const facts = (await itemsOf(at.ground.store, 'profile')).filter(({ pk }) => pk.startsWith('FID#')).length;
    expect(await at.run({ text: `${text}\n`, createMissing: true })).toMatchObject({
      counts: { sent: 0, unchanged: 192 },
    });
    expect((await itemsOf(at.ground.store, 'profile')).filter(({ pk }) => pk.startsWith('FID#')).length).toBe(facts);
  });

  it('takes an earlier file of a point that a later one made known, where that is asked for again', async () => {
    const at = await ImportGround.open();
    const file = (date: string) => nem12([{ nmi, suffix: 'E1', days: [{ date, values: sameAllDay(1) }] }]);
    await at.run({ text: file('20260301'), createMissing: true });
    const earlier = await at.run({ text: file('20260105') });
    expect(earlier.counts).toMatchObject({ sent: 0, aside: 48 });
    expect(await at.errors(earlier.id)).toMatchObject([
      {
        code: 'not-installed',
        message: expect.stringContaining('the first measures from 2026-02-28T14:00:00.000Z on'),
      },
    ]);
    const again = await at.run({ text: file('20260105'), createMissing: true });
    expect(again).toMatchObject({ id: earlier.id, counts: { sent: 48, aside: 0 } });
    const later = await at.run({ text: file('20260302'), createMissing: true });
    expect(later.counts).toMatchObject({ sent: 48, aside: 0 });
  });

  it.each<readonly [string, Partial<MeterItem>]>([
    ['measures a home', {}],
    ['has a key and waits to be installed', { installations: [], certificates: [aKey] }],
    ['is announced', { installations: [], announcedAt: '2026-05-01T00:00:00.000Z' }],
    ['was cut off', { installations: [], revokedAt: '2026-05-01T00:00:00.000Z' }],
  ])(
    'does not take a meter to a point of its own that happens to have its serial number and %s',
    async (_what, more) => {
      const at = await ImportGround.open();
      const serial = `nmi-${nmi}`;
      const theirs = aMeter(serial, {
        id: meterIdOf(serial),
        thing: meterIdOf(serial),
        registers: [marketRegister],
        ...more,
      });
      await putMeter(at.ground, theirs);
      const item = await at.run({ text: oneWeek, createMissing: true });
      expect(item).toMatchObject({ state: 'done', counts: { sent: 0, aside: 336 } });
      expect(await readMeter(at.ground.profile, theirs.id)).toEqual(theirs);
      expect(await whole(at, theirs.id)).toEqual([]);
    },
  );

  it('does not say of a meter that others made known that it measured earlier', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const item = await at.run({ text: oneWeek.replaceAll('300,2026', '300,2023'), createMissing: true });
    expect(item.counts).toMatchObject({ sent: 0, aside: 336 });
    expect(new Set((await at.errors(item.id)).map(({ code }) => code))).toEqual(new Set(['not-installed']));
  });

  it('cuts days where the register does, whatever zone the file counts its days in', async () => {
    const at = await ImportGround.open();
    const meter = await at.meter('one', [halfHours('Australia/Sydney')], nmi);
    await at.run({ text: oneWeek });
    expect((await whole(at, meter)).length).toBe(336);
    const keys = (await itemsOf(at.ground.store, 'readings')).map(({ sk }) => sk.slice(0, 15));
    expect(keys[0]).toBe('D#20260105#0060');
    expect(keys.slice(1).every((sk) => sk.endsWith('#0000'))).toBe(true);
  });

  it('refuses values that a register could only hold rounded, and intervals of another length', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [{ ...marketRegister, powerOfTen: 3 }], nmi);
    await at.meter('two', [{ ...marketRegister, intervalSeconds: 900 }], '6102000002');
    const text = nem12([
      { nmi, suffix: 'E1', days: days([1.5]) },
      { nmi: '6102000002', suffix: 'E1', days: days([1]) },
    ]);
    const item = await at.run({ text });
    expect(item.counts).toMatchObject({ sent: 0, aside: 96 });
    expect((await at.errors(item.id)).map(({ line, code }) => [line, code])).toEqual([
      [3, 'not-exact'],
      [5, 'other-interval'],
    ]);
  });

  it('that is a dry run says what the file holds, and stores nothing', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const before = await at.digest();
    const text = oneWeek.replace('300,20260106', '300,20261306');
    const item = await at.run({ text, dryRun: true });
    expect(item).toMatchObject({ state: 'done', counts: { read: 288, sent: 0, aside: 0, errors: 1 } });
    expect(await readReport(at.parts.objects, item.id)).toMatchObject([
      { namespace: 'nmi', reference: nmi, register: 'E1', count: 288, sum: String(26 * 48_000), gaps: 1 },
    ]);
    expect((await at.errors(item.id)).map(({ line, code }) => [line, code])).toEqual([[4, 'not-a-date']]);
    expect([await at.digest(), at.appended]).toEqual([before, 0]);
    expect((await at.run({ text })).id).not.toBe(item.id);
  });

  it('that would take longer to look through than there is time fails, and is not begun for ever', async () => {
    const at = await ImportGround.open();
    const id = await at.start({ text: oneWeek, createMissing: true });
    const over = (minutes: number) => {
      let looks = 0;
      return (): boolean => {
        looks += 1;
        if (looks === 3) at.ground.clock.set(at.ground.clock.now() + minutes * 60_000);
        return looks > 2;
      };
    };
    expect(await advanceImport(at.parts, id, over(1))).toBe('works');
    expect((await at.import(id)).state).toBe('uploaded');
    await advanceImport(at.parts, id, over(11));
    expect(await at.import(id)).toMatchObject({ state: 'failed', failure: 'file.too-long' });
  });

  it('whose read part alone takes longer than there is time fails, and is not read for ever', async () => {
    const at = await ImportGround.open({ chunk: { intervals: 48, events: 1500 } });
    const long = nem12([{ nmi, suffix: 'E1', days: [] }]).replace('900', `${'777,x\n'.repeat(4000)}900`);
    const id = await at.start({ text: long });
    await advanceImport(at.parts, id, overAfter(2));
    expect(await at.import(id)).toMatchObject({ state: 'reading', events: expect.any(Number) });
    expect((await at.import(id)).events).toBeGreaterThan(1000);
    const over = (minutes: number) => {
      let asked = 0;
      return (): boolean => {
        asked += 1;
        if (asked === 2) at.ground.clock.set(at.ground.clock.now() + minutes * 60_000);
        return asked > 1;
      };
    };
    expect(await advanceImport(at.parts, id, over(1))).toBe('works');
    expect((await at.import(id)).state).toBe('reading');
    await advanceImport(at.parts, id, over(11));
    expect(await at.import(id)).toMatchObject({ state: 'failed', failure: 'file.too-long' });
  });

  it('is taken back in runs that each have time for a few chunks alone', async () => {
    const at = await ImportGround.open({ chunk: { intervals: 48, events: 1 } });
    await at.meter('one', [marketRegister], nmi);
    const before = await at.digest();
    const { id, chunk } = await at.run({ text: oneWeek });
    expect(chunk).toBeGreaterThan(7);
    await at.askUndo(id);
    let runs = 0;
    for (; (await at.import(id)).state === 'undoing'; runs += 1) {
      await advanceImport(at.parts, id, overAfter(4));
      expect(runs).toBeLessThan(50);
    }
    expect(runs).toBeGreaterThan(3);
    expect([(await at.import(id)).state, await at.digest()]).toEqual(['undone', before]);
  });

  it('cannot be taken back while it is read', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const id = await at.start({ text: oneWeek });
    await expect(at.askUndo(id)).rejects.toThrow(/once it rests/);
  });
});
