import { describe, expect, it } from 'vitest';
import { mostReversalRequests } from '#functions/accounts/rules/reversals.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { entityOf, factOf, minute, payment, sent, tell } from '#tests/functions/told-household.ts';
import type { ProfileSystem } from '#tests/support/profile-system.ts';
import { type Desk, openDesk, whyNot } from './desk.ts';

/** Above what one person takes back alone, and what one person may. */
const [much, little] = [50_001, 50_000];

/** A desk at which Ada took a large payment and asked for it back. */
const asked = async (taker: 'ada' | 'sue' = 'ada', asker: 'ada' | 'abe' | 'sam' = 'ada') => {
  const desk = await openDesk();
  const paid = await desk.taken(taker, much);
  const answer = await desk.reverse(asker, paid);
  expect(answer).toMatchObject({ status: 202, body: { status: 'requested', balance: { amountMinor: -much } } });
  return { desk, paid, request: String(answer.body.requestId) };
};
/** The program of billing, which may say what is declared of it. */
const billingClient: Sender = {
  actor: 'machine:billing',
  speaksFor: (system) => (system === 'billing' ? sourceNamed(system) : undefined),
  supervisor: false,
};
const confirm = (request: string) => ({ request, decision: 'confirmed' as const });
const decline = (request: string) => ({ request, decision: 'declined' as const, note: 'The statement shows it.' });

describe('a payment that staff took by a slip', () => {
  it.each(['ada', 'abe', 'sam', 'bea'] as const)('is taken back by %s, with code and words', async (who) => {
    const desk = await openDesk();
    const paid = await desk.taken('ada', little);
    const answer = await desk.reverse(who, paid);
    expect(answer).toMatchObject({ status: 201, body: { id: paid, status: 'reversed', balance: { amountMinor: 0 } } });
    expect(await desk.balance()).toBe(0);
    expect(await desk.entries()).toMatchObject([
      { kind: 'reversal', id: paid, amount: { amountMinor: little }, balance: { amountMinor: 0 } },
      { kind: 'payment', id: paid, amount: { amountMinor: -little } },
    ]);
    expect(await desk.payments()).toMatchObject([
      { id: paid, reversed: true, reversalReason: 'error', reversalNote: whyNot.note },
    ]);
  });

  it('is taken back in the very moment it was taken, and where another clock is behind', async () => {
    const desk = await openDesk();
    for (let n = 0; n < 20; n += 1) {
      const paid = await desk.taken('ada', 100 + n);
      desk.system.clock.set(desk.system.clock.now() - (n % 2));
      expect((await desk.reverse('ada', paid)).status).toBe(201);
    }
    expect(await desk.balance()).toBe(0);
  });

  it('is taken back once, whoever asks again and however much it is', async () => {
    const desk = await openDesk();
    const paid = await desk.taken('ada', little);
    await desk.reverse('ada', paid);
    for (const who of ['ada', 'sam', 'bea'] as const)
      expect((await desk.reverse(who, paid)).status).toBe('payment.reversed');
    expect(await desk.balance()).toBe(0);
  });

  it('is taken back once where several do so at the same moment', async () => {
    const desk = await openDesk();
    const [paid, other] = [await desk.taken('ada', little), await desk.taken('ada', 70)];
    const answers = await Promise.all((['ada', 'abe', 'sam', 'bea'] as const).map((who) => desk.reverse(who, paid)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(3).fill('payment.reversed')]);
    expect([await desk.balance(), (await desk.reverse('ada', other)).status]).toEqual([-70, 201]);
  });

  it('may have been taken back by the billing system before', async () => {
    const desk = await openDesk();
    const paid = await desk.taken('ada', little);
    const back = { account: desk.account, payment: paid, reason: 'insufficient-funds' };
    const at = new Date(desk.system.clock.now() + 1).toISOString();
    await tell(desk.system, sent('bounced', 'billing.payment.reversed.v1', at, back));
    expect([(await desk.reverse('ada', paid)).status, await desk.balance()]).toEqual(['payment.reversed', 0]);
  });
});

describe('a payment that is not for the desk to take back', () => {
  it('is one that the billing system booked', async () => {
    const desk = await openDesk();
    const [paid] = (await tell(desk.system, payment('p1', minute(1), 100))).map(entityOf);
    for (const who of ['ada', 'sam', 'bea'] as const)
      expect((await desk.reverse(who, paid ?? '')).status).toBe('payment.not-ours');
    expect(await desk.balance()).toBe(-100);
  });

  it('is one of another account, one that never was, and what is no payment', async () => {
    const desk = await openDesk();
    const paid = await desk.taken('ada', 100);
    const second = sent('acc-2', 'account.account.opened.v1', minute(1), { currency: 'GBP' });
    const [elsewhere = ''] = (await tell(desk.system, second)).map(entityOf);
    expect((await desk.reverse('ada', paid, whyNot, elsewhere)).status).toBe('not-found');
    for (const id of [mintedId('payment', 'nobody'), desk.account, '', 'pay:1'])
      expect((await desk.reverse('ada', id)).status).toBe('not-found');
    expect(await desk.balance()).toBe(-100);
  });
});

