import { idToBe, keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { account } from '#shared/profile/rules/account.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type Money, writeMoney } from '#shared/vocabulary/money.ts';
import { paymentBounds } from '#shared/vocabulary/payment-policy.ts';
import { localDateAt } from '#shared/vocabulary/time.ts';
import { type AccountsParts, refusedField, subjectOf } from './api-account.ts';
import { balanceOf, billing } from './rules/billing.ts';

const isBilling = (actor: Actor): boolean => actor.kind === 'staff' && actor.roles.includes('billing');

/**
 * An account is kept in one currency; what comes in another would not count. Of an account whose opening was taken back none is
 * known: the first payment would choose it, and the bounds with it.
 */
const checkCurrency = (states: States, sent: string): void => {
  const { currency } = stateOf(states, account).state;
  if (currency === sent) return;
  if (currency === null)
    throw new DomainError('conflict', 'payment.no-account', 'There is no such account to pay on any more.');
  throw refusedField('invalid', 'payment.currency', '/amount/currency', `The account is kept in ${currency}.`);
};

const checkAmount = (parts: AccountsParts, actor: Actor, { amountMinor, currency }: Money): void => {
  const { mostAtDesk, mostAtAll } = paymentBounds(parts.payments, currency);
  const most = isBilling(actor) ? mostAtAll : mostAtDesk;
  if (amountMinor <= most) return;
  const message = `At most ${writeMoney({ amountMinor: most, currency })} can be taken here at once.`;
  throw refusedField('invalid', 'payment.too-large', '/amount/amountMinor', message);
};

/** The value date: today, unless billing says another day of the account's time so far. */
const valueDate = (states: States, actor: Actor, sent: string | undefined, today: string): string => {
  if (sent === undefined) return today;
  if (!isBilling(actor))
    throw refusedField('forbidden', 'payment.date-by-billing', '/receivedOn', 'The day is for billing to choose.');
  const { openedOn } = stateOf(states, account).state;
  if (sent > today || (openedOn !== null && sent < openedOn))
    throw refusedField('invalid', 'payment.date', '/receivedOn', 'The day is before the account opened, or to come.');
  return sent;
};

export const takePayment =
  (parts: AccountsParts): Operations['takePayment'] =>
  async (request) => {
    const subject = subjectOf(request);
    const { actor } = request.call;
    const { amount } = request.body;
    const { states } = await loadSubject(parts.profile, subject);
    checkCurrency(states, amount.currency);
    checkAmount(parts, actor, amount);
    const { zone } = stateOf(states, account).state;
    const now = Math.floor(parts.now() / 1000);
    const today = zone === undefined ? parts.today() : localDateAt(zone, now);
    const receivedOn = valueDate(states, actor, request.body.receivedOn, today);
    const id = idToBe(request, 'payment');
    const data = { account: subject, ...request.body, receivedOn };
    return keepFacts(parts, request, [{ type: 'billing.payment.received.v1', data }], (kept, version) => {
      const ledger = stateOf(kept.after.get(subject) ?? new Map(), billing).state;
      const [fact] = kept.facts;
      return {
        status: 201,
        body: {
          id,
          accountId: subject,
          factId: fact?.id ?? '',
          occurredAt: fact?.occurredAt ?? '',
          receivedOn,
          balance: { amountMinor: balanceOf(ledger), currency: ledger.currency ?? amount.currency },
          masked: [],
        },
        version,
      };
    });
  };
