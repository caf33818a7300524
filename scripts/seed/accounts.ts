import { factIdOf } from '#shared/runtime/identify.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { type Bill, billsOf, type Term } from './bills.ts';
import { instantOn, type StoryCalendar, type StoryOptions } from './calendar.ts';
import type { Party } from './cast.ts';
import { reminder, tellExchange } from './interactions.ts';
import { owedAt, type Payment, paymentsOf } from './payments.ts';
import type { Person } from './people.ts';
import { randomOf } from './random.ts';
import type { Teller } from './tell.ts';

/** An account with its money over the story. */
export interface StoryAccount {
  /** Customer number and account of that customer, `00042-1`. */
  readonly code: string;
  readonly reference: Reference;
  readonly openedOn: string;
  /** The holder, then joint holders. */
  readonly holders: readonly Person[];
  readonly terms: readonly Term[];
  /** The bills that count. */
  readonly bills: readonly Bill[];
  readonly payments: readonly Payment[];
}

/** An account with its bills by the readings and its payments by habit. */
export const accountOf = (
  options: StoryOptions,
  calendar: StoryCalendar,
  party: Party,
  account: Pick<StoryAccount, 'openedOn' | 'holders' | 'terms'> & { readonly customer: number; readonly place: number },
): StoryAccount => {
  const { openedOn, holders, terms } = account;
  const code = `${String(account.customer).padStart(5, '0')}-${account.place}`;
  const bills = billsOf(calendar, code, terms, 2 + (account.customer % 3));
  const random = randomOf(options.seed, 'payments', code);
  return {
    code,
    reference: { namespace: 'billing', value: `A-${code}` },
    openedOn,
    holders,
    terms,
    bills,
    payments: paymentsOf(calendar, bills, party, random),
  };
};

const billData = (options: StoryOptions, account: StoryAccount, bill: Bill, number = bill.number, factor = 1) => ({
  account: account.reference,
  number,
  amount: { amountMinor: bill.amountMinor * factor, currency: options.currency },
  issuedOn: bill.issuedOn,
  dueOn: bill.dueOn,
  periodFrom: bill.from,
  periodTo: bill.to,
});

/** Which bill of an account the billing system gets wrong. */
const mistakenBill = 3;
const hour = 3600;
const billType = 'billing.bill.issued.v1';

/** A bill that should not have been: it is sent, then taken back; the right one stands beside it. */
const tellMistake = (
  teller: Teller,
  options: StoryOptions,
  account: StoryAccount,
  bill: Bill,
  at: number,
  mistake: NonNullable<Party['billMistake']>,
): void => {
  const wrong = mistake === 'wrong-amount';
  const event = `bill-${bill.number}-${mistake}`;
  const sent = wrong ? at - hour : at + hour;
  const data = billData(options, account, bill, `${bill.number}-X`, wrong ? 10 : 1);
  teller.tell(sent, [teller.fact('billing', billType, event, sent, data)]);
  const retracted = wrong ? at - 600 : at + 51 * hour;
  const retraction = {
    factId: factIdOf('billing', teller.eventId(event)),
    reason: wrong ? 'Wrong amount: a decimal point was lost.' : 'Sent twice.',
  };
  teller.tell(
    retracted,
    [teller.fact('billing', 'billing.bill.retracted.v1', `${event}-retracted`, retracted, retraction)],
    { waits: true },
  );
};

const tellBills = (
  teller: Teller,
  options: StoryOptions,
  calendar: StoryCalendar,
  party: Party,
  account: StoryAccount,
): void => {
  account.bills.forEach((bill, index) => {
    const at = instantOn(calendar, bill.issuedOn, 4 * hour + ((account.holders[0]?.number ?? 0) % 3000));
    const data = billData(options, account, bill);
    teller.tell(at, [teller.fact('billing', billType, `bill-${bill.number}`, at, data)]);
    if (party.billMistake !== undefined && index === mistakenBill) {
      tellMistake(teller, options, account, bill, at, party.billMistake);
    }
  });
};

const tellPayments = (teller: Teller, options: StoryOptions, account: StoryAccount): void => {
  for (const payment of account.payments) {
    const number = `PAY-${account.code}-${String(payment.number).padStart(3, '0')}`;
    const reference = { namespace: 'billing', value: number };
    const data = {
      account: account.reference,
      amount: { amountMinor: payment.amountMinor, currency: options.currency },
      method: payment.method,
      references: [reference],
    };
    teller.tell(payment.at, [
      teller.fact('billing', 'billing.payment.received.v1', `payment-${number}`, payment.at, data),
    ]);
    const { reversedAt } = payment;
    if (reversedAt === undefined) continue;
    const reversal = { account: account.reference, payment: reference, reason: 'insufficient-funds' };
    teller.tell(
      reversedAt,
      [teller.fact('billing', 'billing.payment.reversed.v1', `payment-${number}-reversed`, reversedAt, reversal)],
      { waits: true },
    );
  }
};

const reminderChannels = ['sms', 'letter', 'phone'] as const;

/** Three weeks after a bill is due, those who still owe most of it are reminded. */
const tellReminders = (teller: Teller, calendar: StoryCalendar, account: StoryAccount): void => {
  const [person] = account.holders;
  if (person === undefined) return;
  let reminders = 0;
  for (const bill of account.bills) {
    const at = instantOn(calendar, addDays(bill.dueOn, 21), 10 * hour);
    const owed = owedAt(calendar, account.bills, account.payments, at);
    if (bill.amountMinor <= 0 || owed < bill.amountMinor * 1.4) continue;
    const channel = reminderChannels[reminders % reminderChannels.length] ?? 'letter';
    reminders += 1;
    tellExchange(teller, person, `${account.code}-reminder-${reminders}`, at, reminder(channel));
  }
};

/** Tells the money of an account: bills as they are issued, payments as they come, and what goes wrong with either. */
export const tellMoney = (
  teller: Teller,
  options: StoryOptions,
  calendar: StoryCalendar,
  party: Party,
  account: StoryAccount,
): void => {
  tellBills(teller, options, calendar, party, account);
  tellPayments(teller, options, account);
  if (party.pays === 'late') tellReminders(teller, calendar, account);
};
