import { expect, it } from 'vitest';
import { listDisputes } from '#functions/operations/list-disputes.ts';
import { disputedPoint, factOf, sent, tell } from '#tests/functions/told-household.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';

it('a point that was taken back is in dispute no longer: there is nothing to settle', async () => {
  const system = await openProfileSystem();
  const [, , taken] = await tell(system, ...disputedPoint);
  const listed = async () =>
    (await listDisputes(system.profile, { limit: 10 }, undefined, () => false)).answer.disputes.map(
      ({ kind, from, claims }) => [kind, from, claims.length],
    );
  expect(await listed()).toEqual([['service', '2025-06-01', 2]]);
  const data = { factId: factOf(taken), reason: 'Never built.' };
  await tell(system, sent('no-svp', 'premise.service-point.retracted.v1', '2026-02-01T08:00:00.000Z', data, 'field'));
  expect(await listed()).toEqual([]);
});
