import { isLiableRole } from '#shared/access/held-rights.ts';
import { account } from '#shared/profile/rules/account.ts';
import { overlaps, type Period } from '#shared/profile/rules/periods.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import type { Table } from '#shared/table/table.ts';
import { loadStored, rulesOf } from './subjects.ts';

/** Accounts of a premise that are asked who owed there, the latest first. */
const mostAccounts = 2;
/** Requests that one premise takes at most: its states (two pages), and those of each account with its list of premises. */
export const requestsOfFormer = 2 + 2 * mostAccounts;

/** Whom a role of an account was given to, by now: a record that was merged stands for another. */
const heldThen = async (profile: Table, id: string, times: readonly Period[]): Promise<readonly string[]> => {
  const { states, head } = await loadStored(profile, id);
  if (rulesOf(states) !== 'current') return [];
  return rolesHeld(stateOf(states, account).state.roles)
    .filter((role) => isLiableRole(role) && times.some((time) => overlaps(role, time)))
    .map(({ customer }) => head.stands[customer] ?? customer);
};

/**
 * Customers who owed what an account owed while it took service at a premise: also those who have left, the account or the premise.
 * Of the latest accounts there, by what is stored; of a premise of older rules nobody.
 */
export const onceServedAt = async (profile: Table, premise: string): Promise<readonly string[]> => {
  const { states } = await loadStored(profile, premise);
  if (rulesOf(states) !== 'current') return [];
  const times = new Map<string, Period[]>();
  const latestFirst = serviceAt(states).agreements.toSorted((a, b) => (a.from > b.from ? -1 : 1));
  for (const { account: id, from, to } of latestFirst) times.set(id, [...(times.get(id) ?? []), { from, to }]);
  const asked = [...times].slice(0, mostAccounts);
  const held = await Promise.all(asked.map(([id, there]) => heldThen(profile, id, there)));
  return [...new Set(held.flat())];
};
