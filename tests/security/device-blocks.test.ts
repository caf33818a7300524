import type mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usageTopic } from '#functions/readings/contract/topics.ts';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { writeUsageFrame } from '#functions/readings/contract/usage-frame.ts';
import { readingsStream } from '#functions/readings/stream.ts';
import { listQuarantine, openQuarantined, readQuarantine } from '#shared/facts/quarantine.ts';
import { type EventSource, startEventSource } from '#shared/messaging/local/local-event-source.ts';
import { arrivedAt, createLocalStream, invokeKinesisHandler } from '#shared/messaging/local/local-stream.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import {
  type BrokerUnderTest,
  connect,
  enrol,
  publish,
  stage,
  startTestBroker,
} from '#tests/support/meters/device-broker.ts';
import {
  aBlock,
  aMeter,
  itemsOf,
  meterId,
  putMeter,
  type TelemetryGround,
  telemetryGround,
} from '#tests/support/meters/telemetry.ts';
import { RecordedLogger } from '#tests/support/recorders.ts';

/** What a meter with a good certificate may still try by what it sends: acknowledged, then kept aside and counted, never stored. */

let under: BrokerUnderTest;
let ground: TelemetryGround;
let source: EventSource;
let failures: Objects;
let client: mqtt.MqttClient;
const own = meterId('one');
const midnight = '2026-01-15T00:00:00Z';

beforeEach(async () => {
  under = await startTestBroker();
  ground = await telemetryGround({ staleReads: false });
  await putMeter(ground, aMeter('one'));
  await putMeter(ground, aMeter('two'));
  const log = ground.store.log('telemetry', 4);
  failures = createMemoryObjects(systemClock);
  under.stream.onward = createLocalStream(log, systemClock);
  source = startEventSource({
    consumer: 'readings',
    log,
    positions: ground.store.positions,
    arrivedAt,
    failures,
    clock: systemClock,
    logger: new RecordedLogger(),
    metrics: ground.metrics,
    invoke: invokeKinesisHandler('telemetry', readingsStream(ground.ingest)),
  });
  client = await connect(under, await enrol(under.registry, own), { clientId: own });
});
afterEach(async () => {
  client.end(true);
  await source.stop();
  await under.close();
  await ground.store.close();
});

const good = aBlock('one', midnight, [1, 2, 3]);
const goodFrame = Buffer.from(writeUsageFrame(good));
const changed = (more: Readonly<Record<string, unknown>>): Buffer => Buffer.from(JSON.stringify({ ...good, ...more }));
const inTwoHours = Math.floor(Date.now() / 1_800_000) * 1800 + 7200;

