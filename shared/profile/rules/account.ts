import { isLiableRole } from '#shared/access/held-rights.ts';
import { idFrom } from '#shared/vocabulary/ids.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import type { AccountStatus } from '#shared/vocabulary/statuses.ts';
import { agreementParts, type ToldAgreements } from './agreements.ts';
import { dayOf } from './fact-data.ts';
import { type Family, type FoldState, type ListedGroup, noParts, type Parts } from './fold.ts';
import { listedGroups } from './fold-parts.ts';
import { isOver, overFrom, type Period } from './periods.ts';
import { applyRole, type RoleHeld, rolesHeld, type ToldRoles } from './roles.ts';

/** An account: its currency, who has a role on it; what it takes service for, in parts. */
export interface AccountState {
  readonly opened: boolean;
  readonly currency: string | null;
  readonly openedOn: string | null;
  readonly references: readonly Reference[];
  /** In which its money is dated; left out where that is the utility's. */
  readonly zone?: string;
  readonly roles: ToldRoles;
}

const rules = 6;

/** Its own agreements alone: what cuts them at a point of others, the premise knows. */
export const accountAgreements: Parts<ToldAgreements> = agreementParts('account', 'account', rules);

export const account: Family<AccountState> = {
  name: 'account',
  of: 'account',
  rules,
  empty: () => ({
    opened: false,
    currency: null,
    openedOn: null,
    references: [],
    roles: { starts: [] },
  }),
  parts: accountAgreements,
  apply(state, fact) {
    if (fact.type === 'account.account.opened.v1') {
      const { currency, openedOn, references, zone } = fact.data;
      return {
        ...state,
        opened: true,
        currency: currency ?? null,
        openedOn: openedOn ?? dayOf(fact),
        references: references ?? [],
        ...(zone === undefined ? {} : { zone }),
      };
    }
    const next = applyRole(state.roles, fact);
    return next === 'groundless' ? next : { ...state, roles: next };
  },
};

/** Customers who have, or will have, a role: those who may see the account, in the order of their first role. */
export const readersOf = (state: AccountState, today: string): readonly string[] => [
  ...new Set(rolesHeld(state.roles).flatMap((role) => (isOver(role, today) ? [] : [role.customer]))),
];

/** Customers who owed what the account owes and have left it: every role of theirs is over. Who acted for another is none. */
export const formerReadersOf = (state: AccountState, today: string): readonly string[] => {
  const readers = new Set(readersOf(state, today));
  const owed = rolesHeld(state.roles).flatMap((role) => (isLiableRole(role) ? [role.customer] : []));
  return [...new Set(owed)].filter((customer) => !readers.has(customer));
};

/**
 * The day from which nobody owes what an account owes and it takes no service; null while somebody does or is to, or nothing was
 * ever told of either.
 * @param roles every role on it
 * @param service when it took service, by what it knows itself
 * @param knownTo of what began from this day on nothing is known
 */
export const closesOn = (
  roles: readonly RoleHeld[],
  service: readonly Period[],
  knownTo: string | null = null,
): string | null =>
  overFrom([...roles.filter(isLiableRole), ...service].filter(({ from }) => knownTo === null || from < knownTo));

/** An account is closed from the day its last holder and its last agreement are gone, and open again with the next. */
export const accountStatus = (closes: string | null, today: string): AccountStatus =>
  closes !== null && closes <= today ? 'closed' : 'open';

/** Most premises of one account that its readers' views hold. */
export const maxPremises = 25;

/** Where an account takes, or will take, service. */
export interface Served {
  /** At most `maxPremises`, those first that go on, in the order in which service there began. */
  readonly premises: readonly string[];
  /** How many more there are. One whose service ends counts to the end of that month. */
  readonly more: number;
}

const firstOf = (held: FoldState<unknown>): readonly ListedGroup[] => {
  if (held.firstGroups !== undefined) return held.firstGroups;
  if (held.parts === undefined) throw new TypeError('not all agreements were read');
  return listedGroups(accountAgreements, held.parts);
};

/** Where the account takes or took service and from when to when, what goes on first; of very many premises the first of these. */
export const placesOf = (held: FoldState<unknown>): readonly (Period & { readonly premise: string })[] =>
  firstOf(held).map(({ group, from, until }) => ({ premise: idFrom('premise', group), from, to: until }));

const monthOf = (date: string): string => date.slice(0, 7);

/** Premises the account takes, or will take, service at on a day. */
export const servedBy = (held: FoldState<unknown> | undefined, today: string): Served => {
  if (held === undefined) return { premises: [], more: 0 };
  const first = firstOf(held).slice(0, maxPremises);
  const lasting = first.filter(({ until }) => until === null || until > today);
  const counts = Object.entries((held.ofParts ?? noParts).counts);
  const isCounted = (name: string): boolean =>
    name === 'open' || (name.startsWith('until ') && name >= `until ${monthOf(today)}`);
  const all = counts.reduce((sum, [name, count]) => sum + (isCounted(name) ? count : 0), 0);
  const counted = first.filter(({ until }) => until === null || monthOf(until) >= monthOf(today));
  // They come by their ends: behind one that is over all others are.
  const isAll = lasting.length < first.length || first.length < maxPremises;
  return {
    premises: lasting
      .toSorted((a, b) => (`${a.from} ${a.group}` < `${b.from} ${b.group}` ? -1 : 1))
      .map(({ group }) => idFrom('premise', group)),
    more: isAll ? 0 : Math.max(0, all - counted.length),
  };
};
