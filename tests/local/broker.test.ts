import type mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type BrokerUnderTest,
  connect,
  enrol,
  meterA,
  meterB,
  publish,
  startTestBroker,
  topicOf,
} from '#tests/support/meters/device-broker.ts';
import { until } from '#tests/support/recorders.ts';

let under: BrokerUnderTest;
const clients: mqtt.MqttClient[] = [];
beforeAll(async () => {
  under = await startTestBroker();
});
afterAll(() => under.close());
afterEach(() => {
  for (const client of clients.splice(0)) client.end(true);
});
const open = async (thing: string, options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> => {
  const client = await connect(under, await enrol(under.registry, thing), { clientId: thing, ...options });
  clients.push(client);
  return client;
};

describe('the local broker', () => {
  it('stores a block under the identity of the certificate, with its bytes untouched', async () => {
    const client = await open(meterA);
    const bytes = Buffer.from([0, 1, 2, 0xff, 0xfe, 0x7b]);
    expect(await publish(client, topicOf(meterA), bytes)).toBe('acknowledged');
    const record = under.stream.records.at(-1);
    expect(record?.partitionKey).toBe(meterA);
    expect(Buffer.from(record?.data ?? [])).toEqual(bytes);
  });

  it('acknowledges only when the stream has stored the message', async () => {
    const client = await open(meterA);
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    under.stream.before = () => held;
    let acknowledged = false;
    const published = publish(client, topicOf(meterA), 'held').then((how) => {
      acknowledged = true;
      return how;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(acknowledged).toBe(false);
    under.stream.before = async () => {};
    release();
    expect(await published).toBe('acknowledged');
  });

  it('closes the connection, without an acknowledgement, where the stream cannot store', async () => {
    const client = await open(meterA);
    const refused = under.metrics.of('device.refused:unavailable');
    under.stream.before = () => Promise.reject(new Error('disk full'));
    expect(await publish(client, topicOf(meterA), 'lost?')).toBe('disconnected');
    under.stream.before = async () => {};
    expect(under.metrics.of('device.refused:unavailable')).toBe(refused + 1);
  });

  it('keeps the order in which a meter sent its blocks', async () => {
    const client = await open(meterA);
    const before = under.stream.records.length;
    await Promise.all(Array.from({ length: 200 }, (_, index) => publish(client, topicOf(meterA), `${index}`)));
    const stored = under.stream.records.slice(before).map((record) => Buffer.from(record.data).toString());
    expect(stored).toEqual(Array.from({ length: 200 }, (_, index) => `${index}`));
  });

  it('gives a meter its commands, also those sent while it was away, and no one else', async () => {
    const credentials = await enrol(under.registry, meterB);
    const request = `cmd/rotunda/${meterB}/read-now/req`;
    const first = await connect(under, credentials, { clientId: meterB, clean: false });
    await first.subscribeAsync(request, { qos: 1 });
    await first.endAsync();
    await under.broker.send(request, Buffer.from('{}'));
    const received: string[] = [];
    const again = await connect(under, credentials, { clientId: meterB, clean: false });
    clients.push(again);
    again.on('message', (topic) => received.push(topic));
    await until('the command', () => received.length > 0);
    expect(received).toEqual([request]);
  });

  it('lets the last session of a meter win', async () => {
    const credentials = await enrol(under.registry, meterA);
    const first = await connect(under, credentials, { clientId: meterA });
    const closed = new Promise<void>((resolve) => first.once('close', () => resolve()));
    const second = await connect(under, credentials, { clientId: meterA });
    clients.push(first, second);
    await closed;
    expect(await publish(second, topicOf(meterA), 'still here')).toBe('acknowledged');
  });

  it('forwards nothing of Basic Ingest to any subscriber', async () => {
    const client = await open(meterA);
    const granted = await client.subscribeAsync(topicOf(meterA), { qos: 1 }).catch(() => []);
    expect(granted.filter((grant) => grant.qos !== 128)).toEqual([]);
  });
});
