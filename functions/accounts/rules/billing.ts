import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { dayAsPeriod, type Period } from '#shared/profile/rules/periods.ts';
import type { Money } from '#shared/vocabulary/money.ts';
import { addMonth } from './billing-months.ts';
import type { Bill, BillingState, OlderDay, Payment } from './billing-state.ts';
import { declined, requested, reversed } from './reversals.ts';

/** What a bill speaks of: the days it bills for, or the day it was issued. */
export const timeOfBill = ({ issuedOn, period }: Pick<Bill, 'issuedOn' | 'period'>): Period =>
  period ?? dayAsPeriod(issuedOn);

const keptBills = 36;
/** Most bills listed where so many are open, and most days of those that are no longer. */
const mostBills = 60;
const mostOlderDays = 240;
/** What a state may hold more for so many open bills. */
const growingLimit = 26 * 1024;
const keptPayments = 6;

/** What is still owed on each bill: money received settles the oldest due first. */
export interface Owed {
  readonly bill: string | null;
  readonly dueOn: string;
  readonly amount: number;
  /** How many bills that is: where they are no longer listed, all of their day, until the last of them is paid. */
  readonly bills: number;
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

const byDue = (a: Pick<Bill, 'id' | 'dueOn'>, b: Pick<Bill, 'id' | 'dueOn'>): number =>
  a.dueOn === b.dueOn ? (a.id < b.id ? -1 : 1) : a.dueOn < b.dueOn ? -1 : 1;

const olderOf = ({ older = [] }: BillingState): readonly OlderDay[] => older;

/** Money received and credited, less what settled bills took that are no longer listed. */
const availableOf = (state: BillingState): number =>
  state.paid + state.bills.reduce((sum, bill) => (bill.amount < 0 ? sum - bill.amount : sum), 0) - state.settled.amount;

export const owedOf = (state: BillingState): readonly Owed[] => {
  let available = availableOf(state);
  const owed: Owed[] = [];
  // A reversal can take back what settled a bill that is no longer listed.
  if (available < 0 && state.settled.dueOn !== null)
    owed.push({ bill: null, dueOn: state.settled.dueOn, amount: -available, bills: 1 });
  available = Math.max(0, available);
  const demanded = [
    ...olderOf(state).map(([dueOn, amount, bills]) => ({ id: '', bill: null, dueOn, amount, bills })),
    ...state.bills.filter((one) => one.amount > 0).map((one) => ({ ...one, bill: one.id, bills: 1 })),
  ].sort(byDue);
  for (const { bill, dueOn, amount, bills } of demanded) {
    const left = Math.max(0, amount - available);
    available = Math.max(0, available - amount);
    if (left > 0) owed.push({ bill, dueOn, amount: left, bills });
  }
  return owed;
};

/** What is still owed of a bill that the state no longer lists; undefined where that cannot be told from what it keeps. */
const unlistedOpenOf = (state: BillingState, { dueOn, amount }: Pick<Bill, 'dueOn' | 'amount'>): number | undefined => {
  const { settled } = state;
  const day = olderOf(state).find(([due]) => due === dueOn);
  if (day === undefined) {
    const [first] = olderOf(state);
    const isAmongMany = first !== undefined && dueOn < first[0] && (settled.dueOn === null || settled.dueOn < dueOn);
    return isAmongMany || availableOf(state) < 0 ? undefined : 0;
  }
  // Another bill of that day may be settled, and no longer listed either.
  if (settled.dueOn !== null && settled.dueOn >= dueOn) return undefined;
  const left = owedOf(state).find((one) => one.bill === null && one.dueOn === dueOn)?.amount ?? 0;
  if (left === day[1]) return Math.max(0, amount);
  return day[2] === 1 ? left : undefined;
};

/** What is still owed of a bill; undefined where that is not known, of very many that are open. */
export const openOf = (state: BillingState, bill: Pick<Bill, 'id' | 'dueOn' | 'amount'>): number | undefined =>
  state.bills.some(({ id }) => id === bill.id)
    ? (owedOf(state).find((one) => one.bill === bill.id)?.amount ?? 0)
    : unlistedOpenOf(state, bill);

/** Balance: what was billed less what was paid; above zero is owed to the utility. */
export const balanceOf = (state: BillingState): number =>
  state.bills.reduce((sum, bill) => sum + bill.amount, 0) +
  olderOf(state).reduce((sum, [, amount]) => sum + amount, 0) +
  state.settled.amount -
  state.paid;

/** The bill to let go of: the oldest settled one past the number kept in full; where too many are open, the oldest of all. */
const surplusBill = (state: BillingState): Bill | undefined => {
  if (state.bills.length <= keptBills) return undefined;
  const open = new Set(owedOf(state).map((one) => one.bill));
  const ordered = [...state.bills].sort(byDue);
  const settled = availableOf(state) < 0 ? undefined : ordered.find((bill) => !open.has(bill.id));
  return settled ?? (state.bills.length > mostBills ? ordered[0] : undefined);
};

/** Days of open bills with one more bill; of too many the two oldest become one, under the later day. */
const withOlder = (older: readonly OlderDay[], { dueOn, amount }: Bill): readonly OlderDay[] => {
  const there = older.find(([day]) => day === dueOn);
  const day: OlderDay = [dueOn, amount + (there?.[1] ?? 0), 1 + (there?.[2] ?? 0)];
  const days = [...older.filter((one) => one !== there), day].sort(([a], [b]) => (a < b ? -1 : 1));
  const [first, second, ...rest] = days;
  if (days.length <= mostOlderDays || first === undefined || second === undefined) return days;
  return [[second[0], first[1] + second[1], first[2] + second[2]], ...rest];
};

const withSettled = (state: BillingState, amount: number, dueOn: string): BillingState => {
  const { settled } = state;
  const latest = settled.dueOn === null || settled.dueOn < dueOn ? dueOn : settled.dueOn;
  return { ...state, settled: { amount: settled.amount + amount, dueOn: latest } };
};

const withoutOlder = ({ older: _, ...state }: BillingState, left: readonly OlderDay[]): BillingState =>
  left.length === 0 ? state : { ...state, older: left };

/** Lets go of days that money received has settled, the first first. */
const withOlderSettled = (state: BillingState): BillingState => {
  const owed = new Set(owedOf(state).flatMap(({ bill, dueOn }) => (bill === null ? [dueOn] : [])));
  if (availableOf(state) < 0) return state;
  const isSettled = ([dueOn]: OlderDay): boolean => !owed.has(dueOn);
  const gone = olderOf(state).filter(isSettled);
  return gone.reduce<BillingState>(
    (next, [dueOn, amount]) => withSettled(next, amount, dueOn),
    withoutOlder(
      state,
      olderOf(state).filter((one) => !isSettled(one)),
    ),
  );
};

/** Lets go of bills past the number kept; the balance and what is owed stay what they are. */
const trimmed = (state: BillingState): BillingState => {
  let next = state;
  for (let gone = surplusBill(next); gone !== undefined; gone = surplusBill(next)) {
    const oldest = gone;
    const isOpen = owedOf(next).some(({ bill }) => bill === oldest.id);
    const left = { ...next, bills: next.bills.filter((bill) => bill !== oldest) };
    next = isOpen
      ? { ...left, older: withOlder(olderOf(next), oldest) }
      : withSettled(left, oldest.amount, oldest.dueOn);
  }
  return withOlderSettled(next);
};

type BillFact = FactOf<'billing.bill.issued.v1'>;
type PaymentFact = FactOf<'billing.payment.received.v1'>;

/** An amount, if the account counts in its currency. */
const inCurrency = (state: BillingState, amount: Money | undefined): Money | undefined =>
  amount !== undefined && (state.currency === null || state.currency === amount.currency) ? amount : undefined;

const periodOf = ({ data: { periodFrom: from, periodTo: to } }: BillFact): Pick<Bill, 'period'> =>
  from === undefined || to === undefined ? {} : { period: { from, to } };

/** The amount of a bill or payment. */
export const moneyOf = (fact: Fact): Money | undefined =>
  fact.type === 'billing.bill.issued.v1' || fact.type === 'billing.payment.received.v1' ? fact.data.amount : undefined;

/** What a bill or payment speaks of, from its fact: the days billed for, the day it was issued, or the day money came in. */
export const timeOfMoney = (fact: Fact): Period => {
  if (fact.type === 'billing.bill.issued.v1' && fact.data.issuedOn !== undefined)
    return timeOfBill({ issuedOn: fact.data.issuedOn, ...periodOf(fact) });
  const receivedOn = fact.type === 'billing.payment.received.v1' ? fact.data.receivedOn : undefined;
  return dayAsPeriod(receivedOn ?? dayOf(fact));
};

const issued = (state: BillingState, fact: BillFact): BillingState | 'groundless' => {
  const amount = inCurrency(state, fact.data.amount);
  if (amount === undefined || fact.entity === undefined) return 'groundless';
  const issuedOn = fact.data.issuedOn ?? dayOf(fact);
  const dueOn = fact.data.dueOn ?? issuedOn;
  const bill: Bill = {
    id: fact.entity,
    number: fact.data.number ?? null,
    amount: amount.amountMinor,
    issuedOn,
    dueOn,
    ...periodOf(fact),
  };
  const months = addMonth(state.months, issuedOn, [amount.amountMinor, 0, 0]);
  return trimmed({ ...state, currency: amount.currency, bills: [...state.bills, bill], months });
};

const received = (state: BillingState, fact: PaymentFact): BillingState | 'groundless' => {
  const amount = inCurrency(state, fact.data.amount);
  if (amount === undefined || fact.entity === undefined) return 'groundless';
  const on = fact.data.receivedOn ?? dayOf(fact);
  const payment: Payment = {
    id: fact.entity,
    amount: amount.amountMinor,
    on,
    method: fact.data.method ?? 'other',
    reversed: false,
  };
  return trimmed({
    ...state,
    currency: amount.currency,
    payments: latestPayments([...state.payments, payment])
      .slice(0, keptPayments)
      .toReversed(),
    paid: state.paid + amount.amountMinor,
    months: addMonth(state.months, on, [0, amount.amountMinor, 0]),
  });
};

export const billing: Family<BillingState> = {
  name: 'billing',
  of: 'account',
  rules: 6,
  bounded: true,
  growingLimit,
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
    if (fact.type !== 'billing.payment.reversed.v1' && fact.type !== 'billing.reversal.requested.v1') return [];
    return fact.data.payment === undefined ? [] : [fact.data.payment];
  },
};
