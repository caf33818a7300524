import { type Fact, ownSystem } from '#shared/vocabulary/fact.ts';
import { addMonth } from './billing-months.ts';
import type { BillingState, ReversalRequest } from './billing-state.ts';
import { dayOf, money, text } from './fact-data.ts';
import type { Ground } from './fold.ts';

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

/** The system that keeps the books: the bank tells it what came back, whoever had booked it. */
const booksSystem = 'billing';

/** Whether a system may take back a payment that `booked` has booked: it is its own, or the system keeps the books. */
export const mayTakeBack = (system: string, booked: string): boolean => system === booked || system === booksSystem;

/** Whether somebody may decide on a request: a second person, who neither asked nor took the payment. */
export const maySecond = (request: Pick<ReversalRequest, 'askedBy' | 'takenBy'>, actor: string): boolean =>
  actor !== request.askedBy && actor !== request.takenBy;

/** The payment a fact names and its amount, where it counts in the balance and was not taken back. */
const standingPayment = (
  state: BillingState,
  fact: Fact,
  ground: Ground,
): { readonly payment: Fact; readonly id: string; readonly amount: number } | undefined => {
  const id = text(fact, 'payment');
  const payment = id === undefined ? undefined : ground.created(id);
  if (id === undefined || payment === undefined || payment.subjects[0] !== fact.subjects[0]) return undefined;
  const amount = money(payment, 'amount');
  if (amount === undefined || amount[1] !== state.currency || isReversed(state, id)) return undefined;
  return { payment, id, amount: amount[0] };
};

export const requested = (state: BillingState, fact: Fact, ground: Ground): BillingState | 'groundless' => {
  const standing = standingPayment(state, fact, ground);
  if (standing === undefined || !isOwnPayment(standing.payment)) return 'groundless';
  const { payment, id, amount } = standing;
  const { requests } = state;
  if (requests.length >= mostReversalRequests || requests.some((one) => one.payment === id)) return 'groundless';
  const request: ReversalRequest = {
    id: fact.id,
    payment: id,
    amount,
    reason: text(fact, 'reason') ?? 'other',
    askedBy: fact.source.actor,
    takenBy: payment.source.actor,
    at: fact.occurredAt,
  };
  return { ...state, requests: [...requests, request] };
};

/** The request a fact decides on, if it waits and this is not the word of somebody who has a part in it. */
const decidedRequest = (state: BillingState, fact: Fact): ReversalRequest | undefined =>
  state.requests.find(
    (one) =>
      one.id === text(fact, 'request') && one.payment === text(fact, 'payment') && maySecond(one, fact.source.actor),
  );

export const declined = (state: BillingState, fact: Fact): BillingState | 'groundless' => {
  const request = decidedRequest(state, fact);
  return request === undefined ? 'groundless' : { ...state, requests: state.requests.filter((one) => one !== request) };
};

/** A reversal counts in the month of its day, or of the day its payment came in, where that is later. */
const reversedOn = (fact: Fact, payment: Fact): string => {
  const days = [dayOf(fact), text(payment, 'receivedOn') ?? dayOf(payment)];
  return days.sort().at(-1) ?? dayOf(fact);
};

export const reversed = (state: BillingState, fact: Fact, ground: Ground): BillingState | 'groundless' => {
  const standing = standingPayment(state, fact, ground);
  if (standing === undefined || !mayTakeBack(fact.source.system, standing.payment.source.system)) return 'groundless';
  // A second person's word counts as long as what they were asked still waits.
  if (text(fact, 'request') !== undefined && decidedRequest(state, fact) === undefined) return 'groundless';
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
