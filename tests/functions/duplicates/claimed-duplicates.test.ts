import { describe, expect, it } from 'vitest';
import { duplicateOperations } from '#functions/duplicates/api.ts';
import { factOperations } from '#functions/facts/api.ts';
import { links } from '#shared/profile/rules/links.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { headKey } from '#shared/table/keys.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { upToDate } from '#tests/functions/told-household.ts';
import { type Sent, sent } from '#tests/support/meters/shared-households.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import type { HouseholdRecord } from './rules/household-people.ts';
import { openOf as openNow, questionOf, tellPerson } from './told-people.ts';

const ana: HouseholdRecord = { given: 'Ana', family: 'Okafor', born: '1985-03-04', phone: '01632 960123' };
const ben: HouseholdRecord = { given: 'Ben', family: 'Lindqvist', born: '1961-01-01', phone: '01632 960777' };
/** Open questions; the index may be a write behind. */
const openOf = async (system: ProfileSystem) => {
  await upToDate(system);
  return openNow(system);
};
const later = '2026-11-02T09:00:00.000Z';
const named = (name: string, system = 'crm') => ({ namespace: system, value: `C-${name}` });

/** Two records, of the CRM and of billing, a door for facts and the routes of a supervisor. */
const twoRecords = async (one: HouseholdRecord, other: HouseholdRecord) => {
  const system = await openProfileSystem();
  const first = await tellPerson(system, 'a', one);
  const second = await tellPerson(system, 'b', other, 'billing');
  await system.settle();
  const send = async (source: string, fact: Sent) => {
    const actor: Actor = { kind: 'machine', id: source, scopes: ['facts:write'], sources: [source] };
    const request = { ...operationRequest(actor), query: {}, body: { facts: [fact] } };
    const [result] = (await factOperations(system).sendFacts(request)).body.results;
    await system.settle();
    return result?.problem?.code ?? result?.status;
  };
  const claim = (source = 'crm', event = 'one') =>
    send(
      source,
      sent(
        event,
        'customer.duplicate.claimed.v1',
        later,
        {
          customer: named('a'),
          other: named('b', 'billing'),
          reason: 'Merged in the CRM.',
        },
        source,
      ),
    );
  const supervisor: Actor = { kind: 'staff', id: 'ida', roles: ['supervisor'] };
  const operations = duplicateOperations({ ...system, now: () => system.clock.now(), today: () => '2026-11-24' });
  const list = async () => {
    await upToDate(system);
    const request = { ...operationRequest(supervisor), query: { limit: 25 }, body: undefined };
    return (await operations.listDuplicates(request)).body.data;
  };
  let asked = 0;
  const decide = (id: string, decision: 'same' | 'different') => {
    asked += 1;
    const base = operationRequest(supervisor);
    return operations.decideDuplicate({
      ...base,
      audit: { ...base.audit, id: String(asked).padStart(26, '0') },
      subjectId: id,
      query: {},
      body: { decision, reason: 'Both have called.' },
    });
  };
  return { system, first, second, send, claim, list, decide };
};

