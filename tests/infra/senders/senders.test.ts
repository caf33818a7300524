import { beforeAll, describe, expect, test } from 'vitest';
import { stageNames } from '#infra/config.ts';
import { Estate } from '#infra/limits/estate.ts';
import { readStage } from '#infra/limits/read-estate.ts';
import { at, listOf, type Template } from '#infra/template.ts';
import { synthesisOf } from '#tests/support/templates.ts';
import {
  apiLogsWithoutRole,
  keyless,
  keyStrangers,
  refused,
  rolesWithoutKey,
  strangers,
  unbounded,
} from './admitted.ts';
import { sendersIn, unread } from './senders.ts';

/** The estate with some resources of a type changed or, where nothing comes back, left out. */
const changed = (estate: Estate, type: string, change: (properties: unknown) => unknown): Estate =>
  new Estate(
    estate.stacks.map((stack) => ({
      ...stack,
      template: {
        ...stack.template,
        Resources: Object.fromEntries(
          Object.entries(stack.template.Resources).map(([id, resource]): [string, Template['Resources'][string]] => [
            id,
            resource.Type === type ? { ...resource, Properties: change(resource.Properties) } : resource,
          ]),
        ),
      },
    })),
  );

/** A policy without what it allows the services that match. */
const without = (member: string, service: RegExp) => (properties: unknown) => {
  const document = at(properties, member);
  const Statement = listOf(at(document, 'Statement')).filter(
    (statement) => !listOf(at(statement, 'Principal', 'Service')).some((one) => service.test(String(one))),
  );
  return { ...Object(properties), [member]: { ...Object(document), Statement } };
};

describe.each(stageNames)('who sends in %s', (stage) => {
  let estate = new Estate([]);
  beforeAll(() => {
    estate = new Estate(readStage(stage, synthesisOf(stage).folder));
  }, 120_000);

  test('is admitted to each queue, topic, bucket, stream and log it sends to', () => {
    const sent = sendersIn(estate);
    for (const kind of [':sqs:', ':sns:', ':s3:::', ':kinesis:', ':logs:'])
      expect(sent.filter(({ to }) => to.includes(kind)).length).toBeGreaterThan(0);
    expect(refused(estate)).toEqual([]);
    expect(apiLogsWithoutRole(estate)).toEqual([]);
  });

  test('is admitted for that alone, by the name of the rule, bus or topic, and nobody else is', () => {
    expect(strangers(estate)).toEqual([]);
    expect(unbounded(estate)).toEqual([]);
  });

  test('may use the key of what it sends to, and no service more', () => {
    expect(keyless(estate)).toEqual([]);
    // The topic of dev has no subscriber; its key is the one of each stage.
    expect(keyStrangers(estate).filter((one) => stage !== 'dev' || !one.includes('sns.amazonaws.com'))).toEqual([]);
    expect(rolesWithoutKey(estate)).toEqual([]);
  });

  test('is of a kind that this derivation reads', () => {
    expect(estate.ofType(...unread).map(({ id }) => id)).toEqual([]);
  });

  test('would be told of by each rule, bus and alarm where no queue and topic admitted its service', () => {
    const queues = changed(estate, 'AWS::SQS::QueuePolicy', without('PolicyDocument', /^events/));
    const rules = estate.ofType('AWS::Events::Rule').length;
    const buses = estate.ofType('AWS::Events::EventBus').length;
    // The rule of facts sends to its queue, and to dead letters.
    expect(refused(queues)).toHaveLength(rules + 1 + buses);
    expect(refused(queues).join('\n')).toMatch(/rule\/rotunda-[a-z]+-imports-left may not sqs:SendMessage/);
    const topics = changed(estate, 'AWS::SNS::TopicPolicy', without('PolicyDocument', /^cloudwatch/));
    expect(refused(topics).length).toBeGreaterThanOrEqual(estate.ofType('AWS::CloudWatch::Alarm').length);
    const keys = changed(estate, 'AWS::KMS::Key', without('KeyPolicy', /^events/));
    expect(keyless(keys)).toEqual(
      expect.arrayContaining([expect.stringContaining('events.amazonaws.com may not use')]),
    );
  });

  test('would be told of where a rule is gone that a queue still admits', () => {
    const gone = new Estate(
      estate.stacks.map((stack) => ({
        ...stack,
        template: {
          ...stack.template,
          Resources: Object.fromEntries(
            Object.entries(stack.template.Resources).filter(([, { Type }]) => Type !== 'AWS::Events::Rule'),
          ),
        },
      })),
    );
    expect(strangers(gone)).toHaveLength(estate.ofType('AWS::Events::Rule').length + 1);
  });
});
