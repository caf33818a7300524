import { type Agreement, partOfPoint, supply } from '#shared/domain/profile/agreements.ts';
import { serviceAt } from '#shared/domain/profile/families.ts';
import { readFoldState } from './items.ts';
import { partName, stateKey } from './keys.ts';
import type { Table } from './table.ts';

/** Who takes service at one point of a premise when: one Get. */
export const readServiceOf = async (
  profile: Table,
  premise: string,
  servicePoint: string,
): Promise<readonly Agreement[]> => {
  const key = stateKey(premise, partName(supply.name, partOfPoint(servicePoint)));
  const item = await profile.get(key, { consistent: true });
  if (item === undefined) return [];
  const held = readFoldState(item);
  return serviceAt(new Map([[supply.name, { ...held, parts: new Map([['', held]]) }]])).agreements;
};
