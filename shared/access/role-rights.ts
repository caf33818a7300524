import type { ActName } from '#shared/vocabulary/acts.ts';
import type { Role } from '#shared/vocabulary/statuses.ts';

/**
 * What a role on an account lets its holder see or do of it, beside their own record:
 * `account` that it is there, whose it is, what it takes service for; `owed` what is owed; `bills` its bills, payments and ledger;
 * `home` the premise, its service points and meters as they stand, its outages; `use` what was used there and what readings tell;
 * `report` telling of an outage there.
 */
export const rights = ['account', 'owed', 'bills', 'home', 'use', 'report'] as const;
export type Right = (typeof rights)[number];

/** By what a right is cut: the dates of the role, or those of the role within the agreement at a service point. */
export const cutOfRight: Readonly<Record<Right, 'role' | 'agreement'>> = {
  account: 'role',
  owed: 'role',
  bills: 'role',
  home: 'agreement',
  use: 'agreement',
  report: 'agreement',
};

/** Those who live there, or stand in the place of one who did, have all of it. */
const all: readonly Right[] = rights;

/** The table of roles: what a row does not name is nobody's by that role. */
export const roleRights: Readonly<Record<Role, readonly Right[]>> = {
  holder: all,
  joint: all,
  executor: all,
  // They act for the holder, with money and when the supply fails; how somebody lives is not theirs to read.
  agent: ['account', 'owed', 'bills', 'home', 'report'],
  nominee: ['account', 'owed', 'bills', 'home', 'report'],
  payer: ['account', 'owed', 'bills'],
  guarantor: ['account', 'owed'],
  landlord: ['account', 'home', 'report'],
};

/** Roles whose debt it is: what the others see of money is told with the names of these. */
export const liableRoles: readonly Role[] = ['holder', 'joint', 'executor'];

/** The right by which a customer does an act on an account or on what hangs on it; an act that is not here needs no role. */
export const rightOfAct: Readonly<Partial<Record<ActName, Right>>> = {
  'account.read': 'account',
  'money.read': 'bills',
  'premise.read': 'home',
  'meter.read': 'home',
  'outage.read': 'home',
  'outage.report': 'report',
  'usage.read': 'use',
  'usage.download': 'use',
  'insight.read': 'use',
};

/** Whether a role gives a right. */
export const givesRight = (role: Role, right: Right): boolean => roleRights[role].includes(right);