/** Reasons of what is kept aside. */
const quarantined = async ({ store }: ProfileSystem): Promise<readonly string[]> => {
  const reasons: string[] = [];
  for await (const { pk, reason } of store.scan('profile')) if (pk.startsWith('QAR#')) reasons.push(String(reason));
  return reasons;
};

describe('a payment that a program takes back', () => {
  const provider: Sender = { actor: 'machine:payments', speaksFor: sourceNamed, supervisor: false };
  const back = (desk: Desk, paid: string, event = 'back') =>
    sent(event, 'billing.payment.reversed.v1', minute(9), { account: desk.account, payment: paid }, 'payments');
  const paidBy = (system: string) => ({ ...payment('p1', minute(1), 100), source: { system } });

  it.each(['the desk', 'billing'])('is not one that %s booked, for a payment provider', async (who) => {
    const desk = await openDesk();
    const booked = who === 'billing' ? (await tell(desk.system, paidBy(who))).map(entityOf) : undefined;
    const paid = booked?.[0] ?? (await desk.taken('ada', 100));
    expect(await desk.system.submit([back(desk, paid)], provider)).toMatchObject([
      { status: 'rejected', code: 'fact.value-not-allowed', errors: [{ pointer: '/data/payment' }] },
    ]);
    expect(await desk.balance()).toBe(-100);
  });

  it('is not one that billing books only after the provider took it back, by an id that can be computed', async () => {
    const desk = await openDesk();
    const to = mintedId('payment', factIdOf('billing', 'p1'));
    const early = { ...back(desk, to), occurredAt: minute(2) };
    expect(await desk.system.submit([early], provider)).toMatchObject([{ status: 'waiting' }]);
    await tell(desk.system, paidBy('billing'));
    await desk.system.settle();
    expect(await desk.balance()).toBe(-100);
    expect(await quarantined(desk.system)).toEqual(['fact.value-not-allowed']);
  });

  it('is one that it booked itself, and of any for billing, which keeps the books', async () => {
    const desk = await openDesk();
    const [paid = ''] = (await desk.system.submit([paidBy('payments')], provider)).map(entityOf);
    expect(await desk.balance()).toBe(-100);
    expect(await desk.system.submit([back(desk, paid)], provider)).toMatchObject([{ status: 'accepted' }]);
    expect(await desk.balance()).toBe(0);
    const [next = ''] = (
      await desk.system.submit(
        [{ ...paidBy('payments'), sourceEventId: 'p2', data: { ...paidBy('payments').data, references: [] } }],
        provider,
      )
    ).map(entityOf);
    const books = { ...back(desk, next, 'books'), source: { system: 'billing' } };
    expect(await desk.system.submit([books], { ...provider, actor: 'machine:billing' })).toMatchObject([
      { status: 'accepted' },
    ]);
    expect(await desk.balance()).toBe(0);
  });
});

