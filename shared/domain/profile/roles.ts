import type { Fact } from '#shared/vocabulary/fact.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { text } from './fact-data.ts';
import type { Family } from './fold.ts';
import { keepLatest, type Period } from './periods.ts';

/** One customer's role on one account. */
export interface RoleHeld extends Period {
  readonly account: string;
  readonly customer: string;
  readonly role: Role;
}

const maxEnded = 40;

const granted = (roles: readonly RoleHeld[], fact: Fact): readonly RoleHeld[] | 'groundless' => {
  const role = Role.safeParse(fact.data.role);
  const [account, customer, from] = [text(fact, 'account'), text(fact, 'customer'), text(fact, 'from')];
  if (!role.success || account === undefined || customer === undefined || from === undefined) return 'groundless';
  const held: RoleHeld = { account, customer, role: role.data, from, to: text(fact, 'to') ?? null };
  const others = roles.filter((one) => !(sameRole(one, held) && one.from === held.from));
  return keepLatest([...others, held], maxEnded);
};

const sameRole = (a: Omit<RoleHeld, 'from' | 'to'>, b: Omit<RoleHeld, 'from' | 'to'>): boolean =>
  a.account === b.account && a.customer === b.customer && a.role === b.role;

const ended = (roles: readonly RoleHeld[], fact: Fact): readonly RoleHeld[] | 'groundless' => {
  const role = Role.safeParse(fact.data.role);
  const [account, customer, to] = [text(fact, 'account'), text(fact, 'customer'), text(fact, 'to')];
  if (!role.success || account === undefined || customer === undefined || to === undefined) return 'groundless';
  const named = { account, customer, role: role.data };
  // A role may have been granted more than once: all that holds on that day ends then, and is one stretch from the first day on.
  const open = roles.filter((one) => sameRole(one, named) && one.from <= to && (one.to === null || to < one.to));
  if (open.length === 0) return 'groundless';
  const first = open.reduce((least, one) => (one.from < least.from ? one : least));
  const rest = new Set(open.filter((one) => one !== first));
  return keepLatest(
    roles.filter((one) => !rest.has(one)).map((one) => (one === first ? { ...one, to } : one)),
    maxEnded,
  );
};

/** What a role fact makes of a list of roles; the account and the customer fold the same list rule. */
export const applyRole = (roles: readonly RoleHeld[], fact: Fact): readonly RoleHeld[] | 'groundless' => {
  if (fact.type === 'account.role.granted.v1') return granted(roles, fact);
  if (fact.type === 'account.role.ended.v1') return ended(roles, fact);
  return 'groundless';
};

/** The accounts a customer has to do with. */
export interface RolesState {
  readonly roles: readonly RoleHeld[];
}

export const roles: Family<RolesState> = {
  name: 'roles',
  rules: 3,
  empty: () => ({ roles: [] }),
  apply(state, fact) {
    const next = applyRole(state.roles, fact);
    return next === 'groundless' ? next : { roles: next };
  },
};
