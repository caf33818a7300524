import { hasRight, isKept, isLiable, isToldOf, keepsRight } from '#shared/access/held-rights.ts';
import { rolesForMoney } from '#shared/access/money-time.ts';
import { liableRoles, type Right } from '#shared/access/role-rights.ts';
import { account } from '#shared/profile/rules/account.ts';
import { covers, overlaps, type Period } from '#shared/profile/rules/periods.ts';
import { type RoleHeld, rolesHeld } from '#shared/profile/rules/roles.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { balanceOf } from './rules/billing.ts';
import type { BillingState } from './rules/billing-state.ts';
import { dueDays } from './rules/due.ts';
import { debtTold, type OwedToTell, owedToTell } from './rules/former-money.ts';

/** What an account tells to one who reads it. */
export interface ToldToReader {
  /** Whether they have a right on a day. */
  readonly may: (right: Right, on: string) => boolean;
  /** Whether they are told of bills and payments at all: their own, or of a time that was theirs. */
  readonly bills: (on: string) => boolean;
  /** What they are told of what the account owes. */
  readonly owed: (ledger: BillingState, on: string) => OwedToTell | undefined;
  /** Whether they are told of bills or payments that speak of a time. */
  readonly money: (time: Period) => boolean;
  /** Whether they are told of service that the account took over a time. */
  readonly service: (time: Period) => boolean;
  /** Whether they are told of a role on the account. */
  readonly role: (role: RoleHeld, today: string) => boolean;
  /** Of those who have left, though they may be to come back: the time that was theirs. */
  readonly left: (today: string) => readonly Period[] | undefined;
}

/** Staff and machines are told all of it; the field matrix decides what they see. */
export const toldAll: ToldToReader = {
  may: () => true,
  bills: () => true,
  owed: (ledger) => ({ balance: balanceOf(ledger), days: dueDays(ledger), creditUntil: null }),
  money: () => true,
  service: () => true,
  role: () => true,
  left: () => undefined,
};

/**
 * A customer is told what their roles give, money within the dates of those. Who does not owe learns who does, and not who else
 * acts.
 * @param known the states by which their roles are known: of now, and of the moment that is asked for; each must give it
 * @param ids the customer's own id, and those of records merged into theirs
 * @param now the day on which they ask, whichever moment they ask for
 */
export const toldToCustomer = (known: readonly States[], ids: readonly string[], now: string): ToldToReader => {
  const all = known.map((states) =>
    rolesHeld(stateOf(states, account).state.roles).filter((role) => !ids.includes(role.customer) || isKept(role, now)),
  );
  const held = all.map((roles) => roles.filter(({ customer }) => ids.includes(customer)));
  const forMoney = all.map((roles) => rolesForMoney(roles, ids).filter(({ from }) => from <= now));
  const left = (today: string): readonly RoleHeld[] | undefined =>
    held.find((roles) => !roles.some((role) => covers(role, today)))?.filter(({ from }) => from <= today);
  return {
    may: (right, on) => held.every((roles) => hasRight(roles, right, on)),
    bills: (on) => held.every((roles) => keepsRight(roles, 'bills', on)),
    owed: (ledger, on) => {
      const told = held.map((roles) => debtTold(roles, on));
      if (told.includes('none')) return undefined;
      return owedToTell(told.includes('former') ? 'former' : 'account', ledger, all, ids, on);
    },
    money: (time) => forMoney.every((roles) => isToldOf(roles, 'bills', time)),
    service: (time) => held.every((roles) => roles.some((role) => overlaps(role, time))),
    role: ({ customer, role }, today) =>
      ids.includes(customer) ||
      (left(today) === undefined && (liableRoles.includes(role) || held.every((roles) => isLiable(roles, today)))),
    left,
  };
};
