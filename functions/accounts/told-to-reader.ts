import { hasRight, isLiable, isToldOf } from '#shared/domain/access/held-rights.ts';
import { liableRoles, type Right } from '#shared/domain/access/role-rights.ts';
import { account } from '#shared/domain/profile/account.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { overlaps, type Period } from '#shared/domain/profile/periods.ts';
import { type RoleHeld, rolesHeld } from '#shared/domain/profile/roles.ts';

/** What an account tells to one who reads it. */
export interface ToldToReader {
  /** Whether they have a right on a day. */
  readonly may: (right: Right, on: string) => boolean;
  /** Whether they are told of bills or payments that speak of a time. */
  readonly money: (time: Period) => boolean;
  /** Whether they are told of service that the account took over a time. */
  readonly service: (time: Period) => boolean;
  /** Whether they are told of a role on the account. */
  readonly role: (role: RoleHeld, today: string) => boolean;
}

/** Staff and machines are told all of it; the field matrix decides what they see. */
export const toldAll: ToldToReader = { may: () => true, money: () => true, service: () => true, role: () => true };

/**
 * A customer is told what their roles give, money within the dates of those. Who does not owe learns who does, and not who else
 * acts.
 * @param known the states by which their roles are known: of now, and of the moment that is asked for; each must give it
 * @param ids the customer's own id, and those of records merged into theirs
 */
export const toldToCustomer = (known: readonly States[], ids: readonly string[]): ToldToReader => {
  const held = known.map((states) =>
    rolesHeld(stateOf(states, account).state.roles).filter(({ customer }) => ids.includes(customer)),
  );
  return {
    may: (right, on) => held.every((roles) => hasRight(roles, right, on)),
    money: (time) => held.every((roles) => isToldOf(roles, 'bills', time)),
    service: (time) => held.every((roles) => roles.some((role) => overlaps(role, time))),
    role: ({ customer, role }, today) =>
      ids.includes(customer) || liableRoles.includes(role) || held.every((roles) => isLiable(roles, today)),
  };
};
