import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createEventBridgeBus } from '#shared/messaging/aws/eventbridge-bus.ts';
import { type BusEntry, type BusRule, openLocalBus } from '#shared/messaging/local/local-bus.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import type { BusEvent } from '#shared/messaging/ports.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { RecordedLogger, RecordedMetrics, until } from '#tests/support/recorders.ts';

const clock = new StoryClock('2026-03-01T12:00:00Z');
const payment = (n: number): BusEvent => ({
  source: 'billing',
  detailType: 'billing.payment.received.v1',
  detail: { n },
});

const newGround = async () => {
  const store = await openLevelStore();
  const log = store.log<BusEntry>('bus', 1);
  const deadLetters = createMemoryObjects(clock);
  const metrics = new RecordedMetrics();
  const open = (rules: readonly BusRule[]) =>
    openLocalBus({
      name: 'inbound',
      log,
      positions: store.positions,
      rules,
      deadLetters,
      clock,
      logger: new RecordedLogger(),
      metrics,
      attempts: 3,
      backoffMs: 1,
      trim: (shard, upTo) => store.trim(log, shard, upTo),
    });
  return { store, log, deadLetters, metrics, open };
};

describe('the bus on this machine', () => {
  it('delivers to each rule what its pattern matches, as EventBridge writes it', async () => {
    const { open } = await newGround();
    const [billing, everything]: [unknown[], unknown[]] = [[], []];
    const bus = open([
      { name: 'billing', pattern: { source: ['billing'] }, target: async (event) => void billing.push(event) },
      { name: 'all', pattern: { source: [{ prefix: '' }] }, target: async (event) => void everything.push(event) },
    ]);
    await bus.publish([payment(1), { source: 'crm', detailType: 'x.y.z.v1', detail: {} }]);
    await bus.drain();
    await bus.stop();
    expect(billing).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        source: 'billing',
        'detail-type': 'billing.payment.received.v1',
        account: '000000000000',
        region: 'local',
        time: '2026-03-01T12:00:00.000Z',
        resources: [],
        detail: { n: 1 },
      },
    ]);
    expect(everything.length).toBe(2);
  });

  it('delivers again what a target refused, and gives it up whole after its attempts, without holding up the rest', async () => {
    const { open, deadLetters, metrics } = await newGround();
    const tries = new Map<unknown, number>();
    const bus = open([
      {
        name: 'facts',
        pattern: { source: ['billing'] },
        target: async (event) => {
          const { n } = event.detail as { n: number };
          tries.set(n, (tries.get(n) ?? 0) + 1);
          if (n === 1 || (n === 2 && tries.get(n) === 1)) throw new Error('not now');
        },
      },
    ]);
    await bus.publish([payment(1), payment(2), payment(3)]);
    await bus.drain();
    await bus.stop();
    expect(Object.fromEntries(tries)).toEqual({ 1: 3, 2: 2, 3: 1 });
    const letters = await deadLetters.list('dead-letters/inbound/facts/');
    expect(letters.length).toBe(1);
    const letter = JSON.parse(Buffer.from((await deadLetters.get(letters[0] ?? '')) ?? []).toString());
    expect(letter).toMatchObject({
      rule: 'facts',
      attempts: 3,
      event: { detail: { n: 1 } },
      error: { message: 'not now' },
    });
    expect(metrics.of('bus.dead-letter:facts')).toBe(1);
  });

  it('loses nothing that was accepted when it stops: the next start delivers it', async () => {
    const { open } = await newGround();
    let down = true;
    const seen: unknown[] = [];
    const rule: BusRule = {
      name: 'facts',
      pattern: { source: ['billing'] },
      target: async (event) => {
        if (down) await new Promise((_, reject) => setTimeout(() => reject(new Error('down')), 1));
        seen.push((event.detail as { n: number }).n);
      },
    };
    const first = open([rule]);
    await first.publish([payment(1), payment(2)]);
    await first.stop();
    down = false;
    const second = open([rule]);
    await second.drain();
    await second.stop();
    expect(seen.sort()).toEqual([1, 2]);
  });

  it('goes on to deliver when the dead letters can be kept again', async () => {
    const { open, deadLetters } = await newGround();
    const keep = deadLetters.put;
    let broken = 2;
    Object.assign(deadLetters, {
      put: async (...given: Parameters<typeof keep>) => {
        broken -= 1;
        if (broken >= 0) throw new Error('disk full');
        await keep(...given);
      },
    });
    const bus = open([
      { name: 'facts', pattern: { source: ['billing'] }, target: () => Promise.reject(new Error('never')) },
    ]);
    await bus.publish([payment(1)]);
    await bus.drain();
    await bus.stop();
    expect((await deadLetters.list('dead-letters/')).length).toBe(1);
  });

  it('keeps its log only as long as a rule still needs it', async () => {
    const { open, log } = await newGround();
    const bus = open([{ name: 'facts', pattern: { source: ['x'] }, target: async () => {} }]);
    await bus.publish([payment(1), payment(2)]);
    await bus.drain();
    await bus.stop();
    expect(await log.read(0, undefined, 10)).toEqual([]);
  });

  it('shows a listener what is published from now on and matches', async () => {
    const { open } = await newGround();
    const bus = open([]);
    const seen: unknown[] = [];
    await bus.publish([payment(1)]);
    const stop = bus.subscribe({ detail: { n: [2, 3] } }, (event) => seen.push((event.detail as { n: number }).n));
    bus.subscribe({ source: ['billing'] }, () => {
      throw new Error('a listener that fails');
    });
    await bus.publish([payment(2), payment(4)]);
    stop();
    await bus.publish([payment(3)]);
    await bus.stop();
    expect(seen).toEqual([2]);
  });

  it('refuses an event without a source, with a detail that is no object, or beyond 256 KB; none of the call is taken', async () => {
    const { open, log } = await newGround();
    const bus = open([]);
    const wrong: BusEvent[] = [
      { ...payment(1), source: '' },
      { ...payment(1), detailType: 'x'.repeat(129) },
      { ...payment(1), detail: [] },
      { ...payment(1), detail: { text: 'x'.repeat(256 * 1024) } },
    ];
    for (const event of wrong) await expect(bus.publish([payment(0), event])).rejects.toThrow();
    await bus.stop();
    expect(await log.read(0, undefined, 10)).toEqual([]);
  });

  it('refuses to start with a pattern it does not understand', async () => {
    const { open } = await newGround();
    expect(() => open([{ name: 'x', pattern: { source: [{ regex: '^b' }] }, target: async () => {} }])).toThrow(
      'regex',
    );
  });

  it('does not hold up one rule by another', async () => {
    const { open } = await newGround();
    const seen: unknown[] = [];
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const bus = open([
      { name: 'slow', pattern: { source: ['billing'] }, target: () => held },
      { name: 'fast', pattern: { source: ['billing'] }, target: async (event) => void seen.push(event) },
    ]);
    await bus.publish([payment(1)]);
    await until('the fast rule', () => seen.length === 1);
    release();
    await bus.drain();
    await bus.stop();
  });
});

