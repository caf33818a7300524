import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { factsFromQueue } from '#functions/facts/events.ts';
import { listQuarantine, openQuarantined, waitingQueue } from '#shared/facts/quarantine.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { auditPartition } from '#shared/table/keys.ts';
import { type Table, TransactionConflict } from '#shared/table/table.ts';
import {
  billed,
  entityOf,
  gbp,
  minute,
  opened,
  payment,
  person,
  type Sent,
  tell,
  upToDate,
} from '#tests/functions/told-household.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';

/** Records as SQS hands them out, one for each body. */
const batch = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, n) => ({
    messageId: `message-${n}`,
    receiptHandle: 'r',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:facts',
    awsRegion: 'eu-west-1',
  })),
});
const onBus = (detail: unknown, source = 'billing', detailType?: string): string =>
  JSON.stringify({
    version: '0',
    id: 'b1',
    source,
    'detail-type': detailType ?? String(Object(detail).type),
    detail,
  });

const open = async (profile?: (table: Table) => Table) => {
  const system = await openProfileSystem(profile === undefined ? {} : { profile });
  const metrics = new RecordedMetrics();
  const take = factsFromQueue({ ...system, metrics });
  return { system, metrics, take };
};
const kept = async (system: ProfileSystem) => {
  const { entries } = await listQuarantine(await upToDate(system), { limit: 50 });
  return Promise.all(
    entries.map(async (entry) => ({
      reason: entry.reason,
      source: entry.source,
      actor: entry.actor,
      raw: new TextDecoder().decode(await openQuarantined(system.sealer, entry)),
    })),
  );
};
const audited = async (system: ProfileSystem, subject: string) =>
  readAll(system.store.table('audit'), { pk: auditPartition(subject), consistent: true });

describe('facts from the inbound bus', () => {
  it('are kept under the name of the system that sent them, with an entry of the audit in the same commit', async () => {
    const { system, take } = await open();
    const account = entityOf((await tell(system, opened))[0]);
    const facts = [payment('p1', minute(1), 500), payment('p2', minute(2), 700)];
    expect(await take(batch(...facts.map((fact) => onBus(fact))))).toEqual({ batchItemFailures: [] });
    const found = await readAll(system.profile, { pk: `ACC#${account}`, prefix: 'FACT#billing', consistent: true });
    expect(found.map((item) => [item.event, item.actor])).toEqual([
      ['p1', 'system:billing'],
      ['p2', 'system:billing'],
    ]);
    const [entry, ...others] = await audited(system, account);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ actor: 'system:billing', act: 'facts.write', count: 2, requestId: 'message-0' });
  });

  it('that come twice are kept once, and audited once', async () => {
    const { system, take } = await open();
    const account = entityOf((await tell(system, opened))[0]);
    const body = onBus(payment('p1', minute(1), 500));
    await take(batch(body));
    expect(await take(batch(body, body))).toEqual({ batchItemFailures: [] });
    expect(await audited(system, account)).toHaveLength(1);
    expect(await kept(system)).toEqual([]);
  });

  it('that cannot be read are kept whole, and do not hold up those beside them', async () => {
    const { system, metrics, take } = await open();
    const account = entityOf((await tell(system, opened))[0]);
    const good = payment('p1', minute(1), 500);
    const bad = [
      'no JSON {',
      '[]',
      'null',
      JSON.stringify({ detail: good }),
      onBus(good, 'Billing'),
      onBus(good, 'billing', 'billing.bill.issued.v1'),
      onBus('text'),
    ];
    expect(await take(batch(...bad, onBus(good)))).toEqual({ batchItemFailures: [] });
    const entries = await kept(system);
    expect(new Set(entries.map((entry) => entry.raw))).toEqual(new Set(bad));
    expect(entries.every(({ reason, source }) => reason === 'fact.invalid' && source === 'inbound')).toBe(true);
    expect(metrics.of('inbound.unreadable')).toBe(bad.length);
    expect(await audited(system, account)).toHaveLength(1);
  });

  it('that are no facts, or of no known type, are kept with what is wrong with them', async () => {
    const { system, take } = await open();
    const wrong: readonly (readonly [Sent, string])[] = [
      [{ ...payment('p1', minute(1), 500), type: 'billing.payment.lost.v1' }, 'fact.unknown-type'],
      [{ ...payment('p2', minute(1), 500), data: { account: billed, amount: gbp(-5) } }, 'fact.invalid'],
      [payment('p3', '2027-01-01T00:00:00.000Z', 500), 'fact.future'],
    ];
    await tell(system, opened);
    expect(await take(batch(...wrong.map(([fact]) => onBus(fact))))).toEqual({ batchItemFailures: [] });
    const entries = await kept(system);
    expect(new Map(entries.map((entry) => [JSON.parse(entry.raw).sourceEventId, entry.reason]))).toEqual(
      new Map(wrong.map(([fact, reason]) => [fact.sourceEventId, reason])),
    );
  });

  it('of a system that the sender is not are refused, and kept under the name of the one who sent them', async () => {
    const { system, take } = await open();
    const account = entityOf((await tell(system, opened))[0]);
    const foreign = payment('p1', minute(1), 500);
    expect(await take(batch(onBus(foreign, 'crm')))).toEqual({ batchItemFailures: [] });
    expect(await kept(system)).toEqual([
      { reason: 'source.refused', source: 'billing', actor: 'system:crm', raw: JSON.stringify(foreign) },
    ]);
    expect(await audited(system, account)).toEqual([]);
  });

  it('about something unknown wait for it, and are kept as soon as it comes', async () => {
    const { system, take } = await open();
    await take(batch(onBus(payment('p1', minute(1), 500))));
    expect((await listQuarantine(await upToDate(system), { limit: 5, queue: waitingQueue })).entries).toHaveLength(1);
    const account = entityOf((await tell(system, opened))[0]);
    const found = await readAll(system.profile, { pk: `ACC#${account}`, prefix: 'FACT#billing', consistent: true });
    expect(found.map((item) => [item.event, item.actor])).toEqual([['p1', 'system:billing']]);
    expect((await listQuarantine(await upToDate(system), { limit: 5, queue: waitingQueue })).entries).toEqual([]);
  });

  it('that find their record busy are handed out again, and only those', async () => {
    let busy = '';
    const contended = (table: Table): Table => ({
      name: table.name,
      get: (key, options) => table.get(key, options),
      query: (query) => table.query(query),
      scan: (scan) => table.scan(scan),
      batchPut: (items) => table.batchPut(items),
      close: () => table.close(),
      commit: async (writes) => {
        if (busy !== '' && writes.some((write) => 'put' in write && write.put.pk === busy))
          throw new TransactionConflict();
        return table.commit(writes);
      },
    });
    const { system, take } = await open(contended);
    const account = entityOf((await tell(system, opened))[0]);
    busy = `ACC#${account}`;
    const facts = [person('ana'), person('ben')].map((fact) => ({ ...fact, source: { system: 'crm' } }));
    const ofCrm = batch(onBus(facts[0], 'crm'), onBus(payment('p1', minute(1), 500)), onBus(facts[1], 'crm'));
    expect(await take(ofCrm)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    busy = '';
    expect(await take(ofCrm)).toEqual({ batchItemFailures: [] });
    expect(await audited(system, account)).toHaveLength(1);
  });
});
