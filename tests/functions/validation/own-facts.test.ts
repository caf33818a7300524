import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { factOperations } from '#functions/facts/api.ts';
import { factsFromQueue } from '#functions/facts/events.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import { readFacts } from '#shared/profile/store/subjects.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { upToDate } from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';
import { homePoint, openMeteredHome } from '#tests/support/supplied-home.ts';

const ofReadings = /^metering\.(exception|correction|month|task|insight)\./;
const ofPeople =
  /^customer\.(attribute|erasure|identity)\.|^(account|metering)\.dispute\.|^service\.(area-outage\.|outage\.joined\.)|^billing\.reversal\.|^contact\.change-request\./;
const ownTypes = [...factTypes.values()].filter(({ ownOnly }) => ownOnly === true);

/** Facts as another system would write them, valid but for who sends them. */
const forged = (source: string) =>
  ownTypes.map(({ type, examples: [{ data }] }) => ({
    type,
    source: { system: source },
    sourceEventId: `forged-${type}`,
    occurredAt: '2026-05-04T04:00:00.000Z',
    data:
      typeof data === 'object'
        ? { ...data, ...('servicePoint' in Object(data) ? { servicePoint: homePoint } : {}) }
        : {},
  }));

const onBus = (source: string): SQSEvent => ({
  Records: forged(source).map((detail, n) => ({
    messageId: `message-${n}`,
    receiptHandle: 'r',
    body: JSON.stringify({ source, 'detail-type': detail.type, detail }),
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

const home = async () => {
  const opened = await openMeteredHome();
  const told = async () =>
    (await readFacts(opened.profile, opened.sealer, [opened.idOf('prm')], 'metering')).filter(({ fact }) =>
      ofReadings.test(fact.type),
    );
  return { ...opened, told };
};

describe('what the system says alone', () => {
  it('is what it made of readings and outages, what people decide or ask for at its routes, and their taking back', () => {
    expect(ownTypes.map(({ type }) => type).sort()).toEqual(
      [...factTypes.keys()].filter((type) => ofReadings.test(type) || ofPeople.test(type)).sort(),
    );
  });

  it.each(['billing', 'head-end', ownSystem])('is refused from a machine bound to %s', async (source) => {
    const system = await home();
    const request = operationRequest({ kind: 'machine', id: 'm', scopes: ['facts:write'], sources: [source] });
    const facts = forged(source);
    const answer = await factOperations(system).sendFacts({ ...request, query: {}, body: { facts } });
    expect(answer.body.results.map(({ status, problem }) => [status, problem?.code])).toEqual(
      facts.map(() => ['rejected', source === ownSystem ? 'source.refused' : 'fact.type-not-allowed']),
    );
    expect(await system.told()).toEqual([]);
  });

  it.each(['billing', ownSystem])('is kept aside where it comes on the inbound bus from %s', async (source) => {
    const system = await home();
    const take = factsFromQueue({ ...system, metrics: new RecordedMetrics() });
    expect(await take(onBus(source))).toEqual({ batchItemFailures: [] });
    const { entries } = await listQuarantine(await upToDate(system), { limit: 50 });
    expect(entries.map(({ reason, actor }) => [reason, actor])).toEqual(
      ownTypes.map(() => [source === ownSystem ? 'source.refused' : 'fact.type-not-allowed', `system:${source}`]),
    );
    expect(await system.told()).toEqual([]);
  });
});
