import {
  DeleteRuleCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { aReplay } from './a-replay.ts';
import { run } from './far-end.ts';

const [lambda, sts, events, sqs] = [
  mockClient(LambdaClient),
  mockClient(STSClient),
  mockClient(EventBridgeClient),
  mockClient(SQSClient),
];
const arn = 'arn:aws:sts::123456789012:assumed-role/Operators/ada';
const reason = 'The rule is mended.';
const why = ['--reason', reason];
const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name, $metadata: {} });

beforeEach(() => {
  for (const mock of [lambda, sts, events, sqs]) mock.reset();
  sts.on(GetCallerIdentityCommand).resolves({ Arn: arn });
});

const payload = (answer: unknown) => {
  const text = JSON.stringify(answer);
  return { Payload: Object.assign(new Uint8Array(Buffer.from(text)), { transformToString: () => text }) };
};
const asked = (): readonly unknown[] =>
  lambda
    .commandCalls(InvokeCommand)
    .map(({ args }) => args[0].input.Payload)
    .map((sent) => JSON.parse(new TextDecoder().decode(sent instanceof Uint8Array ? sent : undefined)));

const invoked = (): readonly unknown[] =>
  lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input.FunctionName);
const meter = 'mtr_0000000000000000000000000A';

describe('ops at a stage', () => {
  it('redrives step by step what was given up, then what is kept, and shows how far both are', async () => {
    lambda
      .on(InvokeCommand)
      .resolvesOnce(payload({ answer: { tried: 2, placed: 2, left: 0 }, next: 'here' }))
      .resolvesOnce(payload({ answer: { tried: 5, placed: 5, left: 0 } }))
      .resolvesOnce(payload({ answer: { tried: 1, placed: 0, left: 1 }, next: 'there' }))
      .resolvesOnce(payload({ answer: { tried: 4, placed: 2, left: 2 } }));
    const { code, out, notes } = await run(['ops', 'redrive', '--stage', 'dev', ...why]);
    expect({ code, out, notes: notes.slice(0, 2) }).toEqual({
      code: 4,
      out: ['9 tried, 7 placed, 2 left'],
      notes: ['2 tried, 2 placed, 0 left …', '6 tried, 5 placed, 1 left …'],
    });
    expect(asked()).toEqual([
      { act: 'redrive', input: {}, actor: arn, reason },
      { act: 'redrive', input: {}, actor: arn, reason, from: 'here' },
      { act: 'redrive', input: {}, actor: arn, reason },
      { act: 'redrive', input: {}, actor: arn, reason, from: 'there' },
    ]);
    const [parked, kept] = ['rotunda-dev-operations-parked:live', 'rotunda-dev-operations:live'];
    expect(invoked()).toEqual([parked, parked, kept, kept]);
  });

  it('leaves what is kept alone where what was given up could not be redriven', async () => {
    lambda.on(InvokeCommand).resolves({ ...payload({ errorType: 'Sandbox.Timedout' }), FunctionError: 'Unhandled' });
    expect(await run(['ops', 'redrive', '--stage', 'dev', ...why])).toMatchObject({
      code: 1,
      out: [],
      notes: ['rotunda: the function operations-parked of dev failed (Unhandled: Sandbox.Timedout)'],
    });
    expect(invoked()).toEqual(['rotunda-dev-operations-parked:live']);
  });

  it.each([
    [['digest'], { digests: [] }, 'rotunda-dev-operations:live'],
    [['quarantine'], { total: 0, reasons: [], entries: [] }, 'rotunda-dev-operations:live'],
    [['replay', '--reason', 'New rules.'], aReplay(), 'rotunda-dev-operations:live'],
    [
      ['revoke-meter', 'serial:RT-1', '--reason', 'Stolen.'],
      { meter, revoked: 1 },
      'rotunda-dev-operations-parked:live',
    ],
  ])('asks for %j the function that does it', async (args, answer, name) => {
    lambda.on(InvokeCommand).resolves(payload({ answer }));
    expect((await run(['ops', ...args, '--stage', 'dev'])).code).toBe(0);
    expect(invoked()).toEqual([name]);
  });

  it('sends what was said and ends as on one machine: partly done where something is left', async () => {
    lambda.on(InvokeCommand).resolves(payload({ answer: { tried: 3, placed: 1, left: 2 } }));
    const { code } = await run(['ops', 'redrive', '--stage', 'dev', '--kept-for', 'fact.future', '--dry-run']);
    expect(code).toBe(4);
    const input = { reason: 'fact.future', dryRun: true };
    expect(asked()).toMatchObject([{ input }, { input }]);
  });

  it('tries a step again from the same place where the stage is busy', async () => {
    const digests = [{ table: 'profile', sha256: '0'.repeat(64), items: 2 }];
    lambda
      .on(InvokeCommand)
      .resolvesOnce(payload({ answer: { digests: [] }, next: 'p' }))
      .resolvesOnce(
        payload({ problem: { status: 503, code: 'service.busy', title: 'Busy', detail: 'Busy', requestId: 'r' } }),
      )
      .resolvesOnce(payload({ answer: { digests } }));
    const { code, out } = await run(['ops', 'digest', '--stage', 'dev']);
    expect({ code, out }).toEqual({ code: 0, out: [`${'0'.repeat(64)}  profile (2 items)`] });
    expect(asked()).toMatchObject([{ act: 'digest' }, { from: 'p' }, { from: 'p' }]);
  });

  it('follows a replay by its status, for which no reason is asked', async () => {
    lambda
      .on(InvokeCommand)
      .resolvesOnce(payload({ answer: aReplay({ state: 'running' }) }))
      .resolvesOnce(payload({ answer: aReplay({ subjects: 3 }) }));
    const { code, out } = await run(['ops', 'replay', '--stage', 'dev', ...why]);
    expect({ code, out }).toEqual({ code: 0, out: ['3 subjects folded anew, 0 came out otherwise'] });
    expect(asked()).toMatchObject([{ act: 'replay' }, { act: 'replay-status', input: { id: aReplay().id } }]);
  });

  it('says what the function refused, and that it failed', async () => {
    const problem = { status: 404, code: 'not-found', title: 'Not found', detail: 'There is no such entry.' };
    lambda
      .on(InvokeCommand)
      .resolvesOnce(payload({ answer: { tried: 0, placed: 0, left: 0 } }))
      .resolvesOnce(payload({ problem }));
    expect(await run(['ops', 'redrive', '--stage', 'dev', '--id', 'qar_1', ...why])).toMatchObject({
      code: 1,
      notes: ['rotunda: 404 not-found: Not found; There is no such entry.'],
    });
    lambda.on(InvokeCommand).resolves({ ...payload({ errorType: 'Sandbox.Timedout' }), FunctionError: 'Unhandled' });
    expect(await run(['ops', 'digest', '--stage', 'dev'])).toMatchObject({
      code: 1,
      notes: ['rotunda: the function operations of dev failed (Unhandled: Sandbox.Timedout)'],
    });
  });

  it.each([
    ['CredentialsProviderError', 'Could not load credentials', 3, 'there are no AWS credentials here'],
    ['ExpiredTokenException', 'expired', 3, 'have run out'],
    ['AccessDeniedException', 'ada may not lambda:InvokeFunction', 3, 'AWS does not allow this: ada may not'],
    ['ResourceNotFoundException', 'Function not found', 1, 'there is no stage dev in this AWS account and region'],
    ['Error', 'Region is missing', 2, 'there is no AWS region here: set AWS_REGION'],
    ['TimeoutError', 'socket', 1, 'AWS cannot be reached'],
  ])('says %s (%s) in one line', async (name, message, code, line) => {
    lambda.on(InvokeCommand).rejects(awsError(name, message));
    const answer = await run(['ops', 'digest', '--stage', 'dev']);
    expect(answer.code).toBe(code);
    expect(answer.notes).toHaveLength(1);
    expect(answer.notes[0]).toContain(line);
  });

  it.each([
    [['ops', 'digest', '--stage', 'Dev_1']],
    [['ops', 'digest', '--stage', 'dev', '--token', 't']],
    [['ops', 'drain', '--stage', 'dev']],
    [['send', '-', '--stage', 'dev']],
  ])('calls %j wrong use', async (args) => {
    expect((await run(args, '[]')).code).toBe(2);
    expect(lambda.calls()).toHaveLength(0);
  });

  it('asks only the addresses of the function to verify the audit', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves({ Environment: { Variables: {} } });
    const { code, notes } = await run(['ops', 'verify-audit', '--stage', 'dev']);
    expect(code).toBe(1);
    expect(notes.join()).toContain('ROTUNDA_AUDIT_TABLE is missing');
  });
});