describe('a payment above what one person takes back', () => {
  it('stays booked until a second person confirms, and is seen as asked for meanwhile', async () => {
    const { desk, paid, request } = await asked();
    expect(await desk.balance()).toBe(-much);
    expect(await desk.payments()).toMatchObject([
      { id: paid, reversalRequest: { id: request, requestedBy: 'staff:ada', reason: 'error', note: whyNot.note } },
    ]);
    expect((await desk.waiting()).data).toMatchObject([
      {
        id: request,
        accountId: desk.account,
        paymentId: paid,
        amount: { amountMinor: much, currency: 'GBP' },
        note: whyNot.note,
        requestedBy: 'staff:ada',
        takenBy: 'staff:ada',
      },
    ]);
    const answer = await desk.decide('sam', paid, confirm(request));
    expect(answer).toMatchObject({ status: 201, body: { status: 'reversed', balance: { amountMinor: 0 } } });
    expect([await desk.balance(), (await desk.waiting()).data]).toEqual([0, []]);
    const [shown] = await desk.payments();
    expect(shown).toMatchObject({ reversed: true, reversalReason: 'error', reversalNote: whyNot.note });
    expect(shown?.reversalRequest).toBeUndefined();
  });

  it('is asked for by a supervisor and by billing as by an agent', async () => {
    const desk = await openDesk();
    for (const who of ['sam', 'bea'] as const) {
      const paid = await desk.taken('ada', much);
      expect((await desk.reverse(who, paid)).status).toBe(202);
    }
    expect(await desk.balance()).toBe(-2 * much);
  });

  it('is not confirmed or declined by who asked, nor by who took it', async () => {
    const own = await asked('ada', 'sam');
    const taken = await asked('sue', 'ada');
    for (const [{ desk, paid, request }, who] of [
      [own, 'sam'],
      [taken, 'sue'],
    ] as const) {
      for (const decision of [confirm(request), decline(request)])
        expect((await desk.decide(who, paid, decision)).status).toBe('reversal.second-person');
      expect(await desk.balance()).toBe(-much);
    }
    expect((await own.desk.decide('sue', own.paid, confirm(own.request))).status).toBe(201);
    expect((await taken.desk.decide('bea', taken.paid, confirm(taken.request))).status).toBe(201);
  });

  it('stays booked where the second person declines, and may be asked for again', async () => {
    const { desk, paid, request } = await asked();
    expect(await desk.decide('sam', paid, decline(request))).toMatchObject({
      status: 201,
      body: { status: 'declined' },
    });
    expect([await desk.balance(), (await desk.waiting()).data]).toEqual([-much, []]);
    expect((await desk.decide('bea', paid, confirm(request))).status).toBe('reversal.not-pending');
    desk.system.clock.set(desk.system.clock.now() + 1000);
    const again = await desk.reverse('abe', paid);
    expect(again.status).toBe(202);
    expect((await desk.decide('bea', paid, confirm(request))).status).toBe('reversal.not-pending');
    expect((await desk.decide('bea', paid, confirm(String(again.body.requestId)))).status).toBe(201);
    expect(await desk.balance()).toBe(0);
  });

  it('is asked for once, also where two ask at the same moment', async () => {
    const desk = await openDesk();
    const paid = await desk.taken('ada', much);
    const answers = await Promise.all([desk.reverse('ada', paid), desk.reverse('abe', paid)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 'reversal.pending']);
    expect((await desk.reverse('sam', paid)).status).toBe('reversal.pending');
  });

  it('is decided on once, also where one confirms and another declines at the same moment', async () => {
    for (let n = 0; n < 6; n += 1) {
      const { desk, paid, request } = await asked();
      const [yes, no] = await Promise.all([
        desk.decide('sam', paid, confirm(request)),
        desk.decide('bea', paid, decline(request)),
      ]);
      expect([yes.status, no.status].sort()).toEqual([201, 'reversal.not-pending']);
      expect(await desk.balance()).toBe(yes.status === 201 ? 0 : -much);
    }
  });

  it('waits no longer once the billing system took it back, and is not taken back twice', async () => {
    const { desk, paid, request } = await asked();
    const back = { account: desk.account, payment: paid, reason: 'insufficient-funds' };
    const at = new Date(desk.system.clock.now() + 1).toISOString();
    await tell(desk.system, sent('bounced', 'billing.payment.reversed.v1', at, back));
    expect([await desk.balance(), (await desk.waiting()).data]).toEqual([0, []]);
    expect((await desk.decide('sam', paid, confirm(request))).status).toBe('reversal.not-pending');
    expect(await desk.balance()).toBe(0);
  });

  it('is not decided on by the request for another payment', async () => {
    const { desk, paid, request } = await asked();
    const other = await desk.taken('ada', much);
    expect((await desk.decide('sam', other, confirm(request))).status).toBe('reversal.not-pending');
    expect((await desk.decide('sam', paid, confirm(mintedId('fact', 'none')))).status).toBe('reversal.not-pending');
    expect(await desk.balance()).toBe(-2 * much);
  });
});

describe('requests that wait', () => {
  const fill = async (desk: Desk, count: number) => {
    for (let n = 0; n < count; n += 1) {
      desk.system.clock.set(desk.system.clock.now() + 1000);
      expect((await desk.reverse('ada', await desk.taken('ada', much + n))).status).toBe(202);
    }
  };

  it('are listed page by page, the longest waiting first, each once', async () => {
    const desk = await openDesk();
    await fill(desk, 7);
    const amounts: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await desk.waiting(3, cursor);
      amounts.push(...page.data.map(({ amount }) => amount.amountMinor));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(amounts).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => much + n));
  });

  it('are bounded on one account, and none that waits is dropped for a further one', async () => {
    const desk = await openDesk();
    await fill(desk, mostReversalRequests);
    const further = await desk.taken('ada', much);
    expect((await desk.reverse('ada', further)).status).toBe('reversal.too-many');
    expect((await desk.waiting(100)).data).toHaveLength(mostReversalRequests);
  });

  it('are of this system alone to say', async () => {
    const { desk, paid, request } = await asked();
    const common = { account: desk.account, payment: paid, note: 'By a program.' };
    const told = [
      sent('ask', 'billing.reversal.requested.v1', minute(9), { ...common, reason: 'error' }),
      sent('no', 'billing.reversal.declined.v1', minute(9), { ...common, request }),
      sent('undo', 'billing.reversal.retracted.v1', minute(9), { factId: request, reason: 'By a program.' }),
    ];
    const results = await desk.system.submit(told, billingClient);
    expect(results.map((result) => ('code' in result ? result.code : factOf(result)))).toEqual(
      Array(3).fill('fact.type-not-allowed'),
    );
    expect((await desk.waiting()).data).toHaveLength(1);
  });
});
