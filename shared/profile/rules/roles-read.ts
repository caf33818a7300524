import type { FoldState } from './fold.ts';
import type { PartStates } from './fold-parts.ts';
import { type RoleHeld, roles, rolesHeld, type ToldRoles } from './roles.ts';
import type { States } from './states.ts';

/** Roles of a customer from parts of them, by account. */
export const rolesOfParts = (parts: PartStates): readonly RoleHeld[] => {
  const inOrder = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.flatMap(([, part]) => rolesHeld((part as FoldState<ToldRoles>).state));
};

/** First day of the first role that was a customer's, or is to be. */
export const firstRoleOf = (states: States): string | null => states.get(roles.name)?.ofParts?.first ?? null;

/** Accounts of a customer, each record's for itself: those without an end, and others by the month of their ends. */
export interface AccountCounts {
  readonly open: number;
  readonly ending: readonly (readonly [month: string, count: number])[];
}

/** Accounts of a customer as they are counted, whenever they are asked for; whether a month is over is for the reader to say. */
export const accountCounts = (states: States): AccountCounts => {
  const counts = Object.entries(states.get(roles.name)?.ofParts?.counts ?? {});
  return {
    open: counts.find(([name]) => name === 'open')?.[1] ?? 0,
    ending: counts
      .filter(([name]) => name.startsWith('until '))
      .map(([name, count]) => [name.slice('until '.length), count] as const),
  };
};

/** Roles of a customer and of the records that are one with theirs, where all parts were read; undefined where not. */
export const rolesRead = (states: States): readonly RoleHeld[] | undefined => {
  const held = states.get(roles.name);
  if (held === undefined) return [];
  return held.parts === undefined ? undefined : rolesOfParts(held.parts);
};
