import { supply } from '#shared/domain/profile/agreements.ts';
import { stateOf } from '#shared/domain/profile/families.ts';
import type { Family } from '#shared/domain/profile/fold.ts';
import { ownService } from '#shared/domain/profile/own-service.ts';
import type { Period } from '#shared/domain/profile/periods.ts';
import { roles } from '#shared/domain/profile/roles.ts';
import { readFoldState } from './items.ts';
import { stateKey } from './keys.ts';
import type { Table } from './table.ts';

const readState = async <State>(profile: Table, subject: string, family: Family<State>): Promise<State> => {
  const item = await profile.get(stateKey(subject, family.name), { consistent: true });
  return stateOf(new Map(item === undefined ? [] : [[family.name, readFoldState(item)]]), family).state;
};

/** When a service point was a customer's own, now or ever, in its local dates; two consistent reads. */
export const readOwnService = async (
  profile: Table,
  customer: string,
  place: { readonly premise: string; readonly servicePoint: string },
): Promise<readonly Period[]> => {
  const [held, taken] = await Promise.all([
    readState(profile, customer, roles),
    readState(profile, place.premise, supply),
  ]);
  return ownService(held.roles, taken.agreements, place.servicePoint);
};
