import { describe, expect, it } from 'vitest';
import { customerOperations } from '#functions/customers/api.ts';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operation } from '#shared/edge/operation.ts';
import { entryOf } from '#shared/facts/audit.ts';
import { type KeptAnswer, replay, TwinWasFirst } from '#shared/facts/idempotency.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { newId } from '#shared/runtime/identify.ts';
import { type Mood, moodyTable } from '#tests/support/moody-table.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const agent = { kind: 'staff', id: 'a', roles: ['agent'] } as const;
const idempotency = { key: 'key-1', requestHash: 'hash-1' };

const registered = {
  type: 'customer.profile.registered.v1',
  source: { system: 'crm' },
  sourceEventId: 'c1',
  occurredAt: '2025-01-01T10:00:00.000Z',
  data: { kind: 'person', name: { given: 'Amara', family: 'Okafor' } },
};

const corrected = (customer: string, event: string) => ({
  ...registered,
  type: 'customer.profile.corrected.v1',
  sourceEventId: event,
  data: { customer, name: { given: event, family: 'Okafor' } },
});

/** A customer in a system of her own, and the desk that adds contact points to her. */
const open = async (
  moods: Mood[] = [],
  around: (system: ProfileSystem, customer: string) => PrepareFacts = ({ prepare }) => prepare,
) => {
  const system = await openProfileSystem({ profile: moodyTable(moods) });
  const [first] = await system.submit([registered], machine);
  const customer = first?.status === 'accepted' ? (first.fact.entity ?? '') : '';
  const operations = customerOperations({
    profile: system.profile,
    sealer: system.sealer,
    prepare: around(system, customer),
    now: () => system.clock.now(),
    today: () => '2026-11-24',
  });
  const addContactPoint: Operation = operations.addContactPoint;
  const requestOf = (value: string, more: { readonly expectedVersion?: number } = {}) => {
    const asked = operationRequest(agent);
    const audit = { ...asked.audit, id: newId(), act: 'contact.change' as const };
    return { ...asked, audit, idempotency, query: {}, subjectId: customer, body: { kind: 'email', value }, ...more };
  };
  return {
    ...system,
    customer,
    requestOf,
    add: (value: string, more?: { readonly expectedVersion?: number }) => addContactPoint(requestOf(value, more)),
    again: (): Promise<KeptAnswer | undefined> =>
      replay(system.profile, 'staff:a', idempotency, system.clock.now(), system.sealer),
    points: async () => stateOf((await loadSubject(system.profile, customer)).states, contact).state.points,
    entries: async () =>
      (await system.store.table('audit').scan({ consistent: true })).items.flatMap((item) => entryOf(item) ?? []),
  };
};

describe('what a request is answered', () => {
  it.each([[[]], [['conflict']], [['busy']], [['silent']], [['lost']], [['conflict', 'lost']]] as const)(
    'is what a repeat of it is answered, to the location, and stands in one commit with its fact and entry (%j)',
    async (how) => {
      const moods: Mood[] = [];
      const { add, again, points, entries, customer } = await open(moods);
      moods.push(...how);
      const { audited, ...answer } = await add('amara@example.org');
      const [point, ...others] = await points();
      expect(others).toEqual([]);
      expect(answer).toMatchObject({
        status: 201,
        version: 2,
        location: `/v1/customers/${customer}/contact-points/${point?.id}`,
        body: { id: point?.id, version: 2 },
      });
      expect(await again()).toEqual(JSON.parse(JSON.stringify(answer)));
      expect(await entries()).toMatchObject([{ act: 'contact.change', outcome: 'allowed', subject: customer }]);
      expect([audited, moods]).toEqual([true, []]);
    },
  );

  it('is made anew where others were first, of what is kept then', async () => {
    let raced = false;
    const { add, again } = await open([], ({ submit, prepare }, customer) => async (...given) => {
      const prepared = await prepare(...given);
      const plan = async () => {
        const kept = await prepared.plan();
        if (!raced) {
          raced = true;
          await submit([corrected(customer, 'Amina')], machine);
        }
        return kept;
      };
      return { ...prepared, plan };
    });
    const answer = await add('amara@example.org');
    expect(answer).toMatchObject({ version: 3, body: { version: 3 } });
    expect(await again()).toMatchObject({ version: 3, body: { version: 3 } });
  });

  it('is nothing where the version is another one: neither fact nor record nor entry stands', async () => {
    const { add, again, points, entries } = await open();
    await expect(add('amara@example.org', { expectedVersion: 7 })).rejects.toMatchObject({ code: 'version.stale' });
    expect([await again(), await points(), await entries()]).toEqual([undefined, [], []]);
  });

  it('of a twin under the same key is for the edge to look up: the second leaves no fact and no entry', async () => {
    const { add, again, points, entries } = await open();
    const { audited: _audited, ...first } = await add('amara@example.org');
    await expect(add('other@example.org')).rejects.toThrow(TwinWasFirst);
    expect([(await points()).length, (await entries()).length]).toEqual([1, 1]);
    expect(await again()).toEqual(JSON.parse(JSON.stringify(first)));
  });

  it('is refused whole where what is made of it fails: a fact without an answer is not kept', async () => {
    const { prepare, clock, requestOf, customer, again, points, entries } = await open();
    const fact = { type: 'customer.contact-point.added.v1', data: { customer, kind: 'email', value: 'a@example.org' } };
    const kept = keepFacts({ prepare, now: () => clock.now() }, requestOf('a@example.org'), [fact], () => {
      throw new Error('no answer');
    });
    await expect(kept).rejects.toThrow('no answer');
    expect([await again(), await points(), await entries()]).toEqual([undefined, [], []]);
  });
});

describe('facts of one request', () => {
  it('are none of them kept where one finds no place, and that one is told', async () => {
    const { prepare, clock, requestOf, customer, points, entries } = await open();
    const data = { customer, kind: 'email', value: 'amara@example.org' };
    const facts = [
      { type: 'customer.contact-point.added.v1', data },
      { type: 'customer.contact-point.added.v1', data: { ...data, kind: 'telex' }, at: '/second' },
    ];
    const kept = keepFacts({ prepare, now: () => clock.now() }, requestOf(''), facts, () => ({ body: undefined }));
    await expect(kept).rejects.toMatchObject({
      kind: 'invalid',
      code: 'fact.invalid',
      errors: [{ pointer: '/second/kind' }],
    });
    expect([await points(), await entries()]).toEqual([[], []]);
  });

  it('that wait for something unknown hold back those before them', async () => {
    const { prepare, clock, requestOf, customer, points } = await open();
    const unknown = { namespace: 'crm', value: 'nobody' };
    const data = { kind: 'email', value: 'amara@example.org' };
    const facts = [customer, unknown].map((of) => ({
      type: 'customer.contact-point.added.v1',
      data: { customer: of, ...data },
    }));
    const kept = keepFacts({ prepare, now: () => clock.now() }, requestOf(''), facts, () => ({ body: undefined }));
    await expect(kept).rejects.toMatchObject({ kind: 'conflict', code: 'reference.unknown' });
    expect(await points()).toEqual([]);
  });
});
