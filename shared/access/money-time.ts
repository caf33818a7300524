import { covers } from '#shared/profile/rules/periods.ts';
import { type Held, isLiableRole } from './held-rights.ts';

interface RoleOfSomebody extends Held {
  readonly customer: string;
}

/** A role of somebody who owes, to the day from which somebody else does: what falls due until then is nobody else's. */
const untilAnotherOwes = <One extends RoleOfSomebody>(role: One, others: readonly One[]): One => {
  const { to } = role;
  if (to === null || !isLiableRole(role) || others.some((one) => covers(one, to))) return role;
  const [next = null] = others.flatMap(({ from }) => (from > to ? [from] : [])).sort();
  return { ...role, to: next };
};

/**
 * Somebody's roles on an account as its money goes by them: who owed and left is asked for what comes until somebody else owes, so
 * a final bill, and what is paid on it, are still theirs.
 * @param all every role on the account
 * @param ids their own id, and those of records merged into theirs
 */
export const rolesForMoney = <One extends RoleOfSomebody>(
  all: readonly One[],
  ids: readonly string[],
): readonly One[] => {
  const others = all.filter((one) => !ids.includes(one.customer) && isLiableRole(one));
  return all.flatMap((one) => (ids.includes(one.customer) ? [untilAnotherOwes(one, others)] : []));
};