describe('the bus on EventBridge', () => {
  const setUp = (attempts = 4) => {
    const client = new EventBridgeClient({ region: 'eu-west-2' });
    const mock = mockClient(client);
    const sent = () =>
      mock
        .commandCalls(PutEventsCommand)
        .map((call) => (call.args[0].input.Entries ?? []).map((entry) => JSON.parse(entry.Detail ?? '').n));
    return { mock, sent, bus: createEventBridgeBus({ busName: 'b', client, attempts, backoffMs: 0 }) };
  };
  const answer = (input: PutEventsCommandInput, fails: (n: number) => boolean) => {
    const Entries = (input.Entries ?? []).map((entry) =>
      fails(JSON.parse(entry.Detail ?? '').n) ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' },
    );
    return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
  };

  it('sends at most ten at once, and no more than 256 KB', async () => {
    const { mock, sent, bus } = setUp();
    mock.on(PutEventsCommand).callsFake((input) => answer(input, () => false));
    await bus.publish(Array.from({ length: 23 }, (_, n) => payment(n)));
    expect(sent().map((call) => call.length)).toEqual([10, 10, 3]);
    mock.resetHistory();
    await bus.publish([0, 1, 2].map((n) => ({ ...payment(n), detail: { n, text: 'x'.repeat(100_000) } })));
    expect(sent().map((call) => call.length)).toEqual([2, 1]);
  });

  it('sends again only the entry that failed, at each position', async () => {
    for (let failing = 0; failing < 10; failing += 1) {
      const { mock, sent, bus } = setUp();
      let calls = 0;
      mock.on(PutEventsCommand).callsFake((input) => {
        calls += 1;
        return answer(input, (n) => calls === 1 && n === failing);
      });
      await bus.publish(Array.from({ length: 10 }, (_, n) => payment(n)));
      expect(sent().slice(1)).toEqual([[failing]]);
    }
  });

  it('names the events that were not accepted after its attempts', async () => {
    const { mock, sent, bus } = setUp(3);
    mock.on(PutEventsCommand).callsFake((input) => answer(input, (n) => n === 11));
    await expect(bus.publish(Array.from({ length: 12 }, (_, n) => payment(n)))).rejects.toMatchObject({
      name: 'NotPublished',
      failed: [{ index: 11, code: 'ThrottlingException' }],
    });
    expect(sent().filter((call) => call.includes(11)).length).toBe(3);
  });
});