describe('send at a stage', () => {
  const fact = (event: string) => ({
    type: 'billing.payment.received.v1',
    source: { system: 'billing' },
    sourceEventId: event,
    occurredAt: '2026-03-01T09:30:00Z',
    data: {},
  });
  const send = (...facts: readonly object[]) =>
    run(['send', '-', '--door', 'bus', '--stage', 'dev'], JSON.stringify(facts));

  it('puts facts on the inbound bus as whom the credentials say', async () => {
    events.on(PutEventsCommand).resolves({ Entries: [{ EventId: '1' }] });
    expect(await send(fact('1'))).toMatchObject({ code: 0, out: ['1 taken by the inbound bus'] });
    expect(events.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries).toEqual([
      {
        EventBusName: 'rotunda-dev-inbound',
        Source: 'billing',
        DetailType: 'billing.payment.received.v1',
        Detail: JSON.stringify(fact('1')),
      },
    ]);
  });

  it('counts what the bus did not take', async () => {
    events.on(PutEventsCommand).callsFake(({ Entries }) => ({
      Entries: Entries.map(({ Detail }: { readonly Detail: string }) =>
        Detail.includes('"2"') ? { ErrorCode: 'NotAuthorized' } : { EventId: 'e' },
      ),
    }));
    expect(await send(fact('1'), fact('2'))).toMatchObject({ code: 4, out: ['1 taken by the inbound bus'] });
  });

  it('sends nothing to a bus that is not there, which would take events and lose them', async () => {
    events.on(DescribeEventBusCommand).rejects(awsError('ResourceNotFoundException'));
    expect(await send(fact('1'))).toMatchObject({
      code: 1,
      notes: ['rotunda: there is no stage dev in this AWS account and region'],
    });
    expect(events.commandCalls(PutEventsCommand)).toHaveLength(0);
  });

  it('lets those send who may do nothing else', async () => {
    events.on(DescribeEventBusCommand).rejects(awsError('AccessDeniedException'));
    events.on(PutEventsCommand).resolves({ Entries: [{ EventId: '1' }] });
    expect((await send(fact('1'))).code).toBe(0);
  });
});

