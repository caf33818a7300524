import { afterEach, describe, expect, it } from 'vitest';
import { recordAccess } from '#shared/facts/audit.ts';
import { newId } from '#shared/runtime/identify.ts';
import type { ActName } from '#shared/vocabulary/acts.ts';
import { found, openHousehold } from './erased-household.ts';

const opened: Awaited<ReturnType<typeof openHousehold>>[] = [];
afterEach(async () => {
  for (const { system } of opened.splice(0)) await system.store.close();
});

describe('words of reasons in the audit', () => {
  it('go with the person, also those with which an erasure was looked at, or was refused', async () => {
    const household = await openHousehold();
    opened.push(household);
    const { system, desk, customer } = household;
    const entry = (act: ActName, outcome: string, reason: string) => ({
      at: '2026-02-03T10:00:00.000Z',
      id: newId(),
      actor: 'pam',
      actorKind: 'staff' as const,
      act,
      reason,
      requestId: 'r',
      route: 'POST /v1/customers/{id}/erasure',
      outcome,
      fields: [],
      count: 1,
      subject: customer,
      named: [],
    });
    await recordAccess(system.erase.audit, entry('erasure.read', 'allowed', 'Dryrunwords of Zelda'));
    await recordAccess(
      system.erase.audit,
      entry('erasure.request', 'refused:erasure.reason-names', 'Refusedwords of Zelda'),
    );
    await recordAccess(system.erase.audit, entry('contact.change', 'allowed', 'Otherwords of Zelda'));
    await recordAccess(system.erase.audit, entry('erasure.request', 'allowed', 'Checkedwords'));
    const asked = await desk.ask('pam', customer);
    await desk.decide('pat', customer, asked.body.requestId);
    await system.settle();
    for (const words of ['Dryrunwords', 'Refusedwords', 'Otherwords']) expect(await found(system, words)).toEqual([]);
    expect(await found(system, 'Checkedwords')).toHaveLength(1);
  });
});
