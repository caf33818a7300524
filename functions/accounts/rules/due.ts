import { type Owed, owedOf } from './billing.ts';
import type { BillingState } from './billing-state.ts';

/** What is owed on the bills that fall due on one day. */
export interface DueDay {
  readonly dueOn: string;
  readonly amount: number;
  /** How many bills that is; settled ones that are owed again, and no longer listed, count as one. */
  readonly bills: number;
}

/** Amounts owed, by the day they fall due, the first first. */
export const byDueDay = (owed: readonly Owed[]): readonly DueDay[] => {
  const days = new Map<string, DueDay>();
  for (const { dueOn, amount, bills } of owed) {
    const there = days.get(dueOn);
    days.set(dueOn, { dueOn, amount: (there?.amount ?? 0) + amount, bills: (there?.bills ?? 0) + bills });
  }
  return [...days.values()].sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
};

/** What is owed, by the day it falls due, the first first. */
export const dueDays = (state: BillingState): readonly DueDay[] => byDueDay(owedOf(state));

/** What is overdue and what falls due next. Amounts in minor units. */
export interface Due {
  readonly overdue: number;
  readonly overdueBills: number;
  readonly overdueSince: string | undefined;
  readonly next: DueDay | undefined;
}

const allOf = (days: readonly DueDay[]) => ({
  amount: days.reduce((sum, one) => sum + one.amount, 0),
  bills: days.reduce((sum, one) => sum + one.bills, 0),
});

/** What is overdue on a day, and what falls due then or next: the one rule of every view. */
export const dueAt = (days: readonly DueDay[], today: string): Due => {
  const late = days.filter(({ dueOn }) => dueOn < today);
  const { amount, bills } = allOf(late);
  return {
    overdue: amount,
    overdueBills: bills,
    overdueSince: late[0]?.dueOn,
    next: days.find(({ dueOn }) => dueOn >= today),
  };
};

/** Days as a digest holds them. */
export interface HeldDue {
  readonly days: readonly DueDay[];
  /** Days after the last of those. */
  readonly more: number;
}

/** Most days to come that a digest holds: a bill each month for two years. */
export const mostDueDays = 24;

/**
 * What a digest holds of days: each by itself where all have room, so that a record folded anew on another day is the same; else all
 * that is overdue already as one, which it stays until it is paid, then each day to come, since only the day tells when that one is
 * overdue.
 */
export const heldDue = (days: readonly DueDay[], today: string, most: number = mostDueDays): HeldDue => {
  if (days.length <= most) return { days, more: 0 };
  const late = days.filter(({ dueOn }) => dueOn < today);
  const coming = days.filter(({ dueOn }) => dueOn >= today);
  return {
    days: [...late.slice(0, 1).map(({ dueOn }) => ({ dueOn, ...allOf(late) })), ...coming.slice(0, most)],
    more: Math.max(0, coming.length - most),
  };
};

/** Whether a digest still tells what is due on a day: not once the last day it holds is over and others follow. */
export const tellsDue = ({ days, more }: HeldDue, today: string): boolean =>
  more === 0 || days.some(({ dueOn }) => dueOn >= today);
