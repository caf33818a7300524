import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, formerReadersOf, readersOf, servedBy } from '#shared/profile/rules/account.ts';
import { effectiveAgreements, supply } from '#shared/profile/rules/agreements.ts';
import { covers, isOver } from '#shared/profile/rules/periods.ts';
import { roleParts, rolesHeld } from '#shared/profile/rules/roles.ts';
import { endsWaiting } from '#shared/profile/rules/told-ends.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { agreementsTold, amara, ben, foldAll, home, house, idOf, supplyPoint, told } from './told-facts.ts';

const granted = (customer: string, role: string, from: string, to?: string, of = home) =>
  told(
    'account.role.granted.v1',
    { account: of, customer, role, from, ...(to === undefined ? {} : { to }) },
    { subjects: [of, customer] },
  );
const ended = (customer: string, role: string, to: string, of = home) =>
  told('account.role.ended.v1', { account: of, customer, role, to }, { subjects: [of, customer] });
const rolesOf = (...facts: Parameters<typeof foldAll>[1]) => {
  const { state, groundless } = foldAll(account, facts);
  return { state, groundless: groundless.count, periods: rolesHeld(state.roles).map(({ from, to }) => [from, to]) };
};

describe('an account', () => {
  it('is opened on the day that was told, else on that of the fact', () => {
    const opened = (data: Record<string, unknown>) =>
      foldAll(account, [told('account.account.opened.v1', data, { at: '2025-06-30T10:00:00.000Z' })]).state;
    expect(opened({ currency: 'GBP', openedOn: '2025-06-01' })).toMatchObject({ opened: true, openedOn: '2025-06-01' });
    expect(opened({ currency: 'EUR' })).toMatchObject({ currency: 'EUR', openedOn: '2025-06-30' });
  });

  it('is read by those whose role holds or will hold, in the order of their first role, each once', () => {
    const { state } = rolesOf(
      granted(ben, 'joint', '2026-06-01'),
      granted(amara, 'holder', '2025-01-01'),
      granted(ben, 'payer', '2025-01-01', '2025-12-31'),
    );
    expect(readersOf(state, '2026-03-01')).toEqual([ben, amara]);
    expect(formerReadersOf(state, '2026-03-01')).toEqual([]);
  });

  it('was read by those whose every role is over, from the day it ends on', () => {
    const { state } = rolesOf(
      granted(amara, 'holder', '2025-01-01'),
      granted(ben, 'joint', '2025-01-01', '2026-03-01'),
    );
    expect(readersOf(state, '2026-02-28')).toEqual([amara, ben]);
    expect([readersOf(state, '2026-03-01'), formerReadersOf(state, '2026-03-01')]).toEqual([[amara], [ben]]);
  });
});