const refused: readonly (readonly [what: string, payload: Buffer, reason: string])[] = [
  ['a block that names another meter', changed({ meter: meterId('two') }), 'block.foreign'],
  ['a block that names a meter nobody knows', changed({ meter: meterId('nobody') }), 'block.foreign'],
  ['text that is no JSON', Buffer.from('kWh=5'), 'block.invalid'],
  ['nothing', Buffer.alloc(0), 'block.invalid'],
  ['CBOR', Buffer.from([0xa2, 0x61, 0x76, 0x01, 0x61, 0x6d, 0x61, 0x78]), 'block.invalid'],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'block.invalid'],
  ['128 KB of nothing', Buffer.alloc(128 * 1024, ' '), 'block.invalid'],
  ['a list', Buffer.from('[]'), 'block.invalid'],
  ['NaN as text', changed({ values: ['NaN'] }), 'block.invalid'],
  ['a value beyond what a register holds', changed({ values: [1e15] }), 'block.invalid'],
  ['a fraction', changed({ values: [1.5] }), 'block.invalid'],
  ['301 intervals', changed({ values: Array(301).fill(1) }), 'block.invalid'],
  ['no interval', changed({ values: [] }), 'block.invalid'],
  ['a field the format does not have', changed({ tariff: 'free' }), 'block.invalid'],
  [
    'a field that reaches for the prototype',
    Buffer.from(`{"__proto__":{"v":1},${changed({}).toString().slice(1)}`),
    'block.invalid',
  ],
  ['a version nobody knows', changed({ v: 2 }), 'block.invalid'],
  ['a time in microseconds', changed({ start: good.start * 1e6 }), 'block.invalid'],
  ['a time in 2106', changed({ start: 4_294_967_280 }), 'block.invalid'],
  ['a time in two hours', changed({ start: inTwoHours }), 'block.future'],
  ['a register the meter does not have', changed({ register: 'E9' }), 'register.unknown'],
  ['another length of interval', changed({ interval: 900 }), 'register.mismatch'],
  ['a start between two intervals', changed({ start: good.start + 600 }), 'register.mismatch'],
  ['a block across midnight', changed({ start: good.start + 23.5 * 3600, values: [1, 2] }), 'block.invalid'],
  [
    'quality marks out of order',
    changed({
      quality: [
        [2, 8],
        [1, 0],
      ],
    }),
    'block.invalid',
  ],
  ['a frame of another meter', Buffer.from(writeUsageFrame({ ...good, meter: meterId('two') })), 'block.foreign'],
  ['a frame that is cut off', goodFrame.subarray(0, -1), 'block.invalid'],
  ['a frame with a byte too many', Buffer.concat([goodFrame, Buffer.from([0])]), 'block.invalid'],
  ['a frame of a version nobody knows', Buffer.concat([Buffer.from([0xb2]), goodFrame.subarray(1)]), 'block.invalid'],
  ['the mark of a frame alone', Buffer.from([0xb1]), 'block.invalid'],
  ['128 KB behind the mark of a frame', Buffer.alloc(128 * 1024, 0xb1), 'block.invalid'],
  [
    'a frame for a register the meter does not have',
    Buffer.from(writeUsageFrame({ ...good, register: 'E9' })),
    'register.unknown',
  ],
  ['a revision below zero', changed({ revision: -1 }), 'block.invalid'],
];

describe('a meter that sends what it should not', () => {
  it.each(refused)(
    '%s is kept aside with its bytes and counted; nothing of it is stored',
    async (_what, payload, reason) => {
      expect(await publish(client, usageTopic(stage, own), payload)).toBe('acknowledged');
      await source.drain();
      expect(await itemsOf(ground.store, 'readings')).toEqual([]);
      expect(ground.metrics.of(`readings.refused:${reason}`)).toBe(1);
      const { entries } = await listQuarantine(ground.profile, { limit: 10 });
      expect(entries.map((entry) => [entry.reason, entry.source])).toEqual([[reason, own]]);
      const kept = await readQuarantine(ground.profile, entries[0]?.id ?? '');
      if (kept === undefined) throw new Error('nothing kept');
      expect(Buffer.from((await openQuarantined(ground.sealer, kept)) ?? []).equals(payload)).toBe(true);
    },
  );

  it('holds up nobody: what comes after it is stored, and nothing is given up', async () => {
    for (const [, payload] of refused)
      expect(await publish(client, usageTopic(stage, own), payload)).toBe('acknowledged');
    expect(await publish(client, usageTopic(stage, own), Buffer.from(writeUsageBlock(good)))).toBe('acknowledged');
    await source.drain();
    expect((await itemsOf(ground.store, 'readings')).length).toBe(1);
    expect(await failures.list('failures/')).toEqual([]);
  });

  it('changes nothing by sending the same block a hundred times', async () => {
    const payload = Buffer.from(writeUsageBlock(good));
    for (let time = 0; time < 100; time += 1) await publish(client, usageTopic(stage, own), payload);
    await source.drain();
    expect((await itemsOf(ground.store, 'readings')).length).toBe(1);
    expect((await listQuarantine(ground.profile, { limit: 10 })).entries).toEqual([]);
  });
});
