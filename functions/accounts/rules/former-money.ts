import { hasRight, isLiableRole, wasLiable, willHaveRight } from '#shared/access/held-rights.ts';
import { rolesForMoney } from '#shared/access/money-time.ts';
import { covers, type Period } from '#shared/profile/rules/periods.ts';
import type { RoleHeld } from '#shared/profile/rules/roles.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { balanceOf, type Owed, owedOf, timeOfBill } from './billing.ts';
import type { BillingState } from './billing-state.ts';
import { byDueDay, type DueDay, dueDays } from './due.ts';

/** Which debt of an account is told to somebody: all of it, that of their own time, or none. */
export const debtsTold = ['none', 'account', 'former'] as const;
export type DebtTold = (typeof debtsTold)[number];

/** By roles, on a day: who owed and left is told what they still owe. */
export const debtTold = (held: readonly Omit<RoleHeld, 'account' | 'customer'>[], on: string): DebtTold => {
  if (hasRight(held, 'owed', on)) return 'account';
  return wasLiable(held, on) ? 'former' : 'none';
};

/** The same for a digest, which is read later, too: of a role to come it tells what the account owes. */
export const debtHeld = (held: readonly RoleHeld[], on: string): DebtTold => {
  const told = debtTold(held, on);
  return told === 'none' && willHaveRight(held, 'owed', on) ? 'account' : told;
};

/** What somebody is told of what an account owes. Amounts in minor units. */
export interface OwedToTell {
  readonly balance: number;
  readonly days: readonly DueDay[];
  /** Where `balance` is a credit of somebody who left: the day from which it is theirs no more, since somebody else owes. */
  readonly creditUntil: string | null;
}

const lastDayOf = ({ from, to }: Period): string => {
  const last = to === null ? from : addDays(to, -1);
  return last < from ? from : last;
};

/** The day that says whose debt a bill is: the last it bills for. */
const dayOfDebt = ({ bills }: BillingState, { bill, dueOn }: Owed): string => {
  const found = bills.find(({ id }) => id === bill);
  return found === undefined ? dueOn : lastDayOf(timeOfBill(found));
};

/** Every role on an account, as it is known; of a moment before now as it was known then, and as it is by now. */
export type KnownRoles = readonly (readonly RoleHeld[])[];

/** Somebody's time on a day, as each of what is known has it: a role of theirs, to the day from which somebody else owes. */
const timesOn = (known: KnownRoles, ids: readonly string[], day: string): readonly (RoleHeld | undefined)[] =>
  known.map((all) => rolesForMoney(all, ids).find((role) => isLiableRole(role) && covers(role, day)));

const isInTimeOf =
  (known: KnownRoles, ids: readonly string[]) =>
  (day: string): boolean =>
    timesOn(known, ids, day).every((role) => role !== undefined);

const endOfTime = (known: KnownRoles, ids: readonly string[], day: string): string | null =>
  timesOn(known, ids, day)
    .flatMap((role) => role?.to ?? [])
    .sort()[0] ?? null;

/**
 * What somebody who owed and left still owes, bill by bill: of what the account owes, that of bills whose last day is in their time.
 * @param ids their own id, and those of records merged into theirs
 */
export const owedByFormer = (ledger: BillingState, known: KnownRoles, ids: readonly string[]): readonly Owed[] => {
  const isOwn = isInTimeOf(known, ids);
  return owedOf(ledger).filter((one) => isOwn(dayOfDebt(ledger, one)));
};

/** The same in sum; in credit they are only while nobody else owes. */
const formerToTell = (ledger: BillingState, known: KnownRoles, ids: readonly string[], today: string): OwedToTell => {
  const owed = owedByFormer(ledger, known, ids);
  const sum = owed.reduce((total, { amount }) => total + amount, 0);
  const credit = isInTimeOf(known, ids)(today) ? Math.min(0, balanceOf(ledger)) : 0;
  const balance = sum > 0 ? sum : credit;
  return { balance, days: byDueDay(owed), creditUntil: balance < 0 ? endOfTime(known, ids, today) : null };
};

/** What is told of what an account owes; undefined where nothing is. */
export const owedToTell = (
  debt: DebtTold,
  ledger: BillingState,
  known: KnownRoles,
  ids: readonly string[],
  today: string,
): OwedToTell | undefined => {
  if (debt === 'none') return undefined;
  if (debt === 'former') return formerToTell(ledger, known, ids, today);
  return { balance: balanceOf(ledger), days: dueDays(ledger), creditUntil: null };
};