describe('a role', () => {
  it('holds from its first day to the day before its end', () => {
    const period = { from: '2026-01-01', to: '2026-02-01' };
    expect(['2025-12-31', '2026-01-01', '2026-01-31', '2026-02-01'].map((day) => covers(period, day))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([isOver(period, '2026-01-31'), isOver(period, '2026-02-01')]).toEqual([false, true]);
    expect(covers({ from: '2026-01-01', to: null }, '2999-01-01')).toBe(true);
  });

  it('that is granted again from the same day is one role, with the end told last', () => {
    const { periods } = rolesOf(
      granted(amara, 'holder', '2025-01-01'),
      granted(amara, 'holder', '2025-01-01', '2026-01-01'),
    );
    expect(periods).toEqual([['2025-01-01', '2026-01-01']]);
  });

  it('that was granted twice from different days ends whole: nobody keeps an account by a repeat', () => {
    const { state, periods } = rolesOf(
      granted(amara, 'holder', '2025-06-01'),
      granted(amara, 'holder', '2025-01-01'),
      ended(amara, 'holder', '2026-01-01'),
    );
    expect(periods).toEqual([['2025-01-01', '2026-01-01']]);
    expect(readersOf(state, '2026-01-01')).toEqual([]);
  });

  it('does not end before it began, nor as that of another, and ends on the day that was told last', () => {
    const before = [
      granted(amara, 'holder', '2025-06-01'),
      ended(amara, 'holder', '2025-05-31'),
      ended(amara, 'payer', '2026-01-01'),
      ended(ben, 'holder', '2026-01-01'),
    ];
    expect(rolesOf(...before).periods).toEqual([['2025-06-01', null]]);
    const ends = [ended(amara, 'holder', '2026-01-01'), ended(amara, 'holder', '2026-01-01')];
    expect(rolesOf(...before, ...ends).periods).toEqual([['2025-06-01', '2026-01-01']]);
    expect(rolesOf(...before, ...ends, ended(amara, 'holder', '2026-06-01')).periods).toEqual([
      ['2025-06-01', '2026-06-01'],
    ]);
  });

  it('can end earlier than was first said, and leaves a role that begins later', () => {
    const { periods } = rolesOf(
      granted(amara, 'holder', '2025-01-01', '2026-12-31'),
      granted(amara, 'holder', '2027-06-01'),
      ended(amara, 'holder', '2026-03-01'),
    );
    expect(periods).toEqual([
      ['2025-01-01', '2026-03-01'],
      ['2027-06-01', null],
    ]);
  });

  it('is the same on the account and with the customer', () => {
    const facts = [granted(amara, 'holder', '2025-01-01'), ended(amara, 'holder', '2026-01-01')];
    expect(foldAll(roleParts.family, facts).state).toEqual(foldAll(account, facts).state.roles);
  });
});

describe('of many periods', () => {
  it('every open one stays, and the latest of those that are over, in their order', () => {
    const customers = fc.array(fc.record({ n: fc.nat({ max: 99 }), isOver: fc.boolean() }), {
      minLength: 41,
      maxLength: 70,
    });
    fc.assert(
      fc.property(customers, (all) => {
        const each = [...new Map(all.map((one) => [one.n, one])).values()];
        const { state } = rolesOf(
          ...each.map(({ n, isOver: over }) =>
            granted(idOf('customer', n), 'payer', '2020-01-01', over ? '2021-01-01' : undefined),
          ),
        );
        const ended = each.filter((one) => one.isOver).slice(-40);
        const kept = each.filter((one) => !one.isOver || ended.includes(one)).map(({ n }) => idOf('customer', n));
        expect(state.roles.starts.map(({ customer }) => customer)).toEqual(kept);
      }),
      { numRuns: 30 },
    );
  });

  it('an account keeps 40 that are over and every one that is not', () => {
    const over = Array.from({ length: 60 }, (_, n) =>
      granted(idOf('customer', n), 'payer', '2020-01-01', '2021-01-01'),
    );
    const open = Array.from({ length: 5 }, (_, n) => granted(idOf('customer', 100 + n), 'holder', '2020-01-01'));
    const { state, groundless } = rolesOf(...open, ...over);
    expect([state.roles.starts.length, groundless]).toEqual([45, 0]);
    expect(readersOf(state, '2026-01-01')).toEqual(open.map((fact: KeptFact) => fact.data.customer));
  });
});

const started = (premise: string, servicePoint: string, from: string, to?: string, of = home) =>
  told(
    'account.agreement.started.v1',
    { account: of, servicePoint, tariff: 'STANDARD', from, ...(to === undefined ? {} : { to }) },
    { subjects: [of, premise], creates: 'agreement' },
  );
const stopped = (premise: string, servicePoint: string, to: string, of = home) =>
  told('account.agreement.ended.v1', { account: of, servicePoint, to }, { subjects: [of, premise] });

describe('an agreement', () => {
  it('leads an account to its premises, oldest first, until it ends', () => {
    const [cottage, gas] = [idOf('premise', 'cottage'), idOf('servicePoint', 'gas')];
    const held = foldAll(account, [
      started(house, supplyPoint, '2025-01-01'),
      started(house, gas, '2025-01-01'),
      started(cottage, idOf('servicePoint', 'cottage'), '2026-06-01'),
      stopped(house, gas, '2026-01-01'),
    ]);
    expect(servedBy(held, '2026-03-01')).toEqual({ premises: [house, cottage], more: 0 });
    const left = foldAll(account, [
      started(house, supplyPoint, '2025-01-01'),
      stopped(house, supplyPoint, '2026-01-01'),
    ]);
    expect(['2025-12-31', '2026-01-01'].map((day) => servedBy(left, day).premises)).toEqual([[house], []]);
  });

  it('that was started twice without an end ends as the second began, and that one as was told', () => {
    const list = agreementsTold(supply, [
      started(house, supplyPoint, '2025-01-01'),
      started(house, supplyPoint, '2025-06-01'),
      stopped(house, supplyPoint, '2026-01-01'),
    ]);
    expect(effectiveAgreements(list).agreements.map((one) => one.to)).toEqual(['2025-06-01', '2026-01-01']);
  });

  it('of one account is not ended by another, nor before it began', () => {
    const list = agreementsTold(supply, [
      started(house, supplyPoint, '2025-01-01'),
      stopped(house, supplyPoint, '2026-01-01', idOf('account', 'other')),
      stopped(house, supplyPoint, '2024-12-31'),
    ]);
    expect(effectiveAgreements(list).agreements.map((one) => one.to)).toEqual([null]);
    expect(endsWaiting(list)).toBe(2);
  });

  it('leads to as many premises as a view holds, the oldest agreement first, and counts the others', () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      started(idOf('premise', n), idOf('servicePoint', n), `2025-01-${String(n + 1).padStart(2, '0')}`),
    );
    const some = many.slice(0, 25);
    expect(servedBy(foldAll(account, some), '2026-01-01')).toEqual({
      premises: Array.from({ length: 25 }, (_, n) => idOf('premise', n)),
      more: 0,
    });
    const { premises, more } = servedBy(foldAll(account, many), '2026-01-01');
    expect([premises.length, more]).toEqual([25, 5]);
  });
});
