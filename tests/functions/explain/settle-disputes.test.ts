import { expect, it } from 'vitest';
import { disputeOperations } from '#functions/explain/api-disputes.ts';
import { supply } from '#shared/profile/rules/agreements.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { disputedPoint, entityOf, mpan, tell } from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';

it('a decision that a record has no room for is refused, and not kept without effect', async () => {
  const system = await openProfileSystem();
  const [first] = await tell(system, ...disputedPoint);
  const { profile, prepare, clock } = system;
  const servicePoint = (await resolveNamed(profile, 'servicePoint', mpan)) ?? '';
  const premise = (await resolveNamed(profile, 'premise', { namespace: 'uprn', value: '100012345678' })) ?? '';
  const { settleServicePoint } = disputeOperations({ profile, prepare, now: () => clock.now() });
  const settle = (n: number) => {
    const from = addDays('2025-06-01', n);
    clock.set(clock.now() + 60_000);
    const request = operationRequest({ kind: 'staff', id: 'sue', roles: ['supervisor'] });
    return settleServicePoint({
      ...request,
      audit: { ...request.audit, id: String(n).padStart(26, '0') },
      subjectId: servicePoint,
      query: {},
      body: { accountId: entityOf(first), from, to: addDays(from, 1), reason: 'The contract.' },
    });
  };
  for (let n = 0; n < 40; n += 1) expect((await settle(n)).status).toBe(201);
  await expect(settle(40)).rejects.toMatchObject({ code: 'request.without-effect' });
  const { states } = await loadSubject(profile, premise);
  expect(toldAgreements(states, supply.name).settled).toHaveLength(40);
  expect(states.get(supply.name)?.ofParts?.groundless).toBe(0);
});
