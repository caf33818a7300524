import type { Fact } from '#shared/vocabulary/fact.ts';
import { addMonth, type Months } from './billing-months.ts';
import { dayOf, money, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import { dayAsPeriod, type Period } from './periods.ts';
import { declined, type ReversalRequest, requested, reversed } from './reversals.ts';

export interface Bill {
  readonly id: string;
  readonly number: string | null;
  readonly amount: number;
  readonly issuedOn: string;
  readonly dueOn: string;
  /** Days it bills for, where it says so. */
  readonly period?: Period;
}

/** What a bill speaks of: the days it bills for, or the day it was issued. */
export const timeOfBill = ({ issuedOn, period }: Pick<Bill, 'issuedOn' | 'period'>): Period =>
  period ?? dayAsPeriod(issuedOn);

export interface Payment {
  readonly id: string;
  readonly amount: number;
  readonly on: string;
  readonly method: string;
  readonly reversed: boolean;
}

/**
 * Money of one account: recent and unsettled bills in full, the rest as sums. Amounts in minor units of `currency`, that of the
 * first bill or payment; what is in another has no effect, and the door keeps it aside.
 */
export interface BillingState {
  readonly currency: string | null;
  readonly bills: readonly Bill[];
  /** The latest by value date, oldest first. */
  readonly payments: readonly Payment[];
  /** Payments less reversals, ever. */
  readonly paid: number;
  /** Sum and latest due date of bills no longer listed: settled ones, and the oldest of very many that are not. */
  readonly settled: { readonly amount: number; readonly dueOn: string | null };
  /** First 12 characters behind the prefix of ids of payments already reversed, latest 400. */
  readonly reversed: readonly string[];
  /** Reversals that wait for a second person, in the order they were asked for. */
  readonly requests: readonly ReversalRequest[];
  readonly months: Months;
}

const keptBills = 36;
/** Most bills listed where so many are open. */
const mostBills = 60;
const keptPayments = 6;

/** What is still owed on each bill: money received settles the oldest due first (domain rule 5.1). */
export interface Owed {
  readonly bill: string | null;
  readonly dueOn: string;
  readonly amount: number;
}

/** The latest first by a day; of one day, what was said last. Lists of a state stand in fold order. */
const latestFirst = <Entry>(entries: readonly Entry[], dayIn: (entry: Entry) => string): readonly Entry[] =>
  entries.toReversed().toSorted((a, b) => (dayIn(a) === dayIn(b) ? 0 : dayIn(a) < dayIn(b) ? 1 : -1));

/** Bills, the one issued last first; of one day, the one said last. */
export const newestBills = <Entry extends Pick<Bill, 'issuedOn'>>(bills: readonly Entry[]): readonly Entry[] =>
  latestFirst(bills, ({ issuedOn }) => issuedOn);

/** Payments by value date, the last first; of one day, the one said last. */
export const latestPayments = <Entry extends Pick<Payment, 'on'>>(payments: readonly Entry[]): readonly Entry[] =>
  latestFirst(payments, ({ on }) => on);

const byDue = (a: Bill, b: Bill): number => (a.dueOn === b.dueOn ? (a.id < b.id ? -1 : 1) : a.dueOn < b.dueOn ? -1 : 1);

export const owedOf = (state: BillingState): readonly Owed[] => {
  const credits = state.bills.reduce((sum, bill) => (bill.amount < 0 ? sum - bill.amount : sum), 0);
  let available = state.paid + credits - state.settled.amount;
  const owed: Owed[] = [];
  // A reversal can take back what settled a bill that is no longer listed.
  if (available < 0 && state.settled.dueOn !== null)
    owed.push({ bill: null, dueOn: state.settled.dueOn, amount: -available });
  available = Math.max(0, available);
  for (const bill of state.bills.filter((one) => one.amount > 0).sort(byDue)) {
    const left = Math.max(0, bill.amount - available);
    available = Math.max(0, available - bill.amount);
    if (left > 0) owed.push({ bill: bill.id, dueOn: bill.dueOn, amount: left });
  }
  return owed;
};

/** Balance: what was billed less what was paid; above zero is owed to the utility. */
export const balanceOf = (state: BillingState): number =>
  state.bills.reduce((sum, bill) => sum + bill.amount, 0) + state.settled.amount - state.paid;

/** The bill to let go of: the oldest settled one past the number kept in full; where too many are open, the oldest of all. */
const surplusBill = (state: BillingState): Bill | undefined => {
  if (state.bills.length <= keptBills) return undefined;
  const open = new Set(owedOf(state).map((one) => one.bill));
  const ordered = [...state.bills].sort(byDue);
  const settled = open.has(null) ? undefined : ordered.find((bill) => !open.has(bill.id));
  return settled ?? (state.bills.length > mostBills ? ordered[0] : undefined);
};

/** Lets go of bills past the number kept; the balance and what is owed stay what they are. */
const trimmed = (state: BillingState): BillingState => {
  let next = state;
  for (let gone = surplusBill(next); gone !== undefined; gone = surplusBill(next)) {
    const { settled } = next;
    const oldest = gone;
    const dueOn = settled.dueOn === null || settled.dueOn < oldest.dueOn ? oldest.dueOn : settled.dueOn;
    next = {
      ...next,
      bills: next.bills.filter((bill) => bill !== oldest),
      settled: { amount: settled.amount + oldest.amount, dueOn },
    };
  }
  return next;
};

const inCurrency = (state: BillingState, fact: Fact): readonly [number, string] | undefined => {
  const amount = money(fact, 'amount');
  return amount !== undefined && (state.currency === null || state.currency === amount[1]) ? amount : undefined;
};

const periodOf = (fact: Fact): Pick<Bill, 'period'> => {
  const [from, to] = [text(fact, 'periodFrom'), text(fact, 'periodTo')];
  return from === undefined || to === undefined ? {} : { period: { from, to } };
};

/** What a bill or payment speaks of, from its fact: the days billed for, the day it was issued, or the day money came in. */
export const timeOfMoney = (fact: Fact): Period => {
  const issuedOn = text(fact, 'issuedOn');
  if (issuedOn !== undefined) return timeOfBill({ issuedOn, ...periodOf(fact) });
  return dayAsPeriod(text(fact, 'receivedOn') ?? dayOf(fact));
};

const issued = (state: BillingState, fact: Fact): BillingState | 'groundless' => {
  const amount = inCurrency(state, fact);
  if (amount === undefined || fact.entity === undefined) return 'groundless';
  const issuedOn = text(fact, 'issuedOn') ?? dayOf(fact);
  const dueOn = text(fact, 'dueOn') ?? issuedOn;
  const bill: Bill = {
    id: fact.entity,
    number: text(fact, 'number') ?? null,
    amount: amount[0],
    issuedOn,
    dueOn,
    ...periodOf(fact),
  };
  const months = addMonth(state.months, issuedOn, [amount[0], 0, 0]);
  return trimmed({ ...state, currency: amount[1], bills: [...state.bills, bill], months });
};

const received = (state: BillingState, fact: Fact): BillingState | 'groundless' => {
  const amount = inCurrency(state, fact);
  if (amount === undefined || fact.entity === undefined) return 'groundless';
  const on = text(fact, 'receivedOn') ?? dayOf(fact);
  const payment: Payment = {
    id: fact.entity,
    amount: amount[0],
    on,
    method: text(fact, 'method') ?? 'other',
    reversed: false,
  };
  return trimmed({
    ...state,
    currency: amount[1],
    payments: latestPayments([...state.payments, payment])
      .slice(0, keptPayments)
      .toReversed(),
    paid: state.paid + amount[0],
    months: addMonth(state.months, on, [0, amount[0], 0]),
  });
};

const needPayment: ReadonlySet<string> = new Set(['billing.payment.reversed.v1', 'billing.reversal.requested.v1']);

export const billing: Family<BillingState> = {
  name: 'billing',
  rules: 5,
  bounded: true,
  empty: () => ({
    currency: null,
    bills: [],
    payments: [],
    paid: 0,
    settled: { amount: 0, dueOn: null },
    reversed: [],
    requests: [],
    months: {},
  }),
  apply(state, fact, ground) {
    switch (fact.type) {
      case 'billing.bill.issued.v1':
        return issued(state, fact);
      case 'billing.payment.received.v1':
        return received(state, fact);
      case 'billing.payment.reversed.v1':
        return reversed(state, fact, ground);
      case 'billing.reversal.requested.v1':
        return requested(state, fact, ground);
      case 'billing.reversal.declined.v1':
        return declined(state, fact);
      default:
        return 'groundless';
    }
  },
  needs(fact) {
    const payment = needPayment.has(fact.type) ? text(fact, 'payment') : undefined;
    return payment === undefined ? [] : [payment];
  },
};
