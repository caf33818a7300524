import { describe, expect, it } from 'vitest';
import { outgoingEvent, publishFacts } from '#functions/relay/publish-facts.ts';
import { OutgoingDetail } from '#shared/contracts/events/outgoing.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { BusEvent } from '#shared/messaging/ports.ts';
import { readFact } from '#shared/profile/store/items.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { idPrefixes } from '#shared/vocabulary/ids.ts';
import {
  agreed,
  bill,
  billed,
  called,
  crm,
  dark,
  ended,
  entityOf,
  factOf,
  gbp,
  granted,
  minute,
  mpan,
  opened,
  payment,
  person,
  point,
  putMeter,
  registered,
  reversal,
  type Sent,
  sent,
  tell,
  unagreed,
} from '#tests/functions/told-household.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

type Changes = Parameters<ReturnType<typeof publishFacts>>[0];

/** Every change of the profile table so far. */
const changesOf = async ({ store }: ProfileSystem): Promise<Changes> => {
  const feed = store.feed('profile');
  const shards = await Promise.all(
    Array.from({ length: feed.shards }, (_, shard) => feed.read(shard, undefined, 100_000)),
  );
  return shards.flat().map(({ position, entry }) => ({ ...entry, position }));
};
const relayTo = (system: ProfileSystem, published: BusEvent[]) =>
  publishFacts({
    bus: {
      publish: async (events) => {
        published.push(...events);
      },
    },
    clock: system.clock,
  });
const publishedOf = async (system: ProfileSystem) => {
  const events: BusEvent[] = [];
  await relayTo(system, events)(await changesOf(system));
  return events.map((event) => ({ ...event, detail: OutgoingDetail.parse(event.detail) }));
};

