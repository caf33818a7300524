import { dayOf, money, type Told, text } from './told.ts';

const ofAccount = (facts: readonly Told[], account: string, type: string): readonly Told[] =>
  facts.filter((fact) => fact.type === type && text(fact, 'account') === account);

/** Whether somebody may decide on a request: neither who asked nor who took the payment. */
const isSecond = (decision: Told, request: Told, payment: Told): boolean =>
  decision.actor !== request.actor && decision.actor !== payment.actor;

interface Ledger {
  readonly bills: readonly Told[];
  readonly payments: readonly Told[];
  readonly reversed: ReadonlySet<string>;
  readonly waiting: readonly Told[];
  readonly groundless: readonly Told[];
}

/** What money of an account came to: each fact is judged by all that were before it. */
export const ledgerOf = (facts: readonly Told[], account: string): Ledger => {
  const [bills, payments] = ['billing.bill.issued.v1', 'billing.payment.received.v1'].map((type) =>
    ofAccount(facts, account, type),
  );
  const reversed = new Set<string>();
  let waiting: readonly Told[] = [];
  const groundless: Told[] = [];
  for (const fact of facts) {
    if (text(fact, 'account') !== account) continue;
    const payment = payments?.find(({ makes }) => makes === text(fact, 'payment'));
    const request = waiting.find(({ id }) => id === text(fact, 'request'));
    const stands = payment?.makes !== undefined && !reversed.has(payment.makes);
    if (fact.type === 'billing.payment.reversed.v1') {
      const isDecided =
        text(fact, 'request') === undefined ||
        (request !== undefined &&
          payment !== undefined &&
          text(request, 'payment') === payment.makes &&
          isSecond(fact, request, payment));
      if (stands && isDecided) {
        reversed.add(payment.makes);
        waiting = waiting.filter((one) => text(one, 'payment') !== payment.makes);
      } else groundless.push(fact);
    }
    if (fact.type === 'billing.reversal.requested.v1') {
      const isAsked = waiting.some((one) => text(one, 'payment') === payment?.makes);
      if (stands && payment.source === 'rotunda' && !isAsked) waiting = [...waiting, fact];
      else groundless.push(fact);
    }
    if (fact.type === 'billing.reversal.declined.v1') {
      // Who took the payment is told by the payment, also where that was taken back since.
      if (
        request !== undefined &&
        payment !== undefined &&
        text(request, 'payment') === text(fact, 'payment') &&
        isSecond(fact, request, payment)
      )
        waiting = waiting.filter((one) => one !== request);
      else groundless.push(fact);
    }
  }
  return { bills: bills ?? [], payments: payments ?? [], reversed, waiting, groundless };
};

const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);
const amountOf = (fact: Told): number => money(fact).amountMinor;

/** Value date of a payment: as it says, or the day on which it occurred. */
export const valueDate = (payment: Told): string => text(payment, 'receivedOn') ?? dayOf(payment);

export interface Owed {
  readonly balance: number;
  readonly overdue: number;
  readonly nextDue: { readonly amount: number; readonly dueOn: string; readonly bills: number } | null;
}

/** What is owed on a day: money that came in, and credits, settle the bill that was due first. */
export const owedOn = (facts: readonly Told[], account: string, today: string): Owed => {
  const { bills, payments, reversed } = ledgerOf(facts, account);
  const paid = sum(payments.filter(({ makes }) => !reversed.has(makes ?? '')).map(amountOf));
  const credits = -sum(bills.map(amountOf).filter((amount) => amount < 0));
  const owing = bills
    .filter((bill) => amountOf(bill) > 0)
    .toSorted((a, b) => ((text(a, 'dueOn') ?? '') < (text(b, 'dueOn') ?? '') ? -1 : 1));
  const days = [...new Set(owing.map((bill) => text(bill, 'dueOn') ?? ''))].sort();
  const openOf = (day: string): number => {
    const before = sum(owing.filter((bill) => (text(bill, 'dueOn') ?? '') < day).map(amountOf));
    const on = sum(owing.filter((bill) => text(bill, 'dueOn') === day).map(amountOf));
    return Math.max(0, Math.min(on, before + on - paid - credits));
  };
  const next = days.find((day) => day >= today && openOf(day) > 0);
  return {
    balance: sum(bills.map(amountOf)) - paid,
    overdue: sum(days.filter((day) => day < today).map(openOf)),
    nextDue:
      next === undefined ? null : { amount: openOf(next), dueOn: next, bills: openBillsOn(owing, next, openOf(next)) },
  };
};

/** What is open on each bill that is not settled: money that came in, and credits, settle the bill that was due first. */
export const openBills = (
  facts: readonly Told[],
  account: string,
): readonly { readonly bill: Told; readonly open: number }[] => {
  const { bills, payments, reversed } = ledgerOf(facts, account);
  const paid = sum(payments.filter(({ makes }) => !reversed.has(makes ?? '')).map(amountOf));
  const credits = -sum(bills.map(amountOf).filter((amount) => amount < 0));
  const placeOf = (bill: Told): string => `${text(bill, 'dueOn')} ${bill.makes}`;
  const owing = bills.filter((bill) => amountOf(bill) > 0);
  return owing.flatMap((bill) => {
    const before = sum(owing.filter((other) => placeOf(other) < placeOf(bill)).map(amountOf));
    const open = Math.min(amountOf(bill), before + amountOf(bill) - paid - credits);
    return open > 0 ? [{ bill, open }] : [];
  });
};

/** How many bills of a day are not settled: bills of one day are settled one after the other, by their ids. */
const openBillsOn = (owing: readonly Told[], day: string, open: number): number => {
  const bills = owing
    .filter((bill) => text(bill, 'dueOn') === day)
    .toSorted((a, b) => ((a.makes ?? '') < (b.makes ?? '') ? 1 : -1));
  let left = open;
  return bills.filter((bill) => {
    const isOpen = left > 0;
    left -= amountOf(bill);
    return isOpen;
  }).length;
};

/** The bill of the latest day of issue that is told, of one day the one said last. */
export const lastBill = (
  facts: readonly Told[],
  account: string,
  isTold: (day: string) => boolean = () => true,
): Told | undefined => {
  const bills = ledgerOf(facts, account).bills.filter((bill) => isTold(text(bill, 'issuedOn') ?? ''));
  const day = bills
    .map((bill) => text(bill, 'issuedOn') ?? '')
    .sort()
    .at(-1);
  return bills.findLast((bill) => text(bill, 'issuedOn') === day);
};

/** How many payments are looked at for the last. */
const latestKept = 6;

/** The last payments by value date that are told, of one day the one said last first. */
export const lastPayments = (
  facts: readonly Told[],
  account: string,
  isTold: (day: string) => boolean = () => true,
) => {
  const { payments, reversed } = ledgerOf(facts, account);
  return payments
    .map((payment, n) => ({ payment, n, on: valueDate(payment) }))
    .toSorted((a, b) => (a.on === b.on ? b.n - a.n : a.on < b.on ? 1 : -1))
    .slice(0, latestKept)
    .filter(({ on }) => isTold(on))
    .slice(0, 3)
    .map(({ payment, on }) => ({
      id: payment.makes,
      amount: amountOf(payment),
      on,
      isReversed: reversed.has(payment.makes ?? ''),
    }));
};
