import { duplicateIdOf, listDuplicates, readDuplicate } from '#functions/duplicates/store/duplicates.ts';
import { type Sent, sent } from '#tests/support/meters/shared-households.ts';
import { machine, type ProfileSystem } from '#tests/support/profile-system.ts';
import type { HouseholdRecord } from './rules/household-people.ts';

const at = '2026-11-01T09:00:00.000Z';

/** The facts by which a system tells of a person: `C-<name>` in its own numbering. */
export const factsOf = (name: string, record: HouseholdRecord, system = 'crm'): readonly Sent[] => {
  const customer = { namespace: system, value: `C-${name}` };
  const { given, family = '', organisation, born, verified, phone, email, address } = record;
  const points = [
    ...(phone === undefined ? [] : [{ kind: 'phone', value: phone }]),
    ...(email === undefined ? [] : [{ kind: 'email', value: email }]),
    ...(address === undefined ? [] : [{ kind: 'post', value: address }]),
  ];
  return [
    sent(
      `${name}-reg`,
      'customer.profile.registered.v1',
      at,
      {
        kind: organisation === undefined ? 'person' : 'organisation',
        name: organisation === undefined ? { ...(given === undefined ? {} : { given }), family } : { organisation },
        ...(born === undefined ? {} : { dateOfBirth: born }),
        ...(verified === true ? { verified: ['dateOfBirth'] } : {}),
        references: [customer],
      },
      system,
    ),
    ...points.map((point, n) =>
      sent(`${name}-cpt${n}`, 'customer.contact-point.added.v1', at, { customer, ...point }, system),
    ),
  ];
};

/** Sends facts one after the other; answers what the first created. */
export const tellAll = async (system: ProfileSystem, facts: readonly Sent[]): Promise<string> => {
  const entities: string[] = [];
  for (const fact of facts) {
    const [result] = await system.submit([fact], machine);
    if (result === undefined || !('fact' in result)) throw new Error(JSON.stringify(result));
    entities.push(result.fact.entity ?? '');
  }
  return entities[0] ?? '';
};

export const tellPerson = (
  system: ProfileSystem,
  name: string,
  record: HouseholdRecord,
  from = 'crm',
): Promise<string> => tellAll(system, factsOf(name, record, from));

const allBands = ['auto', 'steward', 'separate'] as const;

/** Open questions, the likeliest first. */
export const openOf = async (system: ProfileSystem) =>
  (await listDuplicates(system.profile, { bands: allBands, limit: 100 })).duplicates;

export const questionOf = (system: ProfileSystem, one: string, other: string) =>
  readDuplicate(system.profile, duplicateIdOf(one, other));