const secret = 'Canary';
/** The payment that staff ask one another about. */
const asking = { account: billed, payment: mintedId('payment', factIdOf('billing', 'p1')) };
/** A fact of every type, with a canary in each field that says something of a person, and amounts that nothing else holds. */
const everyFact = (meter: string, contactPoint: string): readonly Sent[] => [
  sent('c1', 'customer.profile.registered.v1', minute(0), {
    kind: 'person',
    name: { title: secret, given: secret, family: secret },
    dateOfBirth: '1931-07-19',
    language: 'en',
    references: [crm('ana')],
  }),
  opened,
  registered,
  point,
  sent('svc', 'premise.service-point.changed.v1', minute(1), { servicePoint: mpan, connection: 'connected' }),
  sent('c2', 'customer.profile.corrected.v1', minute(1), { customer: crm('ana'), name: { organisation: secret } }),
  sent('cpt', 'customer.contact-point.added.v1', minute(1), {
    customer: crm('ana'),
    kind: 'email',
    value: `${secret}@example.com`,
    label: secret,
  }),
  sent('c3', 'customer.contact-point.changed.v1', minute(2), {
    customer: crm('ana'),
    point: contactPoint,
    value: `${secret}@example.org`,
    label: secret,
  }),
  sent('c5', 'customer.contact-point.verified.v1', minute(2), {
    customer: crm('ana'),
    point: contactPoint,
    method: 'code',
  }),
  sent('c4', 'customer.contact-point.removed.v1', minute(3), { customer: crm('ana'), point: contactPoint }),
  granted('ana', 'holder'),
  ended('ana', 'holder', '2026-02-01'),
  agreed(),
  unagreed('2026-02-01'),
  sent('m1', 'metering.meter.installed.v1', minute(1), { servicePoint: mpan, meter }),
  sent('m2', 'metering.meter.removed.v1', minute(2), { servicePoint: mpan, meter }),
  sent(
    'ds',
    'account.dispute.settled.v1',
    minute(2),
    { servicePoint: mpan, account: billed, from: '2026-01-01', reason: secret },
    ownSystem,
  ),
  retraction('account.dispute', 'ds'),
  sent(
    'dm',
    'metering.dispute.settled.v1',
    minute(2),
    { servicePoint: mpan, meter, from: minute(1), reason: secret },
    ownSystem,
  ),
  retraction('metering.dispute', 'dm'),
  sent('m3', 'metering.event.recorded.v1', minute(1), { servicePoint: mpan, meter, event: 'tamper' }),
  retraction('metering.event', 'm3'),
  sent(
    'x1',
    'metering.exception.raised.v1',
    minute(1),
    {
      ...{ servicePoint: mpan, meter, register: 'E1', exception: 'one', revision: 1 },
      ...{ rule: 'spike', ruleVersion: 1, severity: 'fail', start: minute(1), end: minute(2), quality: 10 },
    },
    ownSystem,
  ),
  sent(
    'x2',
    'metering.exception.resolved.v1',
    minute(2),
    {
      ...{ servicePoint: mpan, meter, register: 'E1', exception: 'one', revision: 2 },
      ...{ outcome: 'dismissed', reason: secret },
    },
    ownSystem,
  ),
  retraction('metering.exception', 'x2'),
  sent(
    'k1',
    'metering.correction.made.v1',
    minute(2),
    {
      ...{ servicePoint: mpan, meter, register: 'E1', start: minute(1), interval: 1800 },
      ...{ values: [777_123], quality: 7, revision: 0, reason: secret },
    },
    ownSystem,
  ),
  retraction('metering.correction', 'k1'),
  sent(
    'n1',
    'metering.month.closed.v1',
    minute(2),
    {
      ...{ servicePoint: mpan, register: 'E1', month: '2025-12', issue: 1, unit: 'Wh', powerOfTen: 0 },
      ...{ value: 777_123, excluded: 0, byQuality: [{ quality: 0, count: 1488, value: 777_123 }] },
      ...{ expected: 1488, missing: 0, estimatedPerMille: 0, days: 31, daysComplete: 31, openExceptions: 0 },
    },
    ownSystem,
  ),
  retraction('metering.month', 'n1'),
  sent(
    'i1',
    'metering.insight.found.v1',
    minute(1),
    {
      ...{ servicePoint: mpan, register: 'E1', insight: 'one', revision: 1, kind: 'unusual-use' },
      ...{ start: minute(1), headline: secret, reason: secret, evidence: { excess: 777_123 }, expires: '2026-03-01' },
    },
    ownSystem,
  ),
  sent(
    'i2',
    'metering.insight.ended.v1',
    minute(2),
    { servicePoint: mpan, register: 'E1', insight: 'one', revision: 2, outcome: 'over', end: minute(2) },
    ownSystem,
  ),
  sent(
    'i3',
    'metering.insight.decided.v1',
    minute(3),
    { servicePoint: mpan, register: 'E1', insight: 'one', revision: 3, state: 'dismissed', reason: secret },
    ownSystem,
  ),
  retraction('metering.insight', 'i3'),
  sent(
    't1',
    'metering.task.opened.v1',
    minute(1),
    { servicePoint: mpan, meter, task: 'silent', number: 1, since: minute(1), evidence: ['E1'] },
    ownSystem,
  ),
  sent(
    't2',
    'metering.task.closed.v1',
    minute(2),
    { servicePoint: mpan, meter, task: 'silent', number: 1, since: minute(1), until: minute(2) },
    ownSystem,
  ),
  retraction('metering.task', 't1'),
  sent('b1', 'billing.bill.issued.v1', minute(1), {
    account: billed,
    number: `${secret}-1`,
    amount: gbp(777_123),
    issuedOn: '2026-01-01',
    dueOn: '2026-01-15',
  }),
  payment('p1', minute(2), 777_123),
  sent('ask', 'billing.reversal.requested.v1', minute(3), { ...asking, reason: 'error', note: secret }, ownSystem),
  sent(
    'no',
    'billing.reversal.declined.v1',
    minute(4),
    { ...asking, request: factIdOf(ownSystem, 'ask'), note: secret },
    ownSystem,
  ),
  retraction('billing.reversal', 'ask'),
  person('gone'),
  sent(
    'e1',
    'customer.erasure.requested.v1',
    minute(1),
    { customer: crm('gone'), ground: 'objection', reason: secret },
    ownSystem,
  ),
  sent(
    'e2',
    'customer.erasure.declined.v1',
    minute(2),
    { customer: crm('gone'), request: factIdOf(ownSystem, 'e1'), reason: secret },
    ownSystem,
  ),
  sent(
    'e3',
    'customer.erasure.approved.v1',
    minute(3),
    { customer: crm('gone'), request: factIdOf(ownSystem, 'e1') },
    ownSystem,
  ),
  retraction('customer.erasure', 'e2'),
  sent('e4', 'customer.erasure.completed.v1', minute(4), { customer: crm('gone') }, ownSystem),
  reversal('r1', minute(3), 'p1'),
  sent('o1', 'service.outage.reported.v1', minute(1), {
    premise: { namespace: 'uprn', value: '100012345678' },
    description: secret,
    references: [{ namespace: 'field', value: 'o1' }],
  }),
  sent('o2', 'service.outage.restored.v1', minute(2), { outage: { namespace: 'field', value: 'o1' }, cause: 'storm' }),
  sent('i1', 'contact.interaction.logged.v1', minute(4), {
    customer: crm('ana'),
    channel: 'phone',
    reason: 'other',
    summary: secret,
    handover: secret,
  }),
  ...['customer.profile', 'customer.contact-point', 'account.account', 'account.role', 'account.agreement'].map(
    (entity, n) => retraction(entity, ['c2', 'cpt', 'acc', 'rol-ana-2025-01-01', 'agr-2025-01-01'][n] ?? ''),
  ),
  ...['premise.premise', 'premise.service-point', 'metering.meter', 'billing.bill', 'billing.payment'].map(
    (entity, n) => retraction(entity, ['prm', 'svp', 'm1', 'b1', 'p1'][n] ?? ''),
  ),
  sent(
    'a1',
    'service.area-outage.proposed.v1',
    minute(1),
    {
      area: { kind: 'region', value: 'SALT-07' },
      commodity: 'electricity',
      startedAt: minute(1),
    },
    ownSystem,
  ),
  sent(
    'j1',
    'service.outage.joined.v1',
    minute(1),
    {
      outage: { namespace: 'field', value: 'o1' },
      areaOutage: mintedId('outage', factIdOf(ownSystem, 'a1')),
    },
    ownSystem,
  ),
  retraction('service.outage', 'o1'),
  retraction('service.area-outage', 'a1'),
  retraction('contact.interaction', 'i1'),
  sent(
    'wish',
    'contact.change-request.made.v1',
    minute(3),
    { customer: crm('ana'), channel: 'web', name: { family: secret } },
    ownSystem,
  ),
  sent(
    'told',
    'contact.change-request.settled.v1',
    minute(4),
    {
      customer: crm('ana'),
      request: mintedId('interaction', factIdOf(ownSystem, 'wish')),
      outcome: 'declined',
      reason: secret,
    },
    ownSystem,
  ),
  retraction('contact.change-request', 'wish'),
  person('ben'),
  sent(
    'd1',
    'customer.identity.distinguished.v1',
    minute(5),
    {
      customer: crm('ana'),
      other: crm('ben'),
      reason: secret,
    },
    ownSystem,
  ),
  retraction('customer.identity', 'd1'),
  sent('dup', 'customer.duplicate.claimed.v1', minute(5), { customer: crm('ana'), other: crm('ben'), reason: secret }),
  retraction('customer.duplicate', 'dup'),
  sent(
    'pin',
    'customer.attribute.pinned.v1',
    minute(5),
    {
      customer: crm('ana'),
      name: { family: secret },
      reason: secret,
    },
    ownSystem,
  ),
  retraction('customer.attribute', 'pin'),
  sent(
    'mrg',
    'customer.identity.merged.v1',
    minute(6),
    {
      survivor: crm('ana'),
      alias: crm('ben'),
      reason: secret,
    },
    ownSystem,
  ),
];
const fieldSystem = new Set(['prm', 'svp']);
const retraction = (entity: string, event: string): Sent => {
  const type = `${entity}.retracted.v1`;
  const source = factTypes.get(type)?.ownOnly === true ? ownSystem : 'billing';
  const factId = factIdOf(fieldSystem.has(event) ? 'field' : source, event);
  return sent(`x-${event}`, type, minute(30), { factId, reason: secret }, source);
};

