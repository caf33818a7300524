import { readRuns } from '#functions/readings/store/readings.ts';
import { readExceptions } from '#functions/validation/store/reading-exceptions.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { addDays, expectedIntervals, instantOf, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived, meterId } from '#tests/support/meters/telemetry.ts';
import { agreed, type Home, homePoint, installed, openHome } from '#tests/support/supplied-home.ts';

/** A home whose meter sends whole days of half-hours, and what may be told of it and its place. */

const zone = 'Europe/London';
export const meter = meterId('m1');

export const usual = (index: number): number => 100 + ((index * 37) % 90);
export const without =
  (from: number, to: number) =>
  (index: number): number | null =>
    index >= from && index < to ? null : usual(index);

export type Sent = ReturnType<typeof arrived>;

/** A day as a meter sends it; null for what it has not. */
export const dayOf = (
  date: string,
  valueAt: (index: number) => number | null,
  { register = 'E1', serial = 'm1', revision = 0 } = {},
): Sent => {
  const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(index));
  return arrived(aBlock(serial, startOfDate(zone, date), values, { register, revision }));
};

/** Part of a day, by half-hours. */
export const partOf = (
  date: string,
  from: number,
  to: number,
  valueAt: (index: number) => number | null = usual,
  serial = 'm1',
): Sent =>
  arrived(
    aBlock(
      serial,
      at(date, from),
      Array.from({ length: to - from }, (_, index) => valueAt(from + index)),
    ),
  );

/** What the dial of a meter stood at. */
export const readAt = (instant: number, value: number, serial = 'm1'): Sent => {
  const place = { meter: meterId(serial), register: 'E1' };
  const read = { v: 1, kind: 'register-read', ...place, at: instant, value, quality: 0, seq: 1, revision: 0 };
  return {
    sequenceNumber: `${serial}-${instant}`,
    thing: place.meter,
    data: Buffer.from(JSON.stringify(read)),
    arrivedAt: instant + 60,
  };
};

/** Three weeks before a date. */
export const weeksBefore = (date: string): readonly Sent[] =>
  Array.from({ length: 21 }, (_, index) => dayOf(addDays(date, index - 21), usual));

export const send = async (home: Home, ...records: readonly Sent[]): Promise<void> => {
  const outcomes = await home.ingest.take(records);
  for (const { kind } of outcomes) if (kind !== 'stored') throw new Error(`a record was ${kind}`);
  await home.settleAll();
};
export const tell = async (home: Home, ...facts: readonly object[]): Promise<void> => {
  await home.tell(facts);
  await home.settleAll();
};

let told = 0;
export const fact = (type: string, instant: number, data: Record<string, unknown>) => {
  told += 1;
  return {
    type,
    source: { system: 'billing' },
    sourceEventId: `told-${told}`,
    occurredAt: instantOf(instant),
    data,
  };
};
const named = (namespace: string, value: string) => ({ namespace, value });
/** Start of a half-hour of a date. */
export const at = (date: string, halfHour: number): number => startOfDate(zone, date) + halfHour * 1800;

export const outage = (from: number, to: number) => {
  const reference = named('field', `out-${from}`);
  return [
    fact('service.outage.reported.v1', from, { premise: named('uprn', 'home'), references: [reference] }),
    fact('service.outage.restored.v1', to, { outage: reference, restoredAt: instantOf(to) }),
  ] as const;
};
export const pointChanged = (instant: number, data: Record<string, unknown>) =>
  fact('premise.service-point.changed.v1', instant, { servicePoint: homePoint, ...data });
export const agreementEnded = (name: string, to: string) =>
  fact('account.agreement.ended.v1', startOfDate(zone, to) - 3600, {
    account: named('billing', name),
    servicePoint: homePoint,
    to,
  });
export const feedInAgreed = (name: string, from: string) =>
  fact('account.agreement.started.v1', startOfDate(zone, from), {
    account: named('billing', name),
    servicePoint: homePoint,
    tariff: 'SOLAR',
    from,
    feedIn: true,
  });
/** Told at an instant: of an installation then, or of an earlier one. */
export const installedAt = (instant: number, registers: readonly object[], { serial = 'm1', from = instant } = {}) =>
  fact('metering.meter.installed.v1', instant, {
    servicePoint: homePoint,
    meter: named('serial', serial),
    from: instantOf(from),
    registers,
  });
export const removedAt = (instant: number, registers: readonly object[], serial = 'm1') =>
  fact('metering.meter.removed.v1', instant, {
    servicePoint: homePoint,
    meter: named('serial', serial),
    at: instantOf(instant),
    registers,
  });

/** When the home's meter was installed. */
export const begin = Date.parse('2025-01-01T00:00:00.000Z') / 1000;

/** A home with one meter that ana has an agreement for. */
export const openMeasured = async (
  registers: readonly Partial<Register>[] = [],
  facts: readonly object[] = [agreed('ana', '2025-01-01')],
): Promise<Home> => {
  const home = await openHome();
  await home.meter('m1', ...registers);
  await home.tell([installed('m1', instantOf(begin)), ...facts]);
  await home.settleAll();
  return home;
};

export const runOf = async (home: Home, date: string, register = 'E1', of = meter): Promise<(number | null)[]> => {
  const [from, to] = [startOfDate(zone, date), startOfDate(zone, addDays(date, 1))];
  return (await readRuns(home.readings, of, register, from, to)).flatMap(({ values }) => values);
};
export const exceptionsOf = async (home: Home, rule: string, register = 'E1') =>
  (await readExceptions(home.readings, { meter, register }, 0, 9_999_999_999)).filter(
    ({ exception }) => exception.ruleId === rule,
  );
/** What a rule found that stands. */
export const standing = async (home: Home, rule: string, register = 'E1') =>
  (await exceptionsOf(home, rule, register)).filter(({ state }) => state === 'open' || state === 'filled');
