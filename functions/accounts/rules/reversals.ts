import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import type { Ground } from '#shared/profile/rules/fold.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { mayTakeBack } from '#shared/vocabulary/payment-policy.ts';
import { addMonth } from './billing-months.ts';
import type { BillingState, ReversalRequest } from './billing-state.ts';

/** Most requests that wait on one account; a further one has no effect until one of them is decided. */
export const mostReversalRequests = 20;

const keptReversed = 400;

/** The mark of a payment in the list of those already reversed. */
const reversedMark = (payment: string): string => payment.slice(4, 16);

/** Whether a payment was taken back; of very many, the latest are known. */
export const isReversed = (state: BillingState, payment: string): boolean =>
  state.reversed.includes(reversedMark(payment));

/** Whether this system's own door booked a payment: what another system booked is that system's to take back. */
export const isOwnPayment = (payment: Fact): boolean => payment.source.system === ownSystem;

/** Whether somebody may decide on a request: a second person, who neither asked nor took the payment. */
export const maySecond = (request: Pick<ReversalRequest, 'askedBy' | 'takenBy'>, actor: string): boolean =>
  actor !== request.askedBy && actor !== request.takenBy;

type Payment = FactOf<'billing.payment.received.v1'>;
type Asked = FactOf<'billing.reversal.requested.v1'>;
type TakenBack = FactOf<'billing.payment.reversed.v1'>;

/** The payment that a fact speaks of: one that asks for it to be taken back, or tells what became of that. */
export const paymentNamedBy = (fact: Fact): string | undefined => {
  switch (fact.type) {
    case 'billing.payment.reversed.v1':
    case 'billing.reversal.requested.v1':
    case 'billing.reversal.declined.v1':
      return fact.data.payment;
    default:
      return undefined;
  }
};

/** The payment a fact names and its amount, where it counts in the balance and was not taken back. */
const standingPayment = (
  state: BillingState,
  fact: Asked | TakenBack,
  ground: Ground,
): { readonly payment: Payment; readonly id: string; readonly amount: number } | undefined => {
  const { payment: id } = fact.data;
  const payment = id === undefined ? undefined : ground.created(id);
  if (id === undefined || payment?.type !== 'billing.payment.received.v1') return undefined;
  const { amount } = payment.data;
  if (payment.subjects[0] !== fact.subjects[0] || amount?.currency !== state.currency) return undefined;
  return isReversed(state, id) ? undefined : { payment, id, amount: amount.amountMinor };
};

export const requested = (state: BillingState, fact: Asked, ground: Ground): BillingState | 'groundless' => {
  const standing = standingPayment(state, fact, ground);
  if (standing === undefined || !isOwnPayment(standing.payment)) return 'groundless';
  const { payment, id, amount } = standing;
  const { requests } = state;
  if (requests.length >= mostReversalRequests || requests.some((one) => one.payment === id)) return 'groundless';
  const request: ReversalRequest = {
    id: fact.id,
    payment: id,
    amount,
    reason: fact.data.reason ?? 'other',
    askedBy: fact.source.actor,
    takenBy: payment.source.actor,
    at: fact.occurredAt,
  };
  return { ...state, requests: [...requests, request] };
};

/** The request a fact decides on, if it waits and this is not the word of somebody who has a part in it. */
const decidedRequest = (
  state: BillingState,
  { data, source }: TakenBack | FactOf<'billing.reversal.declined.v1'>,
): ReversalRequest | undefined =>
  state.requests.find((one) => one.id === data.request && one.payment === data.payment && maySecond(one, source.actor));

export const declined = (
  state: BillingState,
  fact: FactOf<'billing.reversal.declined.v1'>,
): BillingState | 'groundless' => {
  const request = decidedRequest(state, fact);
  return request === undefined ? 'groundless' : { ...state, requests: state.requests.filter((one) => one !== request) };
};

/** A reversal counts in the month of its day, or of the day its payment came in, where that is later. */
const reversedOn = (fact: TakenBack, payment: Payment): string => {
  const days = [dayOf(fact), payment.data.receivedOn ?? dayOf(payment)];
  return days.sort().at(-1) ?? dayOf(fact);
};

export const reversed = (state: BillingState, fact: TakenBack, ground: Ground): BillingState | 'groundless' => {
  const standing = standingPayment(state, fact, ground);
  if (standing === undefined || !mayTakeBack(fact.source.system, standing.payment.source.system)) return 'groundless';
  // A second person's word counts as long as what they were asked still waits.
  if (fact.data.request !== undefined && decidedRequest(state, fact) === undefined) return 'groundless';
  const { id, amount, payment } = standing;
  return {
    ...state,
    paid: state.paid - amount,
    payments: state.payments.map((one) => (one.id === id ? { ...one, reversed: true } : one)),
    reversed: [...state.reversed, reversedMark(id)].slice(-keptReversed),
    requests: state.requests.filter((one) => one.payment !== id),
    months: addMonth(state.months, reversedOn(fact, payment), [0, 0, amount]),
  };
};
