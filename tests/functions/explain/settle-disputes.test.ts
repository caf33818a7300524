import { expect, it } from 'vitest';
import { disputeOperations } from '#functions/explain/api-disputes.ts';
import { supply } from '#shared/domain/profile/agreements.ts';
import { toldAgreements } from '#shared/domain/profile/families.ts';
import { resolveNamed } from '#shared/store/references.ts';
import { loadSubject } from '#shared/store/subjects.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { agreed, entityOf, mpan, opened, point, registered, sent, tell } from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';

it('a decision that a record has no room for is refused, and not kept without effect', async () => {
  const system = await openProfileSystem();
  const other = { namespace: 'billing', value: '000999' };
  const [first] = await tell(
    system,
    opened,
    registered,
    point,
    agreed(),
    sent('acc-2', opened.type, opened.occurredAt, { currency: 'GBP', references: [other] }),
    sent(
      'agr-2',
      'account.agreement.started.v1',
      opened.occurredAt,
      { account: other, servicePoint: mpan, tariff: 'OTHER', from: '2025-06-01' },
      'crm',
    ),
  );
  const { profile, submit, clock } = system;
  const servicePoint = (await resolveNamed(profile, 'servicePoint', mpan)) ?? '';
  const premise = (await resolveNamed(profile, 'premise', { namespace: 'uprn', value: '100012345678' })) ?? '';
  const { settleServicePoint } = disputeOperations({ profile, submit, now: () => clock.now() });
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
