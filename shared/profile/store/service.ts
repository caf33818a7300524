import { type Agreement, partOfPoint, supply } from '#shared/profile/rules/agreements.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { partName, stateKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { readCurrentState } from './subjects.ts';

/** Who takes service at one point of a premise when: one Get, two where nobody ever did. */
export const readServiceOf = async (
  profile: Table,
  premise: string,
  servicePoint: string,
): Promise<readonly Agreement[]> => {
  const key = stateKey(premise, partName(supply.name, partOfPoint(servicePoint)));
  const item = await profile.get(key, { consistent: true });
  if (item === undefined) {
    // Rules before these kept all agreements of a premise together.
    const whole = await profile.get(stateKey(premise, supply.name), { consistent: true });
    if (whole !== undefined) readCurrentState(premise, supply.name, whole);
    return [];
  }
  const held = readCurrentState(premise, supply.name, item);
  return serviceAt(new Map([[supply.name, { ...held, parts: new Map([['', held]]) }]])).agreements;
};
