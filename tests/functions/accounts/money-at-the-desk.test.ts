import fc from 'fast-check';
import { expect, it } from 'vitest';
import { standardPaymentBounds } from '#shared/vocabulary/payment-policy.ts';
import { sent, tell } from '#tests/functions/told-household.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { type Desk, openDesk, type Person } from './desk.ts';

/** Whatever people do at the desk, in any order: what is owed is what the entries that count add up to. */

const runs = propertyRuns(30, 300);
const deskStaff: readonly Person[] = ['ada', 'abe', 'sam', 'sue', 'bea'];
const seconds: readonly Person[] = ['sam', 'sue', 'bea'];

const act = fc.record({
  kind: fc.constantFrom('take', 'take', 'reverse', 'reverse', 'confirm', 'confirm', 'decline', 'bounce'),
  who: fc.nat({ max: 4 }),
  // Around the bound of one person, so that both ways are gone.
  amount: fc.integer({ min: 1, max: 2 * standardPaymentBounds.mostReversedAlone }),
  which: fc.nat({ max: 7 }),
  // Also at the very same instant, and where another clock is behind.
  later: fc.constantFrom(0, 0, 1, 60_000, -3),
});
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

interface Known {
  readonly id: string;
  readonly amount: number;
  readonly takenBy: Person;
  reversed: boolean;
  request?: { readonly id: string; readonly by: Person };
}

const chosen = (known: readonly Known[], which: number): Known | undefined => known[which % Math.max(1, known.length)];

/** Takes a payment back, or asks for it; answers what must have come of it. */
const reverse = async (desk: Desk, who: Person, payment: Known): Promise<void> => {
  const answer = await desk.reverse(who, payment.id);
  if (payment.reversed) return expect(answer.status).toBe('payment.reversed');
  if (payment.request !== undefined) return expect(answer.status).toBe('reversal.pending');
  if (payment.amount <= standardPaymentBounds.mostReversedAlone) {
    payment.reversed = true;
    return expect(answer.status).toBe(201);
  }
  expect(answer.status).toBe(202);
  payment.request = { id: String(answer.body.requestId), by: who };
};

const decide = async (desk: Desk, who: Person, payment: Known, decision: 'confirmed' | 'declined'): Promise<void> => {
  const { request } = payment;
  if (request === undefined) return;
  const answer = await desk.decide(who, payment.id, { request: request.id, decision, note: 'Looked at it.' });
  if (who === request.by || who === payment.takenBy) return expect(answer.status).toBe('reversal.second-person');
  expect(answer.status).toBe(201);
  if (decision === 'confirmed') payment.reversed = true;
  // Nobody asks anew before they have read why not.
  else desk.system.clock.set(desk.system.clock.now() + 1000);
  delete payment.request;
};

/** The billing system says that the bank took it back, which is never before it was booked. */
const bounce = async (desk: Desk, payment: Known, event: string): Promise<void> => {
  const { clock } = desk.system;
  clock.set(clock.now() + 1000);
  const at = new Date(clock.now()).toISOString();
  const data = { account: desk.account, payment: payment.id, reason: 'insufficient-funds' };
  await tell(desk.system, sent(event, 'billing.payment.reversed.v1', at, data));
  payment.reversed = true;
  delete payment.request;
};

const doOne = async (desk: Desk, known: Known[], one: Act, n: number): Promise<void> => {
  const { clock } = desk.system;
  clock.set(clock.now() + one.later);
  const [who, second] = [deskStaff[one.who] ?? 'ada', seconds[one.who % 3] ?? 'sam'];
  const payment = chosen(known, one.which);
  if (one.kind === 'take' || payment === undefined) {
    known.push({ id: await desk.taken(who, one.amount), amount: one.amount, takenBy: who, reversed: false });
  } else if (one.kind === 'reverse') await reverse(desk, who, payment);
  else if (one.kind === 'bounce') await bounce(desk, payment, `bounce-${n}`);
  else await decide(desk, second, payment, one.kind === 'confirm' ? 'confirmed' : 'declined');
};

it('after any sequence of payments, reversals, requests and decisions the balance is the sum of the entries that count', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25, size: 'max' }), async (acts) => {
      const desk = await openDesk();
      const known: Known[] = [];
      for (const [n, one] of acts.entries()) await doOne(desk, known, one, n);
      const standing = known.filter(({ reversed }) => !reversed);
      const balance = standing.reduce((sum, { amount }) => sum - amount, 0);
      expect(await desk.balance()).toBe(balance);
      expect((await desk.entries()).reduce((sum, { amount }) => sum + amount.amountMinor, 0)).toBe(balance);
      const shown = new Map((await desk.payments()).map((one) => [one.id, one] as const));
      for (const { id, reversed, request } of known)
        expect([shown.get(id)?.reversed ?? false, shown.get(id)?.reversalRequest?.id]).toEqual([reversed, request?.id]);
      const waiting = known.flatMap(({ request }) => (request === undefined ? [] : [request.id]));
      expect((await desk.waiting(100)).data.map(({ id }) => id).sort()).toEqual(waiting.sort());
      // Folded anew from the facts alone it comes out the same.
      expect(await desk.system.committer.refold(desk.account, true)).toBe(false);
    }),
    { numRuns: runs },
  );
});
