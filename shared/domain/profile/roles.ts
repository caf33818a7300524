import type { Fact } from '#shared/vocabulary/fact.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { text } from './fact-data.ts';
import type { Family } from './fold.ts';
import type { Period } from './periods.ts';
import {
  type Lasting,
  lastingOf,
  type ToldKind,
  type ToldList,
  type ToldStart,
  withEnd,
  withOwnEnd,
  withStart,
} from './told-ends.ts';

interface NamedRole {
  readonly account: string;
  readonly customer: string;
  readonly role: Role;
}

/** One customer's role on one account. */
export interface RoleHeld extends Period, NamedRole {}

/** A role as it was granted, with what was said of its end. */
export interface ToldRole extends ToldStart, NamedRole {}
export type ToldRoles = ToldList<ToldRole>;

const nameOf = ({ account, customer, role }: NamedRole): string => `${account} ${customer} ${role}`;
const ofAccount: ToldKind<ToldRole> = { thingOf: nameOf, maxEnded: 40 };
/** A customer may have had to do with many more accounts than an account with customers. */
const ofCustomer: ToldKind<ToldRole> = { thingOf: nameOf, maxEnded: 400 };

const namedBy = (fact: Fact): NamedRole | undefined => {
  const role = Role.safeParse(fact.data.role);
  const [account, customer] = [text(fact, 'account'), text(fact, 'customer')];
  return role.success && account !== undefined && customer !== undefined
    ? { account, customer, role: role.data }
    : undefined;
};

const granted = (kind: ToldKind<ToldRole>, list: ToldRoles, fact: Fact, named: NamedRole): ToldRoles | 'groundless' => {
  const [from, to] = [text(fact, 'from'), text(fact, 'to')];
  if (from === undefined) return 'groundless';
  const end = { source: fact.source.system, to };
  const known = list.starts.find((one) => nameOf(one) === nameOf(named) && one.from === from);
  if (known === undefined) return withStart(kind, list, { ...named, from, ends: [] }, end);
  // Told again from the same day it is the same role: without an end nothing is said of that.
  return withOwnEnd(kind, list, known, end);
};

/** What a role fact makes of a list of roles; the account and the customer fold the same list rule. */
export const applyRole = (list: ToldRoles, fact: Fact, kind = ofAccount): ToldRoles | 'groundless' => {
  const named = namedBy(fact);
  if (named === undefined) return 'groundless';
  if (fact.type === 'account.role.granted.v1') return granted(kind, list, fact, named);
  const to = text(fact, 'to');
  if (fact.type !== 'account.role.ended.v1' || to === undefined) return 'groundless';
  return withEnd(kind, list, { thing: nameOf(named), source: fact.source.system, to });
};

/** Where a stretch ends that goes on wherever another of the same begins. */
const endOfStretch = (all: readonly Lasting<ToldRole>[], name: string, to: string | null): string | null => {
  const next = all.find((one) => one.from === to && nameOf(one.start) === name);
  return next === undefined ? to : endOfStretch(all, name, next.to);
};

/** Roles with their dates, in the order they were told. One that goes on where another of its kind ends is one with it. */
export const rolesHeld = ({ starts }: ToldRoles): readonly RoleHeld[] => {
  const all = lastingOf(ofAccount, starts);
  return all
    .filter(({ start, from }) => !all.some((one) => one.to === from && nameOf(one.start) === nameOf(start)))
    .map(({ start: { account, customer, role, from }, to, start }) => ({
      account,
      customer,
      role,
      from,
      to: endOfStretch(all, nameOf(start), to),
    }));
};

/** Roles that hold, in the form in which they are told. */
export const asTold = (held: readonly RoleHeld[]): ToldRoles => ({
  starts: held.map(({ to, ...role }) => ({ ...role, ends: to === null ? [] : [['', to, 1, 0]] })),
});

/** What roles of a customer on some 1,500 accounts take, well below what an item may hold. */
const growingLimit = 240 * 1024;

/** The accounts a customer has to do with. */
export interface RolesState {
  readonly roles: ToldRoles;
}

export const roles: Family<RolesState> = {
  name: 'roles',
  rules: 4,
  growingLimit,
  empty: () => ({ roles: { starts: [] } }),
  apply(state, fact) {
    const next = applyRole(state.roles, fact, ofCustomer);
    return next === 'groundless' ? next : { roles: next };
  },
};
