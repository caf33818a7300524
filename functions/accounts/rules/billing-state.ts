import type { Period } from '#shared/profile/rules/periods.ts';
import type { Months } from './billing-months.ts';

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
  /** Of very many open bills the oldest, by the day they fall due, the first first; left out where there are none. */
  readonly older?: readonly OlderDay[];
  /** Sum and latest due date of settled bills that are no longer listed. */
  readonly settled: { readonly amount: number; readonly dueOn: string | null };
  /** First 12 characters behind the prefix of ids of payments already reversed, latest 400. */
  readonly reversed: readonly string[];
  /** Reversals that wait for a second person, in the order they were asked for. */
  readonly requests: readonly ReversalRequest[];
  readonly months: Months;
}

export interface Bill {
  readonly id: string;
  readonly number: string | null;
  readonly amount: number;
  readonly issuedOn: string;
  readonly dueOn: string;
  /** Days it bills for, where it says so. */
  readonly period?: Period;
}

export interface Payment {
  readonly id: string;
  readonly amount: number;
  readonly on: string;
  readonly method: string;
  readonly reversed: boolean;
}

/** What is open on bills that fall due on a day, of very many that are open: their sum, and how many they are. */
export type OlderDay = readonly [dueOn: string, amount: number, bills: number];

/** A payment that somebody asked to be taken back, until a second person has decided. */
export interface ReversalRequest {
  /** The fact that asked. */
  readonly id: string;
  readonly payment: string;
  readonly amount: number;
  readonly reason: string;
  /** Who asked, and who had taken the payment: `staff:…`. Neither decides. */
  readonly askedBy: string;
  readonly takenBy: string;
  readonly at: string;
}
