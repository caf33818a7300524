import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { account } from '#shared/profile/rules/account.ts';
import { effectiveAgreements, supply } from '#shared/profile/rules/agreements.ts';
import { effectiveInstallations, metering } from '#shared/profile/rules/installations.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { endsThatDiffer, endsWaiting } from '#shared/profile/rules/told-ends.ts';
import { agreementsTold, amara, foldAll, home, house, idOf, inOrder, minute, supplyPoint, told } from './told-facts.ts';

const started = (
  from: string,
  more: { readonly to?: string; readonly system?: string; readonly tariff?: string } = {},
) => {
  const { to, system, tariff = 'STANDARD' } = more;
  return told(
    'account.agreement.started.v1',
    { account: home, servicePoint: supplyPoint, tariff, from, ...(to === undefined ? {} : { to }) },
    { subjects: [home, house], creates: 'agreement', ...(system === undefined ? {} : { system }) },
  );
};
const stopped = (to: string, more: { readonly system?: string; readonly agreement?: string | undefined } = {}) => {
  const { system, agreement } = more;
  return told(
    'account.agreement.ended.v1',
    { account: home, servicePoint: supplyPoint, to, ...(agreement === undefined ? {} : { agreement }) },
    { subjects: [home, house], ...(system === undefined ? {} : { system }) },
  );
};
const supplyOf = (facts: readonly Fact[]) => agreementsTold(supply, facts);
const periods = (facts: readonly Fact[]) =>
  effectiveAgreements(supplyOf(facts)).agreements.map(({ tariff, from, to }) => [tariff, from, to]);

describe('an end that is told by what it ends', () => {
  it('is that of the latest start before it, however the two are told', () => {
    const facts = [started('2025-01-01'), stopped('2026-01-01')];
    for (const order of [facts, facts.toReversed()])
      expect(periods(order)).toEqual([['STANDARD', '2025-01-01', '2026-01-01']]);
  });

  it('leaves a new tariff that begins on its day, in whatever order the three are told', () => {
    const [old, next, end] = [
      started('2025-01-01', { tariff: 'OLD' }),
      started('2026-07-01', { tariff: 'NEW' }),
      stopped('2026-07-01'),
    ];
    for (const order of [
      [old, next, end],
      [old, end, next],
      [next, old, end],
      [next, end, old],
      [end, old, next],
      [end, next, old],
    ])
      expect(periods(order).toSorted()).toEqual([
        ['NEW', '2026-07-01', null],
        ['OLD', '2025-01-01', '2026-07-01'],
      ]);
  });

  it('moves on to a later start that is told after it', () => {
    expect(
      periods([
        started('2025-01-01', { tariff: 'OLD' }),
        stopped('2026-08-01'),
        started('2026-06-01', { tariff: 'NEW' }),
      ]),
    ).toEqual([
      ['OLD', '2025-01-01', '2026-06-01'],
      ['NEW', '2026-06-01', '2026-08-01'],
    ]);
  });

  it('is put off or brought forward by the last word of its own source', () => {
    const start = started('2025-01-01');
    expect(periods([start, stopped('2026-03-01'), stopped('2026-06-01')])).toEqual([
      ['STANDARD', '2025-01-01', '2026-06-01'],
    ]);
    expect(periods([start, stopped('2026-06-01'), stopped('2026-03-01')])).toEqual([
      ['STANDARD', '2025-01-01', '2026-03-01'],
    ]);
    expect(periods([started('2025-01-01', { to: '2026-12-31' }), stopped('2026-03-01')])).toEqual([
      ['STANDARD', '2025-01-01', '2026-03-01'],
    ]);
  });

  it('of several sources is the earliest, and that they differ is known', () => {
    const words = [stopped('2026-06-01'), stopped('2026-03-01', { system: 'crm' })];
    for (const order of [words, words.toReversed()]) {
      const facts = [started('2025-01-01'), ...order];
      expect(periods(facts)).toEqual([['STANDARD', '2025-01-01', '2026-03-01']]);
      const [start] = supplyOf(facts).starts;
      expect(start && endsThatDiffer(start).toSorted((a, b) => (a.to < b.to ? -1 : 1))).toEqual([
        { source: 'crm', to: '2026-03-01' },
        { source: 'billing', to: '2026-06-01' },
      ]);
    }
    const alike = [started('2025-01-01'), stopped('2026-03-01'), stopped('2026-03-01', { system: 'crm' })];
    expect(supplyOf(alike).starts.map(endsThatDiffer)).toEqual([[]]);
  });

  it('without a start waits for one, and is counted; of very many the latest wait', () => {
    const ends = Array.from({ length: 25 }, (_, n) => stopped(`2026-01-${String(n + 1).padStart(2, '0')}`));
    const list = supplyOf(ends);
    expect([list.starts, list.waiting?.length, endsWaiting(list)]).toEqual([[], 20, 25]);
    expect(endsWaiting(supplyOf([...ends, started('2025-01-01')]))).toBe(5);
    expect(endsWaiting(supplyOf([stopped('2024-06-01'), started('2025-01-01')]))).toBe(1);
  });
});

