import { describe, expect, it } from 'vitest';
import { readFacts } from '#shared/profile/store/subjects.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { installed, removed } from '#tests/support/supplied-home.ts';
import { dayOf, judgedHome, usual } from './judged-home.ts';

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
    const { home, operations, asked, list, day } = await judgedHome(spiked);
    expect((await list()).data.map(({ rule, state }) => [rule, state])).toEqual([['spike', 'open']]);
    const answer = await operations.correctReadings({ ...asked(), body: correction });
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
    const { home, operations, asked } = await judgedHome(dayOf('2026-05-04', usual));
    await operations.correctReadings({ ...asked(), body: correction });
    await operations.correctReadings({ ...asked(), body: { ...correction, values: [779, null] } });
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const made = facts.filter(({ fact }) => fact.type === 'metering.correction.made.v1');
    expect(
      made.map(({ fact: { data } }: { readonly fact: KeptFact }) => [data.values, data.revision, data.reason]),
    ).toEqual([
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
    const { operations, asked } = await judgedHome(dayOf('2026-05-04', usual));
    const body = { ...correction, ...wrong };
    await expect(operations.correctReadings({ ...asked(), body })).rejects.toMatchObject({
      code: 'correction.invalid',
      errors: [{ pointer, code }],
    });
  });

  it('that goes beyond the time in which the meter measured the point is refused whole', async () => {
    const { home, operations, asked } = await judgedHome(dayOf('2026-05-04', usual));
    await home.meter('m2');
    await home.tell([removed('m1', '2026-05-04T05:00:00.000Z'), installed('m2', '2026-05-04T05:00:00.000Z')]);
    await home.settleAll();
    const body = { ...correction, values: [1, 2, 3] };
    await expect(operations.correctReadings({ ...asked(), body })).rejects.toMatchObject({
      errors: [{ pointer: '/values', code: 'correction.past-the-meter' }],
    });
    expect(await operations.correctReadings({ ...asked(), body: correction })).toMatchObject({ status: 201 });
    const after = { ...correction, start: '2026-05-04T05:00:00.000Z' };
    expect(await operations.correctReadings({ ...asked(), body: after })).toMatchObject({ status: 201 });
  });
});

describe('an exception', () => {
  it('that is dismissed stays so when the day is judged again, and is told once', async () => {
    const { home, operations, asked, list } = await judgedHome(
      dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index))),
    );
    const [found] = (await list()).data;
    const request = {
      ...asked(),
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
    expect(told.map(({ fact: { type, data } }: { readonly fact: KeptFact }) => [type, data.outcome])).toEqual([
      ['metering.exception.raised.v1', undefined],
      ['metering.exception.resolved.v1', 'dismissed'],
    ]);
    await expect(operations.resolveReadingException({ ...request, audit: asked().audit })).rejects.toMatchObject({
      code: 'exception.closed',
    });
  });

  it('that is dismissed comes back where the rule finds something else, and is told of anew', async () => {
    const spikeOf = (value: number) => (index: number) => (index === 10 ? value : usual(index));
    const { home, operations, asked, list } = await judgedHome(dayOf('2026-05-04', spikeOf(9000)));
    const [found] = (await list()).data;
    const body = { decision: 'dismissed' as const, reason: 'A kiln was fired that night.' };
    await operations.resolveReadingException({ ...asked(), params: { exceptionId: found?.id ?? '' }, body });
    await home.settleAll();
    await home.ingest.take([dayOf('2026-05-04', spikeOf(9500), 1)]);
    await home.settleAll();
    expect((await list()).data.map(({ id, evidence }) => [id, evidence.value])).toEqual([[found?.id, 9500]]);
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const told = facts.filter(({ fact }) => fact.type === 'metering.exception.raised.v1');
    expect(told.map(({ fact: { data } }: { readonly fact: KeptFact }) => data.revision)).toEqual([1, 3]);
  });

  it('that was dismissed by mistake stands again, and is told of once, with the reason', async () => {
    const { home, operations, asked, list } = await judgedHome(
      dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index))),
    );
    const [found] = (await list()).data;
    const params = { exceptionId: found?.id ?? '' };
    const again = { decision: 'reopened' as const, reason: 'There is no kiln.' };
    const reopen = () => operations.resolveReadingException({ ...asked(), params, body: again });
    await expect(reopen()).rejects.toMatchObject({ code: 'exception.not-dismissed' });
    const body = { decision: 'dismissed' as const, reason: 'A kiln was fired that night.' };
    await operations.resolveReadingException({ ...asked(), params, body });
    await home.settleAll();
    expect(await reopen()).toMatchObject({ status: 201, body: { state: 'open' } });
    await home.settleAll();
    expect((await list()).data.map(({ id, state }) => [id, state])).toEqual([[found?.id, 'open']]);
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const told = facts.filter(({ fact }) => fact.type === 'metering.exception.raised.v1');
    expect(told.map(({ fact: { data } }: { readonly fact: KeptFact }) => [data.revision, data.reason])).toEqual([
      [1, undefined],
      [3, 'There is no kiln.'],
    ]);
  });

  it('that is a row of days stays dismissed while the row only goes on', async () => {
    const dark = ['2026-05-08', '2026-05-09', '2026-05-10', '2026-05-11'];
    const before = ['2026-05-04', '2026-05-05', '2026-05-06', '2026-05-07'];
    const { home, operations, asked, list } = await judgedHome(
      ...before.map((date) => dayOf(date)),
      ...dark.slice(0, 3).map((date) => dayOf(date, () => 0)),
    );
    const [found] = (await list({ rule: 'zero' })).data;
    const body = { decision: 'dismissed' as const, reason: 'The house stands empty.' };
    await operations.resolveReadingException({ ...asked(), params: { exceptionId: found?.id ?? '' }, body });
    await home.settleAll();
    await home.ingest.take([dayOf(dark[3] ?? '', () => 0)]);
    await home.settleAll();
    expect((await list({ rule: 'zero' })).data).toEqual([]);
    expect((await list({ rule: 'zero', state: 'dismissed' })).data.map(({ id, end }) => [id, end])).toEqual([
      [found?.id, '2026-05-11T23:00:00.000Z'],
    ]);
  });

  it('of another service point, or none, is not found', async () => {
    const { operations, asked } = await judgedHome(dayOf('2026-05-04', usual));
    for (const exceptionId of ['nothing', 'mtr_0123456789ABCDEFGHJKMNPQRS.E1.spike.1777867200']) {
      const body = { decision: 'dismissed' as const, reason: 'It is nothing.' };
      await expect(
        operations.resolveReadingException({ ...asked(), params: { exceptionId }, body }),
      ).rejects.toMatchObject({ kind: 'not-found' });
    }
  });

  it('is listed by pages, the latest first', async () => {
    const dates = ['2026-05-04', '2026-05-05', '2026-05-06'];
    const { list } = await judgedHome(
      ...dates.map((date) => dayOf(date, (index) => (index === 10 ? 9000 : usual(index)))),
    );
    expect((await list({ rule: 'negative' })).data).toEqual([]);
    const whole = (await list({ rule: 'spike' })).data.map(({ id }) => id);
    expect(whole).toHaveLength(3);
    const first = await list({ limit: 2 });
    const rest = await list({ limit: 2, ...(first.next === null ? {} : { cursor: first.next }) });
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(whole);
    expect(rest.next).toBeNull();
    expect(whole).toEqual([...whole].sort().reverse());
  });
});