describe('listen at a stage', () => {
  const event = {
    source: 'rotunda.billing',
    'detail-type': 'billing.payment.received.v1',
    time: '2026-11-24T12:00:00Z',
    detail: { n: 1 },
  };
  const shown = '2026-11-24T12:00:00Z rotunda.billing billing.payment.received.v1 {"n":1}';
  beforeEach(() => {
    sqs.on(CreateQueueCommand).resolves({ QueueUrl: 'https://sqs/q' });
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { QueueArn: 'arn:queue' } });
    sqs.on(ReceiveMessageCommand).resolves({ Messages: [{ ReceiptHandle: 'r', Body: JSON.stringify(event) }] });
    sqs.on(SetQueueAttributesCommand).resolves({});
    sqs.on(DeleteMessageBatchCommand).resolves({});
    sqs.on(DeleteQueueCommand).resolves({});
    events.on(PutRuleCommand).resolves({ RuleArn: 'arn:rule' });
    events.on(PutTargetsCommand).resolves({ FailedEntryCount: 0 });
    events.on(RemoveTargetsCommand).resolves({});
    events.on(DeleteRuleCommand).resolves({});
  });
  const removed = () => [
    events.commandCalls(RemoveTargetsCommand).length,
    events.commandCalls(DeleteRuleCommand).length,
    sqs.commandCalls(DeleteQueueCommand).length,
  ];

  it('follows the outbound bus by a queue and a rule of its own, and removes both', async () => {
    const { code, out } = await run(['listen', '--stage', 'dev', '--count', '2', '--pattern', '{"source":["x"]}']);
    expect({ code, out }).toEqual({ code: 0, out: [shown, shown] });
    const rule = events.commandCalls(PutRuleCommand)[0]?.args[0].input;
    expect(rule).toMatchObject({ EventBusName: 'rotunda-dev-outbound', EventPattern: '{"source":["x"]}' });
    expect(rule?.Name).toMatch(/^rotunda-dev-listen-[0-9a-f]{12}$/);
    const { Attributes } = sqs.commandCalls(SetQueueAttributesCommand)[0]?.args[0].input ?? {};
    expect(JSON.parse(Attributes?.Policy ?? '').Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'arn:queue',
        Condition: { ArnEquals: { 'aws:SourceArn': 'arn:rule' } },
      },
    ]);
    expect(removed()).toEqual([1, 1, 1]);
  });

  it('removes both when the process is told to stop', async () => {
    const before = process.listenerCount('SIGINT');
    sqs.on(ReceiveMessageCommand).callsFake(async () => {
      process.emit('SIGINT');
      return {};
    });
    expect((await run(['listen', '--stage', 'dev'])).code).toBe(0);
    expect(removed()).toEqual([1, 1, 1]);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('removes what it had made where it could not make the rest', async () => {
    events.on(PutRuleCommand).rejects(awsError('AccessDeniedException', 'ada may not events:PutRule'));
    expect(await run(['listen', '--stage', 'dev'])).toMatchObject({ code: 3, out: [] });
    expect(removed()).toEqual([0, 0, 1]);
  });

  it('names what it could not remove', async () => {
    events.on(DeleteRuleCommand).rejects(awsError('AccessDeniedException'));
    const { code, notes } = await run(['listen', '--stage', 'dev', '--count', '1']);
    expect(code).toBe(1);
    expect(notes.at(-1)).toMatch(/could not be removed: rule rotunda-dev-listen-/);
    expect(removed()).toEqual([1, 1, 1]);
  });
});