describe('an end that names an agreement', () => {
  it('is that one’s, though another began later, and also before it is told', () => {
    const [old, next] = [started('2025-01-01', { tariff: 'OLD' }), started('2026-06-01', { tariff: 'NEW' })];
    const end = stopped('2026-03-01', { agreement: old.entity });
    const late = stopped('2026-08-01', { agreement: old.entity });
    for (const order of [
      [old, next, end],
      [end, old, next],
    ])
      expect(periods(order)).toEqual([
        ['OLD', '2025-01-01', '2026-03-01'],
        ['NEW', '2026-06-01', null],
      ]);
    expect(periods([old, next, late])[1]).toEqual(['NEW', '2026-06-01', null]);
  });

  it('cancels one that has not begun, so that it cuts nothing', () => {
    const [old, next] = [started('2025-01-01', { tariff: 'OLD' }), started('2026-06-01', { tariff: 'NEW' })];
    expect(periods([old, next, stopped('2026-06-01', { agreement: next.entity })])).toEqual([
      ['OLD', '2025-01-01', null],
    ]);
    expect(periods([old, next, stopped('2026-06-01')])).toEqual([
      ['OLD', '2025-01-01', '2026-06-01'],
      ['NEW', '2026-06-01', null],
    ]);
  });

  it('cancels one so that an end told by its date is that of the one that goes on, whichever was told first', () => {
    const [old, next] = [started('2025-01-01', { tariff: 'OLD' }), started('2026-06-01', { tariff: 'NEW' })];
    const [cancelled, end] = [stopped('2026-06-01', { agreement: next.entity }), stopped('2026-09-01')];
    for (const order of [
      [old, next, cancelled, end],
      [old, next, end, cancelled],
      [end, cancelled, next, old],
      [cancelled, old, end, next],
    ]) {
      expect(periods(order)).toEqual([['OLD', '2025-01-01', '2026-09-01']]);
      expect(endsWaiting(supplyOf(order))).toBe(0);
    }
    const again = stopped('2026-12-01', { agreement: next.entity });
    expect(periods([old, next, end, cancelled, again])).toEqual([
      ['OLD', '2025-01-01', '2026-06-01'],
      ['NEW', '2026-06-01', '2026-12-01'],
    ]);
    expect(periods([old, next, cancelled, again, end])).toEqual([
      ['OLD', '2025-01-01', '2026-06-01'],
      ['NEW', '2026-06-01', '2026-09-01'],
    ]);
  });

  it('and one that is told by its date are words of one source in the order in which they were said, before the start, too', () => {
    const [old, next] = [started('2025-01-01', { tariff: 'OLD' }), started('2026-06-01', { tariff: 'NEW' })];
    const [named, dated] = [stopped('2026-08-01', { agreement: next.entity }), stopped('2026-09-01')];
    expect(periods([old, named, dated, next])[1]).toEqual(['NEW', '2026-06-01', '2026-09-01']);
    expect(periods([old, dated, named, next])[1]).toEqual(['NEW', '2026-06-01', '2026-08-01']);
  });

  it('ends none of another account', () => {
    const other = idOf('account', 'other');
    const theirs = told(
      'account.agreement.started.v1',
      { account: other, servicePoint: supplyPoint, tariff: 'X', from: '2025-01-01' },
      { subjects: [other, house], creates: 'agreement' },
    );
    expect(periods([theirs, stopped('2025-06-01', { agreement: theirs.entity })])).toEqual([['X', '2025-01-01', null]]);
  });
});

const role = (from: string, to?: string) =>
  told(
    'account.role.granted.v1',
    { account: home, customer: amara, role: 'holder', from, ...(to === undefined ? {} : { to }) },
    { subjects: [home, amara] },
  );
const roleEnd = (to: string) =>
  told('account.role.ended.v1', { account: home, customer: amara, role: 'holder', to }, { subjects: [home, amara] });
const rolesOf = (facts: readonly Fact[]) =>
  rolesHeld(foldAll(account, facts).state.roles).map(({ from, to }) => [from, to]);

