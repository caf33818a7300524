import { expect, it } from 'vitest';
import * as z from 'zod';
import { families } from '#functions/profile.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { sent } from '#tests/functions/told-household.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

/** Examples of all facts that say a zone, or may. */
const withZone = [...factTypes.values()].flatMap(({ type, data, examples }) => {
  const { properties } = z
    .object({ properties: z.record(z.string(), z.unknown()).optional() })
    .parse(z.toJSONSchema(data, { io: 'input' }));
  const [example] = examples;
  return properties?.zone === undefined || example === undefined
    ? []
    : [{ type, example: z.record(z.string(), z.unknown()).parse(example.data) }];
});

it('all facts that say a zone are among these', () => {
  expect(withZone.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['premise.service-point.registered.v1', 'account.account.opened.v1']),
  );
});

it.each(withZone)(
  '$type is refused with a pointer where it says a zone that there is not',
  async ({ type, example }) => {
    const system = await openProfileSystem();
    for (const [n, zone] of ['Europe/Lundon', 'Mars/Olympus', '+19:00', 'noon'].entries()) {
      const [result] = await system.submit(
        [sent(`z${n}`, type, '2026-03-01T08:00:00.000Z', { ...example, zone })],
        machine,
      );
      expect(result).toMatchObject({
        status: 'rejected',
        code: 'fact.invalid',
        errors: [{ pointer: '/data/zone', message: expect.stringContaining('IANA zone') }],
      });
    }
  },
);

it('a point whose zone there is not, as it was told before that was refused, is of UTC: its days can be told', () => {
  const fact = {
    ...sent('svp', 'premise.service-point.registered.v1', '2026-03-01T08:00:00.000Z', {
      premise: 'prm',
      commodity: 'gas',
      zone: 'Europe/Lundon',
    }),
    id: 'fct',
    entity: 'svp',
    sourceSequence: 0,
    recordedAt: '2026-03-01T08:00:00.000Z',
    source: { system: 'field', actor: 'machine:field' },
    subjects: [],
    families: [],
  };
  const state = families.premise.apply(families.premise.empty(), asFact(fact), { created: () => undefined });
  expect(state).toMatchObject({ servicePoints: [{ zone: 'UTC' }] });
});
