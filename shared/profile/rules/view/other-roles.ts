import { liableRoles } from '#shared/access/role-rights.ts';
import { covers, isOver, type Period } from '#shared/profile/rules/periods.ts';
import type { RoleHeld } from '#shared/profile/rules/roles.ts';
import type { Role } from '#shared/vocabulary/statuses.ts';

/** Somebody else's role on the account. */
export interface OtherRole extends Period {
  readonly customer: string;
  readonly role: Role;
}

/** For whom a digest is made. */
export interface DigestReader {
  /** Their own id, and those of records merged into theirs. */
  readonly ids: readonly string[];
  /** Survivors of the other role holders that were merged. */
  readonly stands: Readonly<Record<string, string>>;
  /** Of a moment before now: every role on the account as it is known by now. What is another's by these is not told either. */
  readonly byNow?: readonly RoleHeld[];
}

/** A reader of an account with the ids under which they hold roles on it. */
export const digestReader = (
  holders: readonly string[],
  reader: string,
  stands: DigestReader['stands'],
): DigestReader => ({
  ids: [...new Set(holders)].filter((holder) => (stands[holder] ?? holder) === reader),
  stands,
});

/**
 * Roles of others that the reader is to know of: the principal knows who may act, who acts knows whose debt it is. Those that hold
 * come first.
 */
export const othersFor = (
  all: readonly RoleHeld[],
  { ids, stands }: DigestReader,
  held: readonly RoleHeld[],
  today: string,
): readonly OtherRole[] => {
  const isLiableRole = ({ role }: RoleHeld): boolean => liableRoles.includes(role);
  const lasting = held.filter((role) => !isOver(role, today));
  const [owes, acts] = [lasting.some(isLiableRole), lasting.some((role) => !isLiableRole(role))];
  return all
    .filter((role) => !ids.includes(role.customer) && !isOver(role, today) && (isLiableRole(role) ? acts : owes))
    .map(({ customer, role, from, to }) => ({ customer: stands[customer] ?? customer, role, from, to }))
    .toSorted((a, b) => Number(covers(b, today)) - Number(covers(a, today)));
};
