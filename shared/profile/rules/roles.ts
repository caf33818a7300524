import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import { bodyOf, idFrom, kindOf } from '#shared/vocabulary/ids.ts';
import type { Role } from '#shared/vocabulary/statuses.ts';
import type { Family, GroupSum, ListedGroup, Parts } from './fold.ts';
import { groupCounts } from './fold-parts.ts';
import { covers, type Period } from './periods.ts';
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
/** Of one account, or of one customer on it: most that are over, the last. */
const kind: ToldKind<ToldRole> = { thingOf: nameOf, maxEnded: 40 };

type RoleFact = FactOf<'account.role.granted.v1' | 'account.role.ended.v1'>;

const isOfRole = (fact: Fact): fact is RoleFact =>
  fact.type === 'account.role.granted.v1' || fact.type === 'account.role.ended.v1';

const namedBy = ({ data: { account, customer, role } }: RoleFact): NamedRole | undefined =>
  role !== undefined && account !== undefined && customer !== undefined ? { account, customer, role } : undefined;

const granted = (
  list: ToldRoles,
  fact: FactOf<'account.role.granted.v1'>,
  named: NamedRole,
): ToldRoles | 'groundless' => {
  const { from, to } = fact.data;
  if (from === undefined) return 'groundless';
  const end = { source: fact.source.system, to };
  const known = list.starts.find((one) => nameOf(one) === nameOf(named) && one.from === from);
  if (known === undefined) return withStart(kind, list, { ...named, from, ends: [] }, end);
  // Told again from the same day it is the same role: without an end nothing is said of that.
  return withOwnEnd(kind, list, known, end);
};

/** What a role fact makes of a list of roles; the account and the customer fold the same list rule. */
export const applyRole = (list: ToldRoles, fact: Fact): ToldRoles | 'groundless' => {
  const named = isOfRole(fact) ? namedBy(fact) : undefined;
  if (named === undefined) return 'groundless';
  if (fact.type === 'account.role.granted.v1') return granted(list, fact, named);
  if (fact.type !== 'account.role.ended.v1' || fact.data.to === undefined) return 'groundless';
  return withEnd(kind, list, { thing: nameOf(named), source: fact.source.system, to: fact.data.to });
};

/** Where a stretch ends that goes on wherever another of the same begins. */
const endOfStretch = (all: readonly Lasting<ToldRole>[], name: string, to: string | null): string | null => {
  const next = all.find((one) => one.from === to && nameOf(one.start) === name);
  return next === undefined ? to : endOfStretch(all, name, next.to);
};

/** Roles with their dates, in the order they were told. One that goes on where another of its kind ends is one with it. */
export const rolesHeld = ({ starts }: ToldRoles): readonly RoleHeld[] => {
  const all = lastingOf(kind, starts);
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

/** Name of the part of the roles that one record has on one account. */
export const partOfRole = (account: string, customer: string): string => `${bodyOf(account)}-${bodyOf(customer)}`;

/** Account and record of such a part. */
export const namedByPart = (part: string): Pick<NamedRole, 'account' | 'customer'> => {
  const [account = '', customer = ''] = part.split('-');
  return { account: idFrom('account', account), customer: idFrom('customer', customer) };
};

/** The customer that a fact lies with. */
const recordOf = ({ subjects }: Fact): string | undefined => subjects.find((subject) => kindOf(subject) === 'customer');

/** From when to when somebody has to do with an account, and the times between that they have not; undefined where never. */
const listedOf = (held: readonly Period[]): GroupSum['listed'] => {
  const [first, ...later] = held.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  if (first === undefined) return undefined;
  let until = first.to;
  const gaps: (readonly [string, string])[] = [];
  for (const { from, to } of later) {
    if (until !== null && until < from) gaps.push([until, from]);
    if (until !== null && (to === null || to > until)) until = to;
  }
  return { from: first.from, until, ...(gaps.length === 0 ? {} : { gaps }) };
};

/** Whether somebody has to do with an account on a day, by when they have in all. */
export const isHeldOn = (
  { from, until, gaps = [] }: Pick<ListedGroup, 'from' | 'until' | 'gaps'>,
  day: string,
): boolean => covers({ from, to: until }, day) && !gaps.some(([gap, to]) => covers({ from: gap, to }, day));

const rules = 5;

/** The roles of a customer, by account and by record: those of records that are one never act on each other. */
export const roleParts: Parts<ToldRoles> = {
  of(fact) {
    if (!isOfRole(fact)) return undefined;
    const [account, customer] = [fact.data.account, recordOf(fact)];
    return account !== undefined && kindOf(account) === 'account' && customer !== undefined
      ? partOfRole(account, customer)
      : undefined;
  },
  sumOf(parts) {
    const listed = listedOf(parts.flatMap(({ state }) => rolesHeld(state)));
    return listed === undefined ? { counts: {} } : { counts: groupCounts(listed), listed };
  },
  family: { name: 'roles', of: 'customer', rules, isPart: true, empty: () => ({ starts: [] }), apply: applyRole },
  homeOf: (group) => namedByPart(group).customer,
  keepsFirst: true,
};

/** The accounts a customer has to do with: all of it lies in parts. */
export const roles: Family<Readonly<Record<string, never>>> = {
  name: 'roles',
  of: 'customer',
  rules,
  empty: () => ({}),
  apply: () => 'groundless',
  parts: roleParts,
};
