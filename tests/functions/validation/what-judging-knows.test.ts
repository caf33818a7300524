import { describe, expect, it } from 'vitest';
import { readExceptions } from '#shared/store/reading-exceptions.ts';
import { readRuns } from '#shared/store/readings.ts';
import { addDays, expectedIntervals, instantOf, startOfDate } from '#shared/vocabulary/time.ts';
import { agreed, type Home, installed, openHome } from '#tests/support/supplied-home.ts';
import { aBlock, arrived, meterId } from '#tests/support/telemetry.ts';

const zone = 'Europe/London';
const meter = meterId('m1');

const usual = (index: number): number => 100 + ((index * 37) % 90);
const without =
  (from: number, to: number) =>
  (index: number): number | null =>
    index >= from && index < to ? null : usual(index);

/** A day as a meter sends it; null for what it has not. */
const dayOf = (date: string, valueAt: (index: number) => number | null, register = 'E1') => {
  const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(index));
  return arrived(aBlock('m1', startOfDate(zone, date), values, { register }));
};
const send = async (home: Home, ...records: readonly ReturnType<typeof arrived>[]): Promise<void> => {
  const outcomes = await home.ingest.take(records);
  for (const { kind } of outcomes) if (kind !== 'stored') throw new Error(`a record was ${kind}`);
  await home.settleAll();
};
const tell = async (home: Home, ...facts: readonly object[]): Promise<void> => {
  await home.tell(facts);
  await home.settleAll();
};

let told = 0;
const fact = (type: string, at: number, data: Record<string, unknown>) => {
  told += 1;
  return {
    type,
    source: { system: 'billing' },
    sourceEventId: `told-${told}`,
    occurredAt: instantOf(at),
    data,
  };
};
const named = (namespace: string, value: string) => ({ namespace, value });
const at = (date: string, halfHour: number): number => startOfDate(zone, date) + halfHour * 1800;

const outage = (from: number, to?: number) => {
  const reference = named('field', `out-${from}`);
  const began = fact('service.outage.reported.v1', from, { premise: named('uprn', 'home'), references: [reference] });
  return to === undefined
    ? [began]
    : [began, fact('service.outage.restored.v1', to, { outage: reference, restoredAt: instantOf(to) })];
};

const openMeasured = async (...registers: Parameters<Home['meter']>[1][]): Promise<Home> => {
  const home = await openHome();
  await home.meter('m1', ...registers);
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  return home;
};
/** Three weeks before a date. */
const weeksBefore = (date: string, valueAt = usual, register = 'E1') =>
  Array.from({ length: 21 }, (_, index) => dayOf(addDays(date, index - 21), valueAt, register));

const runOf = async (home: Home, date: string, register = 'E1') => {
  const runs = await readRuns(
    home.readings,
    meter,
    register,
    startOfDate(zone, date),
    startOfDate(zone, addDays(date, 1)),
  );
  return runs.flatMap(({ values }) => values);
};
const exceptionsOf = async (home: Home, rule: string, register = 'E1') =>
  (await readExceptions(home.readings, { meter, register }, 0, 9_999_999_999)).filter(
    ({ exception }) => exception.ruleId === rule,
  );
const standing = async (home: Home, rule: string, register = 'E1') =>
  (await exceptionsOf(home, rule, register)).filter(({ state }) => state === 'open' || state === 'filled');

describe('an evening without power', () => {
  const day = '2026-05-05';
  const evening = [36, 44] as const;

  it('is filled with zeros and not with habits, whether the outage is told before the readings or after', async () => {
    for (const isLate of [false, true]) {
      const home = await openMeasured();
      const facts = outage(at(day, evening[0]), at(day, evening[1]));
      await send(home, ...weeksBefore(day));
      if (!isLate) await tell(home, ...facts);
      await send(home, dayOf(day, without(...evening)), dayOf(addDays(day, 1), usual));
      if (isLate) {
        expect((await runOf(home, day)).slice(...evening)).toEqual(Array.from({ length: 8 }, (_, i) => usual(36 + i)));
        await tell(home, ...facts);
      }
      expect((await runOf(home, day)).slice(35, 45)).toEqual([usual(35), 0, 0, 0, 0, 0, 0, 0, 0, usual(44)]);
      expect(await standing(home, 'missing-intervals')).toMatchObject([
        { state: 'filled', exception: { severity: 'warn' } },
      ]);
      expect(await standing(home, 'meter-event')).toHaveLength(1);
    }
  });

  it('is no ground for the evening of another day', async () => {
    const home = await openMeasured();
    const dark = addDays(day, -7);
    await tell(home, ...outage(at(dark, 36), at(dark, 44)));
    const before = weeksBefore(day).filter((_, index) => index !== 14);
    const quiet = dayOf(dark, (index) => (index >= 36 && index < 44 ? 0 : usual(index)));
    await send(home, ...before, quiet, dayOf(day, without(...evening)), dayOf(addDays(day, 1), usual));
    expect((await runOf(home, day)).slice(...evening)).toEqual(Array.from({ length: 8 }, (_, i) => usual(36 + i)));
  });

  it('is as it was once the outage is taken back', async () => {
    const home = await openMeasured();
    const facts = outage(at(day, evening[0]), at(day, evening[1]));
    await tell(home, ...facts);
    await send(home, ...weeksBefore(day), dayOf(day, without(...evening)), dayOf(addDays(day, 1), usual));
    expect((await runOf(home, day))[40]).toBe(0);
    const [reported] = await home.submit(facts.slice(0, 1), {
      actor: 'machine:billing',
      mayUse: () => true,
      supervisor: false,
    });
    if (reported?.status !== 'duplicate') throw new Error('the outage was not known');
    await tell(
      home,
      fact('service.outage.retracted.v1', at(day, 47), { factId: reported.fact.id, reason: 'Another street.' }),
    );
    expect((await runOf(home, day))[40]).toBe(usual(40));
  });
});