describe('a system that takes two records for one', () => {
  it('merges nothing: the pair is put to a supervisor, with who says so, however little the records agree', async () => {
    const { system, first, second, claim, list } = await twoRecords(ana, ben);
    expect(await openOf(system)).toEqual([]);
    expect(await claim()).toBe('accepted');
    expect(await list()).toMatchObject([{ band: 'steward', claimedBy: ['crm'] }]);
    for (const id of [first, second]) {
      const head = await system.profile.get(headKey(id), { consistent: true });
      expect(head === undefined ? undefined : readHead(head).aliasOf).toBeUndefined();
    }
    expect((await questionOf(system, first, second))?.status).toBe('open');
  });

  it('may not merge them, pin a value, tell them apart or undo what was decided', async () => {
    const { system, first, second, send } = await twoRecords(ana, ben);
    const word = { survivor: first, alias: second, reason: 'One person.' };
    for (const [type, data] of [
      ['customer.identity.merged.v1', word],
      ['customer.identity.unmerged.v1', { merge: 'mrg_0123456789ABCDEFGHJKMNPQRS', reason: 'Two.' }],
      ['customer.identity.distinguished.v1', { customer: first, other: second }],
      ['customer.attribute.pinned.v1', { customer: first, name: { family: 'Crown' }, reason: 'So it is.' }],
    ] as const)
      expect(await send('crm', sent(type, type, later, data, 'crm'))).toBe('fact.type-not-allowed');
    expect(await openOf(system)).toEqual([]);
  });

  it('has the pair merged by the supervisor who says so too, as any other pair', async () => {
    const { system, first, second, claim, list, decide } = await twoRecords(ana, ben);
    await claim();
    const [pair] = await list();
    const { body } = await decide(pair?.id ?? '', 'same');
    await system.settle();
    expect([first, second]).toContain(body.survivor);
    const alias = body.survivor === first ? second : first;
    const head = await system.profile.get(headKey(alias), { consistent: true });
    expect(head === undefined ? undefined : readHead(head).aliasOf).toBe(body.survivor);
    expect(await openOf(system)).toEqual([]);
  });

  it('does not ask again what was decided', async () => {
    const { system, claim, list, decide } = await twoRecords(ana, ben);
    await claim();
    const [pair] = await list();
    await decide(pair?.id ?? '', 'different');
    await system.settle();
    expect(await claim('crm', 'again')).toBe('accepted');
    expect(await claim('billing', 'billing-too')).toBe('accepted');
    expect(await openOf(system)).toEqual([]);
  });

  it('takes its claim back, and the question goes with it unless another system claims the same', async () => {
    const { system, claim, list, send } = await twoRecords(ana, ben);
    await claim('crm', 'one');
    await claim('billing', 'two');
    expect((await list())[0]?.claimedBy).toEqual(['billing', 'crm']);
    const retract = (source: string, event: string) =>
      send(
        source,
        sent(
          `x-${event}`,
          'customer.duplicate.retracted.v1',
          later,
          { factId: factIdOf(source, event), reason: 'No.' },
          source,
        ),
      );
    expect(
      await send(
        'crm',
        sent(
          'x',
          'customer.duplicate.retracted.v1',
          later,
          { factId: factIdOf('billing', 'two'), reason: 'No.' },
          'crm',
        ),
      ),
    ).toBe('retraction.foreign-source');
    expect(await retract('crm', 'one')).toBe('accepted');
    expect((await list())[0]?.claimedBy).toEqual(['billing']);
    expect(await retract('billing', 'two')).toBe('accepted');
    expect(await openOf(system)).toEqual([]);
  });

  it('may claim what a veto parts, or a person and a firm: the supervisor sees why they look like two', async () => {
    const senior = { given: 'Thomas', family: 'Ashby Sr', phone: '01632 960500' };
    const vetoed = await twoRecords(senior, { ...senior, family: 'Ashby Jr' });
    await vetoed.claim();
    expect(await vetoed.list()).toMatchObject([
      { band: 'steward', claimedBy: ['crm'], vetoes: [{ code: 'generation' }] },
    ]);
    const firm = await twoRecords(ana, { organisation: 'Okafor Bakery Ltd' });
    await firm.claim();
    expect(await firm.list()).toMatchObject([{ band: 'steward', claimedBy: ['crm'], comparisons: [] }]);
  });

  it('reaches the survivor of a record that was merged meanwhile, and is no claim once both are one', async () => {
    const { system, first, second, claim, list, decide } = await twoRecords(ana, ben);
    const third = await tellPerson(system, 'c', { ...ben, phone: '01632 960888' }, 'field');
    await system.settle();
    const pair = (await list()).find(({ customers }) => customers.every(({ id }) => [second, third].includes(id)));
    await decide(pair?.id ?? '', 'same');
    await system.settle();
    await claim();
    const open = await openOf(system);
    const head = await system.profile.get(headKey(second), { consistent: true });
    const survivor = (head === undefined ? undefined : readHead(head).aliasOf) ?? second;
    expect(open.map((one) => [one.first, one.second].sort())).toEqual([[first, survivor].sort()]);
    await decide(open[0]?.id ?? '', 'same');
    await system.settle();
    expect(await openOf(system)).toEqual([]);
  });

  it('says one thing of a pair, however often it says so', async () => {
    const { system, first, claim } = await twoRecords(ana, ben);
    await claim('crm', 'one');
    await claim('crm', 'two');
    const { states } = await loadSubject(system.profile, first);
    expect(stateOf(states, links).state.claims.map(([, , system]) => system)).toEqual(['crm']);
  });
});
