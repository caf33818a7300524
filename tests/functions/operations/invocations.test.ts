import { describe, expect, it } from 'vitest';
import { operationsHandler } from '#functions/operations/events.ts';
import { type OperatorFunction, StepAnswer } from '#shared/contracts/operations/invocation.ts';
import { entryOf } from '#shared/facts/audit.ts';
import { Throttled } from '#shared/table/table.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';
import { aside, openGround } from './operator-ground.ts';

const reason = 'The rule is mended.';
const actor = 'arn:aws:sts::123456789012:assumed-role/Operators/ada';

/** A function with time that runs only as the test says. */
const deployed = async <Name extends OperatorFunction>(name: Name, remaining: () => number = () => 900_000) => {
  const ground = await openGround([aside(3)]);
  const { clock, store } = ground.system;
  const audit = store.table('audit');
  const [logger, metrics] = [new RecordedLogger(), new RecordedMetrics()];
  const handler = operationsHandler<Name>({ name, acts: ground.at[name], audit, clock, logger, metrics });
  let calls = 0;
  return {
    ground,
    logger,
    invoke: async (event: unknown) => {
      calls += 1;
      const answer = await handler(event, { awsRequestId: `req-${calls}`, getRemainingTimeInMillis: remaining });
      return StepAnswer.parse(JSON.parse(JSON.stringify(answer)));
    },
    entries: async () =>
      (await audit.scan({ consistent: true })).items
        .map(entryOf)
        .filter((entry) => entry !== undefined)
        .map(({ act, actor: who, actorKind, outcome, requestId, route, reason: why }) => ({
          act,
          who,
          actorKind,
          outcome,
          requestId,
          route,
          ...(why === undefined ? {} : { why }),
        })),
  };
};

describe('an invocation of the operator', () => {
  it('does its act by the contract and leaves an entry: who is claimed, not proven, and the request that CloudTrail knows', async () => {
    const { invoke, entries } = await deployed('operations-parked');
    expect(await invoke({ act: 'redrive', actor, reason })).toEqual({ answer: { tried: 3, placed: 3, left: 0 } });
    expect(await entries()).toEqual([
      {
        act: 'ops.redrive',
        who: `claimed:${actor}`,
        actorKind: 'system',
        outcome: 'allowed',
        requestId: 'req-1',
        route: 'operations-parked',
        why: reason,
      },
    ]);
  });

  it('ends a step in time and goes on where it was, each step with an entry', async () => {
    // Every look at the clock costs eleven seconds: two pieces of work, and the step is over.
    let left = 900_000;
    const { invoke, entries } = await deployed('operations-parked', () => {
      left -= 11_000;
      return left;
    });
    const answers: unknown[] = [];
    let from: string | undefined;
    do {
      const step = await invoke({ act: 'redrive', actor, reason, ...(from === undefined ? {} : { from }) });
      if ('problem' in step) throw new Error(step.problem.detail);
      answers.push(step.answer);
      from = step.next;
    } while (from !== undefined);
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.at(-1)).toEqual({ tried: 3, placed: 3, left: 0 });
    expect(await entries()).toHaveLength(answers.length);
  });

  it('still does a piece of its work where almost no time is left', async () => {
    const { invoke } = await deployed('operations-parked', () => 100);
    const step = await invoke({ act: 'redrive', actor, reason });
    expect(step).toMatchObject({ answer: { tried: 1, placed: 1 }, next: expect.any(String) });
  });

  it.each([
    ['an act there is not', { act: 'drop-tables', actor }, 'act.unknown', 404, 'ops.drop-tables'],
    [
      'an input that does not fit',
      { act: 'digest', actor, input: { table: 'keys' } },
      'body.invalid',
      422,
      'ops.digest',
    ],
    ['no reason', { act: 'replay', actor }, 'reason.required', 400, 'ops.replay'],
    [
      'a reason that steers a terminal',
      { act: 'replay', actor, reason: 'x\u001b[2J' },
      'body.invalid',
      422,
      'ops.replay',
    ],
    ['nobody', { act: 'digest' }, 'body.invalid', 422, 'ops.digest'],
    ['more than it takes', { act: 'digest', actor, role: 'operator' }, 'body.invalid', 422, 'ops.digest'],
    ['no invocation at all', 'digest', 'body.invalid', 422, 'none'],
  ])('of %s is refused, and recorded as such', async (_title, event, code, status, act) => {
    const { invoke, entries } = await deployed('operations');
    expect(await invoke(event)).toMatchObject({ problem: { code, status } });
    expect(await entries()).toMatchObject([{ act, outcome: `refused:${code}` }]);
  });

  it.each([
    [
      'operations',
      'revoke-meter',
      { meter: 'serial:RT-1' },
      [
        'digest',
        'quarantine',
        'groundless',
        'disputes',
        'redrive',
        'replay',
        'replay-status',
        'replay-stop',
        'erase-again',
      ],
    ],
    ['operations-parked', 'digest', {}, ['redrive', 'revoke-meter']],
  ] as const)(
    'by %s for %s, which the other function does, is refused and recorded',
    async (name, act, input, acts) => {
      const { invoke, entries } = await deployed(name);
      expect(await invoke({ act, input, actor })).toMatchObject({
        problem: { code: 'act.unknown', status: 404, acts },
      });
      expect(await entries()).toMatchObject([{ act: `ops.${act}`, outcome: 'refused:act.unknown', route: name }]);
    },
  );

  it('that goes on from a place of another act is recorded as failed', async () => {
    const { invoke, entries } = await deployed('operations');
    expect(await invoke({ act: 'digest', actor, from: 'eyJ4IjoxfQ' })).toMatchObject({
      problem: { code: 'cursor.invalid' },
    });
    expect((await entries()).map(({ outcome }) => outcome).toSorted()).toEqual(['allowed', 'failed']);
  });

  it('does nothing where it cannot be recorded', async () => {
    const { ground } = await deployed('operations-parked');
    const { clock, store } = ground.system;
    const audit = store.table('audit');
    const given = aside(2);
    const closed = await openGround([given]);
    const handler = operationsHandler({
      name: 'operations-parked',
      acts: closed.at['operations-parked'],
      audit: {
        name: audit.name,
        get: (key, options) => audit.get(key, options),
        query: (query) => audit.query(query),
        scan: (scan) => audit.scan(scan),
        batchPut: (items) => audit.batchPut(items),
        close: () => audit.close(),
        commit: async () => {
          throw new Throttled();
        },
      },
      clock,
      logger: new RecordedLogger(),
      metrics: new RecordedMetrics(),
    });
    const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 900_000 };
    expect(await handler({ act: 'redrive', actor, reason }, context)).toMatchObject({
      problem: { code: 'audit.unavailable', status: 503 },
    });
    expect(given.left).toHaveLength(2);
  });
});
