import type { Reference } from '#shared/vocabulary/references.ts';
import { applyAgreement, effectiveAgreements, type ToldAgreements } from './agreements.ts';
import { dayOf, references, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import { isOver } from './periods.ts';
import { applyRole, rolesHeld, type ToldRoles } from './roles.ts';

/** An account: its currency, who has a role on it, what it takes service for. */
export interface AccountState {
  readonly opened: boolean;
  readonly currency: string | null;
  readonly openedOn: string | null;
  readonly references: readonly Reference[];
  readonly roles: ToldRoles;
  /** Its own alone: what cuts them at a point of others, the premise knows. */
  readonly agreements: ToldAgreements;
}

export const account: Family<AccountState> = {
  name: 'account',
  rules: 6,
  empty: () => ({
    opened: false,
    currency: null,
    openedOn: null,
    references: [],
    roles: { starts: [] },
    agreements: { starts: [] },
  }),
  apply(state, fact) {
    if (fact.type === 'account.account.opened.v1') {
      return {
        ...state,
        opened: true,
        currency: text(fact, 'currency') ?? null,
        openedOn: text(fact, 'openedOn') ?? dayOf(fact),
        references: references(fact),
      };
    }
    if (fact.type.startsWith('account.role.')) {
      const next = applyRole(state.roles, fact);
      return next === 'groundless' ? next : { ...state, roles: next };
    }
    const next = applyAgreement(state.agreements, fact);
    return next === 'groundless' ? next : { ...state, agreements: next };
  },
};

/** Customers who have, or will have, a role: those who may see the account (K10), in the order of their first role. */
export const readersOf = (state: AccountState, today: string): readonly string[] => [
  ...new Set(rolesHeld(state.roles).flatMap((role) => (isOver(role, today) ? [] : [role.customer]))),
];

/** Customers whose every role is over. */
export const formerReadersOf = (state: AccountState, today: string): readonly string[] => {
  const readers = new Set(readersOf(state, today));
  return [...new Set(state.roles.starts.map((role) => role.customer))].filter((customer) => !readers.has(customer));
};

/** Premises the account takes, or will take, service at, oldest agreement first. */
export const premisesOf = (state: AccountState, today: string): readonly string[] => [
  ...new Set(
    effectiveAgreements(state.agreements).agreements.flatMap((one) => (isOver(one, today) ? [] : [one.premise])),
  ),
];

/** Most premises of one account that its readers' views hold: the first of `premisesOf`. */
export const maxPremises = 25;
