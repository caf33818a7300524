import type { PaymentMethod } from '#shared/vocabulary/statuses.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import type { Bill } from './bills.ts';
import { instantOn, type StoryCalendar } from './calendar.ts';
import type { Party, PayingHabit } from './cast.ts';
import type { Random } from './random.ts';

/** Money that came in, and perhaps went back. */
export interface Payment {
  /** Number in the account, from 1. */
  readonly number: number;
  readonly at: number;
  readonly amountMinor: number;
  readonly method: PaymentMethod;
  /** When the bank took it back, Unix seconds. */
  readonly reversedAt?: number;
}

interface Intent {
  readonly at: number;
  /** Share of what is owed then, in hundredths. */
  readonly share: number;
  readonly method: PaymentMethod;
  readonly reversedAt?: number;
}

const hour = 3600;

const onTime = (calendar: StoryCalendar, bill: Bill): Intent => ({
  at: instantOn(calendar, bill.dueOn, 6 * hour),
  share: 100,
  method: 'direct-debit',
});

const prompt = (calendar: StoryCalendar, bill: Bill, random: Random): Intent => ({
  at: instantOn(
    calendar,
    addDays(bill.issuedOn, random.between(2, 13)),
    random.between(8, 21) * hour + random.below(hour),
  ),
  share: 100,
  method: random.pick(['card', 'bank-transfer', 'card', 'standing-order']),
});

/** Late payers: a bill in seven is left for the next, a third are paid in part, the others after the day they were due. */
const late = (calendar: StoryCalendar, bill: Bill, random: Random): Intent[] => {
  const draw = random.below(100);
  const days = random.between(4, 38);
  const seconds = random.between(8, 21) * hour + random.below(hour);
  const share = random.between(40, 70);
  if (draw < 15) return [];
  return [
    {
      at: instantOn(calendar, addDays(bill.dueOn, days), seconds),
      share: draw < 48 ? share : 100,
      method: random.pick(['card', 'cash', 'bank-transfer', 'card']),
    },
  ];
};

/** The bank sends a debit back for want of money three days later; the customer pays by card within the week. */
const reversed = (calendar: StoryCalendar, bill: Bill): Intent[] => [
  { ...onTime(calendar, bill), reversedAt: instantOn(calendar, addDays(bill.dueOn, 3), 7 * hour) },
  { at: instantOn(calendar, addDays(bill.dueOn, 9), 18 * hour + 1260), share: 100, method: 'card' },
];

const intentsOf = (calendar: StoryCalendar, bill: Bill, habit: PayingHabit, random: Random): Intent[] => {
  if (habit === 'direct-debit') return [onTime(calendar, bill)];
  return habit === 'prompt' ? [prompt(calendar, bill, random)] : late(calendar, bill, random);
};

/** Which bill's payment the bank sends back. */
const reversedBill = 4;

/**
 * The payments of an account in order of time: each pays what is owed at its instant, or a share of it. Bills count from their
 * day of issue, money that was taken back is owed again.
 */
export const paymentsOf = (
  calendar: StoryCalendar,
  bills: readonly Bill[],
  party: Pick<Party, 'pays' | 'behind' | 'reversedPayment'>,
  random: Random,
): Payment[] => {
  const paysUntil = party.behind ? calendar.to - 60 * 86_400 : calendar.to;
  const intents = bills
    .flatMap((bill, index) => {
      const usual = intentsOf(calendar, bill, party.pays, random);
      return party.reversedPayment && index === reversedBill ? reversed(calendar, bill) : usual;
    })
    .filter((intent) => intent.at < paysUntil)
    .toSorted((a, b) => a.at - b.at);
  const payments: Payment[] = [];
  for (const intent of intents) {
    const owed = owedAt(calendar, bills, payments, intent.at);
    const amountMinor = Math.floor((owed * intent.share) / 100);
    if (amountMinor <= 0) continue;
    const number = payments.length + 1;
    const { at, method, reversedAt } = intent;
    payments.push({ number, at, amountMinor, method, ...(reversedAt === undefined ? {} : { reversedAt }) });
  }
  return payments;
};

/** What an account owes at an instant, in minor units; negative is credit. */
export const owedAt = (
  calendar: StoryCalendar,
  bills: readonly Bill[],
  payments: readonly Payment[],
  at: number,
): number => {
  let owed = 0;
  for (const bill of bills) if (instantOn(calendar, bill.issuedOn, 0) <= at) owed += bill.amountMinor;
  for (const payment of payments) {
    const back = payment.reversedAt !== undefined && payment.reversedAt <= at;
    if (payment.at <= at && !back) owed -= payment.amountMinor;
  }
  return owed;
};