describe('what subscribers get', () => {
  it('is an event for every fact type, with ids and names of fields and no value that says anything of a person', async () => {
    const system = await openProfileSystem();
    const meter = await putMeter(system, 'RT-00041');
    const contactPoint = mintedId('contactPoint', factIdOf('billing', 'cpt'));
    const first = everyFact(meter, contactPoint);
    const results = [...(await system.submit(first, { ...machine, supervisor: true }))];
    const merge = mintedId('merge', factIdOf(ownSystem, 'mrg'));
    const parted = sent('umr', 'customer.identity.unmerged.v1', minute(7), { merge, reason: secret }, ownSystem);
    const [ana] = results.flatMap((one) => ('fact' in one ? [one.fact.entity ?? ''] : []));
    await system.committer.rebuild(ana ?? '');
    results.push(...(await system.submit([parted], machine)));
    const facts = [...first, parted];
    expect(results.map((one, n) => [facts[n]?.sourceEventId, one.status])).toEqual(
      facts.map((fact) => [fact.sourceEventId, 'accepted']),
    );
    const events = await publishedOf(system);
    expect(new Set(events.map((event) => event.detailType))).toEqual(new Set(factTypes.keys()));
    expect(events).toHaveLength(facts.length);
    const words = JSON.stringify(events);
    for (const value of [secret, '1931-07-19', '777123', 'Quay', 'ZZ1', 'example', 'storm', '000123']) {
      expect(words.includes(value), value).toBe(false);
    }
    for (const { source, detailType, detail } of events) {
      const fact = facts.find((one) => factIdOf(one.source.system, one.sourceEventId) === detail.metadata.eventId);
      expect([source, detailType]).toEqual([`rotunda.${fact?.type.split('.')[0]}`, fact?.type]);
      for (const field of Object.keys(fact?.data ?? {})) expect(detail.data.fields, fact?.type).toContain(field);
      expect(new Set(detail.data.fields).size).toBe(detail.data.fields.length);
    }
  });

  it('names no field that the fact does not hold', async () => {
    const system = await openProfileSystem();
    await tell(system, person('ana'), called('i1', minute(1)));
    const call = (await publishedOf(system)).find((event) => event.detailType.startsWith('contact.'));
    expect(call?.detail.data.fields).toEqual(['channel', 'customer', 'direction', 'reason', 'references']);
  });

  it('is each fact once, from the copy of its first subject, counted without a gap for each subject', async () => {
    const system = await openProfileSystem();
    const facts = [
      person('ana'),
      opened,
      granted('ana', 'holder'),
      bill('b1', minute(1), 5),
      payment('p1', minute(2), 5),
    ];
    const [ana = '', account = ''] = (await tell(system, ...facts)).map(entityOf);
    await tell(system, ...facts);
    const events = await publishedOf(system);
    expect(events).toHaveLength(facts.length);
    const sequences = (subject: string) =>
      events
        .filter((event) => event.detail.metadata.subjectId === subject)
        .map((event) => event.detail.metadata.sequence)
        .sort();
    expect([sequences(account), sequences(ana)]).toEqual([[1, 2, 3, 4], [1]]);
    const role = events.find((event) => event.detailType === 'account.role.granted.v1');
    expect(role?.detail.data.subjects).toEqual([account, ana]);
    expect(role?.detail.metadata).toMatchObject({ subjectType: 'account', actor: 'machine:billing' });
  });

  it('tells of what a fact created, and of a retraction which fact it takes out', async () => {
    const system = await openProfileSystem();
    const [, paid] = await tell(system, opened, payment('p1', minute(1), 5));
    await tell(system, retraction('billing.payment', 'p1'));
    const events = await publishedOf(system);
    const of = (type: string) => events.find((event) => event.detailType === type)?.detail.data;
    expect(of('billing.payment.received.v1')?.entityId).toMatch(new RegExp(`^${idPrefixes.payment}_`));
    expect(of('billing.payment.retracted.v1')?.factId).toBe(factOf(paid));
    expect(of('billing.payment.received.v1')).not.toHaveProperty('factId');
    expect(events.filter((event) => event.detailType === 'billing.payment.received.v1')).toHaveLength(1);
  });

  it('bears a mark where it is published again on purpose, and only then', async () => {
    const system = await openProfileSystem();
    await tell(system, registered, dark('o1', minute(1)));
    const item = (await changesOf(system)).find((change) => change.key.sk.startsWith('FACT#outage'))?.after;
    if (item === undefined) throw new Error('no fact of an outage');
    const at = '2026-11-24T12:00:00.000Z';
    const [again, first] = [true, false].map((replay) =>
      OutgoingDetail.parse(outgoingEvent(readFact(item), at, replay).detail),
    );
    expect([again?.metadata.replay, first?.metadata.replay]).toEqual([true, undefined]);
    expect({ ...again?.metadata, replay: undefined }).toEqual({ ...first?.metadata, replay: undefined });
  });
});

describe('the relay', () => {
  it('fails the batch where the bus does, so that it is handed out again', async () => {
    const system = await openProfileSystem();
    await tell(system, opened);
    const broken = publishFacts({
      bus: {
        publish: async () => {
          throw new Error('the bus is away');
        },
      },
      clock: system.clock,
    });
    await expect(broken(await changesOf(system))).rejects.toThrow('the bus is away');
    const none = (await changesOf(system)).filter((change) => !change.key.sk.startsWith('FACT#'));
    await expect(broken(none)).resolves.toEqual({});
  });
});
