import { describe, expect, it } from 'vitest';
import { customerOperations } from '#functions/customers/api.ts';
import type { Operation } from '#shared/edge/operation.ts';
import { headKey } from '#shared/table/keys.ts';
import { type Mood, moodyTable } from '#tests/support/moody-table.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

const registered = {
  type: 'customer.profile.registered.v1',
  source: { system: 'crm' },
  sourceEventId: 'c1',
  occurredAt: '2025-01-01T10:00:00.000Z',
  data: { kind: 'person', name: { given: 'Amara', family: 'Okafor' } },
};

const open = async (moods: Mood[]) => {
  const system = await openProfileSystem({ profile: moodyTable(moods) });
  const operations = customerOperations({
    profile: system.profile,
    sealer: system.sealer,
    prepare: system.prepare,
    now: () => system.clock.now(),
    today: () => '2026-11-24',
  });
  const correct: Operation = operations.changeCustomer;
  return { ...system, correct };
};
const agent = { kind: 'staff', id: 'a', roles: ['agent'] } as const;

describe('a commit whose answer is lost', () => {
  it('is found to have taken effect, and its fact stands once', async () => {
    const system = await open(['lost']);
    const [result] = await system.submit([registered], machine);
    expect(result?.status).toBe('duplicate');
    const customer = result !== undefined && 'fact' in result ? (result.fact.entity ?? '') : '';
    expect(await system.profile.get(headKey(customer), { consistent: true })).toMatchObject({
      version: 1,
      published: 1,
    });
  });

  it.each(['lost', 'conflict', 'busy', 'silent'] as const)(
    'is no stale version to the caller whose own correction it was: it is told as it was kept (%s)',
    async (mood) => {
      const moods: Mood[] = [];
      const system = await open(moods);
      const [first] = await system.submit([registered], machine);
      const subjectId = first !== undefined && 'fact' in first ? (first.fact.entity ?? '') : '';
      moods.push(mood);
      const request = { ...operationRequest(agent), query: {}, subjectId, expectedVersion: 1 };
      const answer = await system.correct({ ...request, body: { name: { given: 'Amina', family: 'Okafor' } } });
      expect(answer).toMatchObject({ version: 2, body: { version: 2, nameParts: { given: 'Amina' } } });
      expect(await system.profile.get(headKey(subjectId), { consistent: true })).toMatchObject({ version: 2 });
      expect(moods).toEqual([]);
    },
  );

  it('is retried three times where nothing is heard at all, and then the caller may come again', async () => {
    const moods: Mood[] = ['silent', 'silent', 'silent', 'silent'];
    const system = await open(moods);
    expect((await system.submit([registered], machine))[0]?.status).toBe('retry');
    expect(moods).toHaveLength(1);
    moods.length = 0;
    expect((await system.submit([registered], machine))[0]?.status).toBe('accepted');
  });

  it.each([
    [19, 'accepted'],
    [20, 'retry'],
  ])('is tried again where it met others, so that of %i times in a row it is %s', async (count, status) => {
    const moods = Array.from({ length: count }, () => 'conflict' as const);
    const system = await open(moods);
    expect((await system.submit([registered], machine))[0]?.status).toBe(status);
    expect(moods).toEqual([]);
  });

  it('of the last try stands, and the same fact sent again is told so', async () => {
    const system = await open(['silent', 'silent', 'lost']);
    expect((await system.submit([registered], machine))[0]?.status).toBe('retry');
    expect((await system.submit([registered], machine))[0]?.status).toBe('duplicate');
  });
});
