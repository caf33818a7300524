import * as z from 'zod';
import { Currency, Money } from './money.ts';

const amount = z.int().min(1).max(1_000_000_000_000);

/** Bounds of payments in minor units of one currency. */
export const PaymentBounds = z
  .strictObject({
    /** Most of one payment that agents and supervisors take. */
    mostAtDesk: amount,
    /** Most of any payment, whoever says it: what is above is a slip until somebody has looked at it. */
    mostAtAll: amount,
    /** Up to here one person takes a payment back; above it a second one confirms. */
    mostReversedAlone: amount,
  })
  .refine((bounds) => bounds.mostAtDesk <= bounds.mostAtAll, {
    path: ['mostAtDesk'],
    message: 'must not be above mostAtAll',
  });
export type PaymentBounds = z.infer<typeof PaymentBounds>;

/** Bounds of payments by currency. They are of minor units as they stand: what a minor unit is worth, its currency's row says. */
export const PaymentPolicy = z.strictObject({
  currencies: z.record(Currency, PaymentBounds).default({}),
  /** Of a currency without a row. */
  otherwise: PaymentBounds,
});
export type PaymentPolicy = z.infer<typeof PaymentPolicy>;

/** 10,000.00 at the desk, 1,000,000.00 at all, 500.00 taken back alone. */
export const standardPaymentBounds: PaymentBounds = {
  mostAtDesk: 1_000_000,
  mostAtAll: 100_000_000,
  mostReversedAlone: 50_000,
};

/** What holds where a utility says nothing else. */
export const standardPaymentPolicy: PaymentPolicy = { currencies: {}, otherwise: standardPaymentBounds };

/** The bounds of a currency. */
export const paymentBounds = ({ currencies, otherwise }: PaymentPolicy, currency: string): PaymentBounds =>
  currencies[currency] ?? otherwise;

/** Whether a payment is above what any may be. What does not read as money is no matter of a bound. */
export const isAboveAll = (policy: PaymentPolicy, sent: unknown): boolean => {
  const { success, data } = Money.safeParse(sent);
  return success && data.amountMinor > paymentBounds(policy, data.currency).mostAtAll;
};

/** The system that keeps the books: the bank tells it what came back, whoever had booked it. */
const booksSystem = 'billing';

/** Whether a system may take back a payment that `booked` has booked: it is its own, or the system keeps the books. */
export const mayTakeBack = (system: string, booked: string): boolean => system === booked || system === booksSystem;
