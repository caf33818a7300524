import type mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { revokeMeter } from '#shared/contracts/local/ops.ts';
import { type Credentials, connect, publish, topicOf } from '#tests/support/device-broker.ts';
import { until } from '#tests/support/recorders.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { halfHours } from '#tests/support/telemetry.ts';

let system: RunningSystem;
const clients: mqtt.MqttClient[] = [];
beforeAll(async () => {
  system = await RunningSystem.start();
});
afterAll(async () => {
  for (const client of clients) client.end(true);
  await system.stop();
});

const Registered = z.object({ id: z.string(), certificatePem: z.string(), fingerprint: z.string() });

/** Registers a meter as a field worker does, with a key of its own. */
const register = async (serial: string): Promise<Credentials & { readonly id: string }> => {
  const keyPem = newDeviceKey();
  const answer = await system.ask({
    method: 'POST',
    path: '/v1/meters',
    as: { role: 'field' },
    json: { serial, csr: await makeSigningRequest(serial, keyPem), registers: [halfHours('Europe/London')] },
  });
  expect(answer.status).toBe(201);
  return { keyPem, ...Registered.parse(answer.json) };
};
const open = async (meter: Credentials & { readonly id: string }): Promise<mqtt.MqttClient> => {
  const client = await connect(system.served, meter, { clientId: meter.id });
  clients.push(client);
  return client;
};
const revoke = (meter: string, role: string) =>
  system.ask({
    method: revokeMeter.method,
    path: revokeMeter.path,
    as: { role },
    headers: { 'rotunda-reason': 'Stolen.' },
    json: { meter },
  });

it('a meter that is revoked is cut off where it stands, cannot come back, and takes no other meter with it', async () => {
  const [stolen, other] = [await register('SN-STOLEN'), await register('SN-OTHER')];
  const [client, bystander] = [await open(stolen), await open(other)];
  expect(await publish(client, topicOf(stolen.id), '{}')).toBe('acknowledged');
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));

  const answer = await revoke('serial:SN-STOLEN', 'operator');
  expect({ status: answer.status, body: answer.json }).toEqual({ status: 200, body: { meter: stolen.id, revoked: 1 } });
  await closed;
  const refusals = () => system.metrics.of('device.refused:certificate.inactive');
  const before = refusals();
  await expect(open(stolen)).rejects.toBeInstanceOf(Error);
  await until('the refusal is counted', () => refusals() > before);
  expect(await publish(bystander, topicOf(other.id), '{}')).toBe('acknowledged');

  const again = await register('SN-STOLEN');
  expect(again.id).toBe(stolen.id);
  expect(await publish(await open(again), topicOf(again.id), '{}')).toBe('acknowledged');
  await expect(open(stolen)).rejects.toBeInstanceOf(Error);
});

it('only an operator may revoke a meter, and only one that there is', async () => {
  const meter = await register('SN-KEPT');
  const client = await open(meter);
  for (const role of ['field', 'supervisor', 'agent', 'auditor'])
    expect((await revoke(meter.id, role)).status).toBe(403);
  expect((await revoke('serial:SN-NONE', 'operator')).status).toBe(404);
  expect(await publish(client, topicOf(meter.id), '{}')).toBe('acknowledged');
});
