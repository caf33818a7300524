import { givesRight } from '#shared/domain/access/role-rights.ts';
import { supply } from '#shared/domain/profile/agreements.ts';
import { stateOf } from '#shared/domain/profile/families.ts';
import { ownService } from '#shared/domain/profile/own-service.ts';
import type { Period } from '#shared/domain/profile/periods.ts';
import { roles } from '#shared/domain/profile/roles.ts';
import { loadSubject } from './subjects.ts';
import type { Table } from './table.ts';

/**
 * When the use of a service point of a premise was a customer's own to see, now or ever, in its local dates; two consistent
 * queries.
 */
export const readOwnService = async (
  profile: Table,
  customer: string,
  premise: string,
  servicePoint: string,
): Promise<readonly Period[]> => {
  const [who, where] = await Promise.all([loadSubject(profile, customer), loadSubject(profile, premise)]);
  const { agreements } = stateOf(where.states, supply).state;
  const held = stateOf(who.states, roles).state.roles.filter(({ role }) => givesRight(role, 'use'));
  return ownService(held, agreements, servicePoint);
};
