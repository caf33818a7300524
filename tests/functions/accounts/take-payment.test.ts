import { expect, it } from 'vitest';
import { standardPaymentBounds } from '#shared/vocabulary/payment-policy.ts';
import { billed, minute, opened, sent, statusesOf, tell } from '#tests/functions/told-household.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';
import { openDesk } from './desk.ts';

const yen = (amountMinor: number) => ({ amountMinor, currency: 'JPY' });

it('a payment taken after midnight counts for the day of the utility, not of the fact', async () => {
  const desk = await openDesk();
  desk.system.clock.set('2026-07-01T23:30:00.000Z');
  const answer = await desk.pay('ada', 100);
  expect(answer).toMatchObject({ status: 201, body: { receivedOn: '2026-07-02' } });
  expect(await desk.payments()).toMatchObject([{ receivedOn: '2026-07-02' }]);
});

it('a payment on an account with a zone of its own counts for the day there', async () => {
  const desk = await openDesk(undefined, { ...opened, data: { ...opened.data, zone: 'America/Los_Angeles' } });
  desk.system.clock.set('2026-07-01T23:30:00.000Z');
  expect(await desk.pay('ada', 100)).toMatchObject({ status: 201, body: { receivedOn: '2026-07-01' } });
  const tomorrow = await desk.pay('bea', 100, { receivedOn: '2026-07-02' });
  expect([tomorrow.status, tomorrow.pointers]).toEqual(['payment.date', ['/receivedOn']]);
});

it('the bounds of a currency are of its own minor units, and of the others those that hold for all', async () => {
  const policy = {
    otherwise: standardPaymentBounds,
    currencies: { JPY: { mostAtDesk: 2_000_000, mostAtAll: 3_000_000, mostReversedAlone: 100_000 } },
  };
  const desk = await openDesk(policy);
  expect((await desk.pay('ada', 1_000_000)).status).toBe(201);
  expect((await desk.pay('ada', 1_000_001)).status).toBe('payment.too-large');

  const system = await openProfileSystem();
  const paid = (event: string, amount: object) =>
    sent(event, 'billing.payment.received.v1', minute(1), { account: billed, amount });
  const inYen = sent('acc', 'account.account.opened.v1', opened.occurredAt, { currency: 'JPY', references: [billed] });
  const results = await tell(system, inYen, paid('much', yen(100_000_000)), paid('too-much', yen(100_000_001)));
  expect(statusesOf(results)).toEqual(['accepted', 'accepted', 'quarantined']);
});

it('a payment above all bounds is kept aside, what takes it back waits for it, and neither counts', async () => {
  const desk = await openDesk();
  const large = sent('large', 'billing.payment.received.v1', minute(1), {
    account: billed,
    amount: { amountMinor: 1_000_000_000_000, currency: 'GBP' },
    references: [{ namespace: 'pay', value: 'large' }],
  });
  const back = sent('back', 'billing.payment.reversed.v1', minute(2), {
    account: billed,
    payment: { namespace: 'pay', value: 'large' },
  });
  const results = await tell(desk.system, large, back);
  expect(results).toMatchObject([{ status: 'quarantined', reason: 'payment.too-large' }, { status: 'waiting' }]);
  expect([await desk.balance(), await desk.payments()]).toEqual([0, []]);
});

it('a bill may be of any size: the bound is of money that is said to have come', async () => {
  const desk = await openDesk();
  const bill = sent('works', 'billing.bill.issued.v1', minute(1), {
    account: billed,
    amount: { amountMinor: 900_000_000_000, currency: 'GBP' },
    issuedOn: '2026-02-01',
    dueOn: '2026-02-15',
  });
  expect(statusesOf(await tell(desk.system, bill))).toEqual(['accepted']);
});
