import { describe, expect, it } from 'vitest';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

const at = (day: string) => `${day}T10:00:00.000Z`;
const fact = (event: string, type: string, day: string, data: Record<string, unknown>) => ({
  type,
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt: at(day),
  data,
});
const crm = { namespace: 'crm', value: 'C-1' };
const account = { namespace: 'billing', value: '000123' };

const household = [
  fact('c1', 'customer.profile.registered.v1', '2025-01-01', {
    kind: 'person',
    name: { given: 'Amara', family: 'Okafor' },
    references: [crm],
  }),
  fact('p1', 'customer.contact-point.added.v1', '2025-01-01', { customer: crm, kind: 'phone', value: '01632 960123' }),
  fact('a1', 'account.account.opened.v1', '2025-01-01', { currency: 'GBP', references: [account] }),
  fact('r1', 'account.role.granted.v1', '2025-01-02', { account, customer: crm, role: 'holder', from: '2025-01-01' }),
  fact('b1', 'billing.bill.issued.v1', '2026-10-01', {
    account,
    number: 'B-1',
    amount: { amountMinor: 8000, currency: 'GBP' },
    issuedOn: '2026-10-01',
    dueOn: '2026-10-15',
  }),
];

describe('keeping facts', () => {
  it('shows a payment in the view of the account holder', async () => {
    const system = await openProfileSystem();
    const results = await system.submit(household, machine);
    expect(results.map((result) => result.status)).toEqual(Array(5).fill('accepted'));
    const pay = fact('pay1', 'billing.payment.received.v1', '2026-11-01', {
      account,
      amount: { amountMinor: 5000, currency: 'GBP' },
      method: 'card',
    });
    expect((await system.submit([pay, pay], machine)).map((one) => one.status)).toEqual(['accepted', 'duplicate']);
    const changed = { ...pay, data: { ...pay.data, method: 'cash' } };
    expect((await system.submit([changed], machine))[0]).toMatchObject({
      status: 'quarantined',
      reason: 'fact.conflict',
    });
    await system.settle();
    const [registered] = results;
    const customer = registered !== undefined && 'fact' in registered ? registered.fact.entity : undefined;
    const view = await show360(
      {
        profile: system.profile,
        now: () => system.clock.now(),
        today: () => '2026-11-24',
      },
      customer ?? '',
    );
    expect(view?.customer).toMatchObject({ name: 'Amara Okafor', status: 'active' });
    expect(view?.accounts[0]).toMatchObject({
      roles: ['holder'],
      balance: { amountMinor: 3000, currency: 'GBP' },
      overdue: { amountMinor: 3000, currency: 'GBP' },
    });
    expect(view?.contact.points).toHaveLength(1);
    expect(view?.alerts[0]?.text).toBe('30.00 GBP overdue since 2026-10-15');
  });

  it('lets a fact wait whose account is not known yet, and places it when the account comes', async () => {
    const system = await openProfileSystem();
    const [bill, ...rest] = [...household].reverse();
    expect((await system.submit([bill], machine))[0]?.status).toBe('waiting');
    await system.submit(rest.reverse(), machine);
    await system.settle();
    expect((await system.submit([bill], machine))[0]?.status).toBe('duplicate');
  });

  it('gives a reversal no effect where its payment was retracted before', async () => {
    const system = await openProfileSystem();
    await system.submit(household, machine);
    const pay = fact('pay1', 'billing.payment.received.v1', '2026-11-01', {
      account,
      amount: { amountMinor: 5000, currency: 'GBP' },
      references: [{ namespace: 'bank', value: 'T-1' }],
    });
    const [kept] = await system.submit([pay], machine);
    const factId = kept !== undefined && 'factId' in kept ? kept.factId : '';
    const payment = kept !== undefined && 'fact' in kept ? kept.fact.entity : undefined;
    await system.submit(
      [fact('x1', 'billing.payment.retracted.v1', '2026-11-02', { factId, reason: 'entered twice' })],
      machine,
    );
    const reversal = fact('v1', 'billing.payment.reversed.v1', '2026-11-03', { account, payment, reason: 'error' });
    const [reversed] = await system.submit([reversal], machine);
    expect(reversed?.status).toBe('accepted');
    const subject = reversed !== undefined && 'fact' in reversed ? (reversed.fact.subjects[0] ?? '') : '';
    const { states } = await loadSubject(system.profile, subject);
    expect(stateOf(states, billing).groundless.count).toBe(1);
    expect(balanceOf(stateOf(states, billing).state)).toBe(8000);
  });
});