describe('the end of a role', () => {
  it('holds though it was told before the role was', () => {
    expect(rolesOf([roleEnd('2026-01-01'), role('2025-01-01')])).toEqual([['2025-01-01', '2026-01-01']]);
  });

  it('is none of a role that was granted for no time: the one before it goes on', () => {
    const [held, never] = [role('2025-01-01'), role('2025-07-01', '2025-07-01')];
    for (const order of [
      [held, never],
      [never, held],
    ]) {
      expect(rolesOf(order)).toEqual([['2025-01-01', null]]);
      expect(rolesOf([...order, roleEnd('2026-01-01')])).toEqual([['2025-01-01', '2026-01-01']]);
    }
  });

  it('stands though the role is told once more without one', () => {
    expect(rolesOf([role('2025-01-01'), roleEnd('2026-01-01'), role('2025-01-01')])).toEqual([
      ['2025-01-01', '2026-01-01'],
    ]);
  });
});

const [first, second] = [idOf('meter', 'first'), idOf('meter', 'second')];
const installed = (meter: string, from: string) =>
  told(
    'metering.meter.installed.v1',
    { servicePoint: supplyPoint, meter, from },
    { subjects: [house], system: 'field' },
  );
const removed = (meter: string, at: string, registers?: readonly { register: string; read: number }[]) =>
  told(
    'metering.meter.removed.v1',
    { servicePoint: supplyPoint, meter, at, ...(registers === undefined ? {} : { registers }) },
    { subjects: [house], system: 'field' },
  );

describe('the removal of a meter', () => {
  it('is that of the latest installation before it, with what its registers stood at, however the two are told', () => {
    const facts = [installed(first, minute(1)), removed(first, minute(5), [{ register: 'E1', read: 77 }])];
    for (const order of [facts, facts.toReversed()])
      expect(effectiveInstallations(foldAll(metering, order).state.installations)).toMatchObject([
        { meter: first, from: minute(1), to: minute(5), registers: [{ register: 'E1', closing: 77 }] },
      ]);
  });

  it('leaves the meter that takes its place, and can be put off', () => {
    const facts = [
      removed(first, minute(5)),
      installed(second, minute(7)),
      removed(first, minute(7)),
      installed(first, minute(1)),
    ];
    const { installations } = foldAll(metering, facts).state;
    expect(effectiveInstallations(installations).map(({ meter, from, to }) => [meter, from, to])).toEqual([
      [second, minute(7), null],
      [first, minute(1), minute(7)],
    ]);
  });
});

const days = ['2025-01-01', '2025-03-01', '2025-06-01', '2025-09-01', '2026-01-01'];
const words = fc.array(
  fc.record({
    is: fc.constantFrom('start', 'end'),
    day: fc.constantFrom(...days),
    system: fc.constantFrom('billing', 'crm'),
  }),
  { minLength: 1, maxLength: 9 },
);

/** What starts and ends of one thing come to, from their dates alone: of a source the last word on a start, of sources the first. */
const model = (said: readonly { readonly is: string; readonly day: string; readonly system: string }[]) => {
  const starts = [...new Set(said.filter(({ is }) => is === 'start').map(({ day }) => day))].sort();
  return starts.flatMap((from, index) => {
    const next = starts[index + 1];
    const own = said.filter(({ is, day }) => is === 'end' && from < day && (next === undefined || day <= next));
    const last = [
      ...new Map(own.map(({ system, day }) => [system, day])).values(),
      ...(next === undefined ? [] : [next]),
    ];
    const [to = null] = last.sort();
    return [[from, to] as const];
  });
};

describe('starts and ends of one thing', () => {
  it('come to what their dates say, in whatever order they are told, as long as each source keeps to its own', () => {
    fc.assert(
      fc.property(words, fc.array(fc.nat({ max: 99 }), { minLength: 9, maxLength: 9 }), (said, keys) => {
        // Ends of one source keep their order among themselves; all else is told anyhow.
        const shuffled = said
          .map((one, index) => ({ one, key: keys[index] ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => one);
        const ends = said.filter(({ is }) => is === 'end');
        const orders = [said, [...ends, ...shuffled.filter(({ is }) => is === 'start')]];
        for (const order of orders) {
          const facts = order.map(({ is, day, system }) => (is === 'start' ? started(day) : stopped(day, { system })));
          const found = effectiveAgreements(supplyOf(facts)).agreements.map(({ from, to }) => [from, to] as const);
          expect(found.toSorted()).toEqual(model(said));
        }
      }),
    );
  });

  it('are the same state for any order of arrival', () => {
    fc.assert(
      fc.property(words, (said) => {
        const facts = said.map(({ is, day, system }) =>
          is === 'start' ? started(day, { system }) : stopped(day, { system }),
        );
        const sorted = inOrder(facts).map(({ fact }) => fact);
        const again = inOrder(facts.toReversed()).map(({ fact }) => fact);
        expect(JSON.stringify(supplyOf(again))).toBe(JSON.stringify(supplyOf(sorted)));
      }),
    );
  });
});
