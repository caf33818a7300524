import { describe, expect, it } from 'vitest';
import { factOperations } from '#functions/facts/api.ts';
import { type AuditEntry, entryOf } from '#shared/facts/audit.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { auditPartition } from '#shared/table/keys.ts';
import { type Table, Unanswered } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { billed, minute, opened, payment, person, type Sent, sent } from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const send = (system: ProfileSystem, facts: readonly Sent[], sources = ['billing', 'crm']) => {
  const actor = { kind: 'machine' as const, id: 'hub', scopes: ['facts:write'], sources };
  return factOperations(system).sendFacts({ ...operationRequest(actor), query: {}, body: { facts: [...facts] } });
};
const entriesOf = async ({ store }: ProfileSystem): Promise<readonly AuditEntry[]> =>
  (await store.table('audit').scan({ consistent: true })).items.flatMap((item) => entryOf(item) ?? []);
const factsOf = async ({ profile }: ProfileSystem) =>
  (await profile.scan({ consistent: true })).items.filter(({ sk }) => sk.startsWith('FACT#'));

/** A profile table through which nothing can be written to the audit. */
const withoutAudit = (table: Table): Table => ({
  name: table.name,
  get: (key, options) => table.get(key, options),
  query: (query) => table.query(query),
  scan: (scan) => table.scan(scan),
  batchPut: (items) => table.batchPut(items),
  close: () => table.close(),
  commit: async (writes) => {
    if (writes.some((write) => 'in' in write && write.in === 'audit')) throw new Unanswered(new Error('no audit'));
    return table.commit(writes);
  },
});

describe('facts sent by a program', () => {
  it('have their entry in the commit that keeps them, one for each commit, and no second one for the request', async () => {
    const system = await openProfileSystem();
    const answer = await send(system, [
      opened,
      { ...person('ana'), source: { system: 'crm' } },
      payment('p1', minute(1), 500),
      payment('p2', minute(2), 70),
    ]);
    expect(answer.body.results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    expect(answer.audited).toBe(true);
    const entries = await entriesOf(system);
    expect(entries.map(({ actor, outcome, count }) => [actor, outcome, count]).sort()).toEqual([
      ['hub', 'allowed', 1],
      ['hub', 'allowed', 1],
      ['hub', 'allowed', 2],
    ]);
    const subjects = new Set((await factsOf(system)).map(({ pk }) => pk));
    expect(subjects.size).toBe(2);
    for (const { subject } of entries) {
      const log = await readAll(system.store.table('audit'), { pk: auditPartition(subject ?? ''), consistent: true });
      expect(log.length).toBeGreaterThan(0);
    }
    await system.store.close();
  });

  it('without effect are said to be, with why, and those that nothing but their ids parts ask for a sequence', async () => {
    const system = await openProfileSystem();
    const ana = { namespace: 'crm', value: 'ana' };
    const corrected = (event: string, language: string, sourceSequence?: number) => ({
      ...sent(event, 'customer.profile.corrected.v1', minute(5), { customer: ana, language }, 'crm'),
      ...(sourceSequence === undefined ? {} : { sourceSequence }),
    });
    const reversed = (event: string, at: string) =>
      sent(event, 'billing.payment.reversed.v1', at, {
        account: billed,
        payment: mintedId('payment', factIdOf('billing', 'p1')),
      });
    await send(system, [{ ...person('ana'), source: { system: 'crm' } }, opened, payment('p1', minute(1), 500)]);
    const answer = await send(system, [
      reversed('r1', minute(1)),
      reversed('r2', minute(2)),
      corrected('c1', 'cy'),
      corrected('c2', 'en'),
      corrected('c3', 'fr', 1),
      corrected('c4', 'de', 2),
    ]);
    const told = answer.body.results.map(({ status, effect, warnings = [] }) => [
      status,
      effect ?? 'some',
      ...warnings.map(({ code, pointer }) => `${code} ${pointer}`),
    ]);
    const tied = 'fact.without-sequence /sourceSequence';
    expect(told).toEqual([
      ['accepted', 'some'],
      ['accepted', 'none', 'fact.without-effect /data'],
      ['accepted', 'some', tied],
      ['accepted', 'some', tied],
      ['accepted', 'some'],
      ['accepted', 'some'],
    ]);
    // What comes later to an instant is warned of as well.
    const late = await send(system, [corrected('c5', 'es')]);
    expect(late.body.results[0]?.warnings?.map(({ code }) => code)).toEqual(['fact.without-sequence']);
    await system.store.close();
  });

  it('are not kept where their entry cannot be', async () => {
    const system = await openProfileSystem({ profile: withoutAudit });
    await send(system, [opened]).catch((failure: unknown) => failure);
    expect(await factsOf(system)).toEqual([]);
    expect(await entriesOf(system)).toEqual([]);
    await system.store.close();
  });

  it('leave the entry of the request for what was not kept: repeats, and what waits', async () => {
    const system = await openProfileSystem();
    await send(system, [opened]);
    const again = await send(system, [
      opened,
      {
        ...payment('p9', minute(3), 5),
        data: { account: { ...billed, value: 'none' }, amount: { amountMinor: 5, currency: 'GBP' } },
      },
    ]);
    expect(again.body.results.map(({ status }) => status)).toEqual(['duplicate', 'waiting']);
    expect(again.audited).toBe(false);
    expect(again.subjects).toHaveLength(1);
    expect(await entriesOf(system)).toHaveLength(1);
    await system.store.close();
  });

  it('that the sender may not say are told of by an entry that names nobody; where it cannot be kept nothing is answered', async () => {
    const merge = sent('m', 'customer.identity.merged.v1', minute(1), {
      survivor: { namespace: 'crm', value: 'ana' },
      alias: { namespace: 'crm', value: 'ben' },
      reason: 'One person.',
    });
    const system = await openProfileSystem();
    const { body } = await send(system, [merge, { ...merge, sourceEventId: 'm2' }]);
    expect(body.results.map(({ problem }) => problem?.code)).toEqual([
      'fact.type-not-allowed',
      'fact.type-not-allowed',
    ]);
    const entries = await entriesOf(system);
    expect(entries).toMatchObject([
      { actor: 'hub', outcome: 'refused:fact.type-not-allowed', count: 2, types: [merge.type], named: [] },
    ]);
    expect(entries[0]?.subject).toBeUndefined();
    const deaf = await openProfileSystem({ profile: withoutAudit });
    const failure: unknown = await send(deaf, [merge]).catch((caught: unknown) => caught);
    expect(failure instanceof DomainError ? [failure.kind, failure.code] : failure).toEqual([
      'unavailable',
      'audit.unavailable',
    ]);
    await Promise.all([system.store.close(), deaf.store.close()]);
  });
});

describe('a fact that has waited', () => {
  it('has an entry in the commit that places it, under the name of who sent it', async () => {
    const system = await openProfileSystem();
    await send(system, [payment('p1', minute(1), 500)]);
    expect(await entriesOf(system)).toEqual([]);
    await send(system, [opened]);
    await system.settle();
    const entries = await entriesOf(system);
    expect(entries.map(({ actor, route }) => [actor, route])).toEqual([
      ['hub', 'test'],
      ['machine:hub', 'waiting'],
    ]);
    await system.store.close();
  });
});
