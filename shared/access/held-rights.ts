import { covers, isOver, overlaps, type Period } from '#shared/profile/rules/periods.ts';
import type { Role } from '#shared/vocabulary/statuses.ts';
import { givesRight, liableRoles, type Right } from './role-rights.ts';

/** A role of somebody on an account, with its dates. */
export type Held = Period & { readonly role: Role };

/** Whether one of the roles gives a right on a day. */
export const hasRight = (held: readonly Held[], right: Right, on: string): boolean =>
  held.some((one) => givesRight(one.role, right) && covers(one, on));

/** Whether one of the roles gives a right on a day or later. */
export const willHaveRight = (held: readonly Held[], right: Right, on: string): boolean =>
  held.some((one) => givesRight(one.role, right) && !isOver(one, on));

/** Whether a role is of one who owes what the account owes: what was theirs stays theirs once the role is over. */
export const isLiableRole = ({ role }: Pick<Held, 'role'>): boolean => liableRoles.includes(role);

/** Whether a role tells of its own time on a day: who owed keeps what was theirs, who acted for another has it as long as they act. */
export const isKept = (one: Held, on: string): boolean => isLiableRole(one) || !isOver(one, on);

/** Whether one of the roles gives a right on a day, or gave it to one who owed; who acted for another keeps nothing of it. */
export const keepsRight = (held: readonly Held[], right: Right, on: string): boolean =>
  held.some((one) => givesRight(one.role, right) && (isLiableRole(one) ? one.from <= on : covers(one, on)));

/** Whether what speaks of a stretch of days is told by a right that is cut by the dates of the role. */
export const isToldOf = (held: readonly Held[], right: Right, time: Period): boolean =>
  held.some((one) => givesRight(one.role, right) && overlaps(one, time));

/** Whether somebody of these roles owed what the account owes, and does no longer. */
export const wasLiable = (held: readonly Held[], on: string): boolean =>
  !isLiable(held, on) && held.some((one) => isLiableRole(one) && isOver(one, on));

/** Whether somebody of these roles owes what the account owes on a day. */
export const isLiable = (held: readonly Held[], on: string): boolean =>
  held.some((one) => isLiableRole(one) && covers(one, on));
