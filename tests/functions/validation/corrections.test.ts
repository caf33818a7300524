import { describe, expect, it } from 'vitest';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { validationOperations } from '#functions/validation/api.ts';
import { readFacts } from '#shared/store/subjects.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { agreed, type Home, installed, openHome } from '#tests/support/supplied-home.ts';
import { aBlock, arrived } from '#tests/support/telemetry.ts';

const zone = 'Europe/London';
const sam = operationRequest({ kind: 'staff', id: 'sam', roles: ['supervisor'] });
let requests = 0;
/** A request of its own: what it keeps is told apart by the id of its audit entry. */
const asked = (home: Home) => {
  requests += 1;
  const audit = { ...sam.audit, id: String(requests).padStart(26, '0') };
  return { ...sam, audit, subjectId: home.idOf('svp'), query: {} };
};

const usual = (index: number): number => 100 + ((index * 37) % 90);
const dayOf = (date: string, valueAt: (index: number) => number | null, revision = 0) => {
  const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(index));
  return arrived(aBlock('m1', startOfDate(zone, date), values, { revision }));
};

const measuredHome = async (...records: readonly ReturnType<typeof dayOf>[]) => {
  const home = await openHome();
  await home.meter('m1');
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  await home.ingest.take(records);
  await home.settleAll();
  const operations = validationOperations({ ...home, now: () => home.clock.now() });
  const list = async (query: { state?: 'dismissed' | 'corrected' | 'open'; limit?: number; cursor?: string } = {}) =>
    (await operations.listReadingExceptions({ ...asked(home), query: { limit: 25, ...query }, body: undefined })).body;
  const day = async (date: string) =>
    new ShowUsage({ profile: home.profile, readings: home.readings }).answer({
      servicePoint: home.idOf('svp'),
      from: date,
      to: addDays(date, 1),
      resolution: 'interval',
      limit: 100,
    });
  return { home, operations, list, day };
};

const correction = {
  register: 'E1',
  start: '2026-05-04T04:00:00.000Z',
  values: [777, 778],
  quality: 7 as const,
  reason: 'Read from the display on site.',
};

describe('a correction', () => {
  it('takes the place of what was measured, ends the exception, and no redelivery undoes it', async () => {
    const spiked = dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index)));
    const { home, operations, list, day } = await measuredHome(spiked);
    expect((await list()).data.map(({ rule, state }) => [rule, state])).toEqual([['spike', 'open']]);
    const answer = await operations.correctReadings({ ...asked(home), body: correction });
    expect(answer).toMatchObject({
      status: 201,
      body: { register: 'E1', start: '2026-05-04T04:00:00.000Z', end: '2026-05-04T05:00:00.000Z', revision: 0 },
    });
    await home.settleAll();
    await home.ingest.take([spiked, dayOf('2026-05-04', usual, 3)]);
    await home.settleAll();
    const shown = await day('2026-05-04');
    expect(shown.data.slice(9, 13).map(({ value, quality }) => [value, quality])).toEqual([
      [usual(9), 0],
      [777, 7],
      [778, 7],
      [usual(12), 0],
    ]);
    expect((await list({ state: 'corrected' })).data.map(({ rule }) => rule)).toEqual(['spike']);
    expect((await list()).data).toEqual([]);
  });

  it('stands on the record of the premise with what was given and why', async () => {
    const { home, operations } = await measuredHome(dayOf('2026-05-04', usual));
    await operations.correctReadings({ ...asked(home), body: correction });
    await operations.correctReadings({ ...asked(home), body: { ...correction, values: [779, null] } });
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const made = facts.filter(({ fact }) => fact.type === 'metering.correction.made.v1');
    expect(made.map(({ fact: { data } }) => [data.values, data.revision, data.reason])).toEqual([
      [[777, 778], 0, correction.reason],
      [[779, null], 1, correction.reason],
    ]);
  });

  it.each([
    ['a register the meter has not', { register: 'X9' }, '/register', 'register.unknown'],
    ['a start off the grid', { start: '2026-05-04T04:10:00.000Z' }, '/start', 'correction.off-the-grid'],
    ['more than a local day', { start: '2026-05-04T22:30:00.000Z' }, '/values', 'correction.crosses-midnight'],
    ['what is not over yet', { start: '2030-05-04T04:00:00.000Z' }, '/values', 'correction.ends-after-receipt'],
    ['before a meter was there', { start: '2020-05-04T04:00:00.000Z' }, '/start', 'correction.not-installed'],
    ['nothing', { values: [null] }, '/values', 'correction.empty'],
    ['less than nothing', { values: [-1] }, '/values', 'value.negative'],
  ])('of %s is refused', async (_what, wrong, pointer, code) => {
    const { home, operations } = await measuredHome(dayOf('2026-05-04', usual));
    const body = { ...correction, ...wrong };
    await expect(operations.correctReadings({ ...asked(home), body })).rejects.toMatchObject({
      code: 'correction.invalid',
      errors: [{ pointer, code }],
    });
  });
});

describe('an exception', () => {
  it('that is dismissed stays so when the day is judged again, and is told once', async () => {
    const { home, operations, list } = await measuredHome(
      dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index))),
    );
    const [found] = (await list()).data;
    const request = {
      ...asked(home),
      params: { exceptionId: found?.id ?? '' },
      body: { decision: 'dismissed' as const, reason: 'A kiln was fired that night.' },
    };
    expect(await operations.resolveReadingException(request)).toMatchObject({
      status: 201,
      body: { state: 'dismissed' },
    });
    await home.settleAll();
    await home.ingest.take([dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index)), 1)]);
    await home.settleAll();
    expect((await list()).data).toEqual([]);
    expect((await list({ state: 'dismissed' })).data.map(({ id }) => id)).toEqual([found?.id]);
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const told = facts.filter(({ fact }) => fact.type.startsWith('metering.exception'));
    expect(told.map(({ fact: { type, data } }) => [type, data.outcome])).toEqual([
      ['metering.exception.raised.v1', undefined],
      ['metering.exception.resolved.v1', 'dismissed'],
    ]);
    await expect(operations.resolveReadingException({ ...request, audit: asked(home).audit })).rejects.toMatchObject({
      code: 'exception.closed',
    });
  });

  it('of another service point, or none, is not found', async () => {
    const { home, operations } = await measuredHome(dayOf('2026-05-04', usual));
    for (const exceptionId of ['nothing', 'mtr_0123456789ABCDEFGHJKMNPQRS.E1.spike.1777867200']) {
      const body = { decision: 'dismissed' as const, reason: 'It is nothing.' };
      await expect(
        operations.resolveReadingException({ ...asked(home), params: { exceptionId }, body }),
      ).rejects.toMatchObject({ kind: 'not-found' });
    }
  });

  it('is listed by pages, the latest first', async () => {
    const dates = ['2026-05-04', '2026-05-05', '2026-05-06'];
    const { list } = await measuredHome(
      ...dates.map((date) => dayOf(date, (index) => (index === 10 ? 9000 : usual(index)))),
    );
    const whole = (await list()).data.map(({ id }) => id);
    expect(whole).toHaveLength(3);
    const first = await list({ limit: 2 });
    const rest = await list({ limit: 2, ...(first.next === null ? {} : { cursor: first.next }) });
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(whole);
    expect(rest.next).toBeNull();
    expect(whole).toEqual([...whole].sort().reverse());
  });
});
