import { randomUUID } from 'node:crypto';
import type mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { revokeMeter } from '#shared/contracts/local/ops.ts';
import { type Credentials, connect, publish, topicOf } from '#tests/support/meters/device-broker.ts';
import { halfHours } from '#tests/support/meters/telemetry.ts';
import { until } from '#tests/support/recorders.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

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

/** Asks for a key of a meter as a field worker does who registers it. */
const ask = async (serial: string, keyPem: string) =>
  system.ask({
    method: 'POST',
    path: '/v1/meters',
    as: { role: 'field' },
    json: { serial, csr: await makeSigningRequest(serial, keyPem), registers: [halfHours('Europe/London')] },
  });
/** Registers a meter with a key of its own. */
const register = async (serial: string): Promise<Credentials & { readonly id: string }> => {
  const keyPem = newDeviceKey();
  const answer = await ask(serial, keyPem);
  expect(answer.status).toBe(201);
  return { keyPem, ...Registered.parse(answer.json) };
};
/** Has the key of a meter exchanged. */
const exchange = async (meter: string, as: { readonly role: string } | { readonly client: string }) => {
  const keyPem = newDeviceKey();
  const answer = await system.ask({
    method: 'POST',
    path: `/v1/meters/${meter}/key-exchange`,
    as,
    headers: { 'idempotency-key': randomUUID(), 'rotunda-purpose': 'service' },
    json: { csr: await makeSigningRequest('meter', keyPem), reason: 'The stolen meter was found.' },
  });
  return { keyPem, answer };
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

  expect((await ask('SN-STOLEN', newDeviceKey())).json).toMatchObject({ code: 'meter.exchange-only' });
  const { keyPem, answer: exchanged } = await exchange(stolen.id, { role: 'supervisor' });
  expect(exchanged.status).toBe(201);
  const again = { keyPem, ...Registered.parse(exchanged.json) };
  expect(again.id).toBe(stolen.id);
  expect(await publish(await open(again), topicOf(again.id), '{}')).toBe('acknowledged');
  await expect(open(stolen)).rejects.toBeInstanceOf(Error);
});

it('nobody but a supervisor gets a key to a meter that has one, and the audit says who and which', async () => {
  const meter = await register('SN-HELD');
  for (const role of ['field', 'agent', 'billing', 'privacy', 'auditor', 'operator'])
    expect([role, (await exchange(meter.id, { role })).answer.status]).toEqual([role, 403]);
  for (const client of ['head-end', 'field', 'billing', 'portal'])
    expect([client, (await exchange(meter.id, { client })).answer.status]).toEqual([client, 403]);
  for (const as of [{ role: 'field' }, { client: 'head-end' }] as const) {
    const body = { serial: 'SN-HELD', registers: [halfHours('Europe/London')] };
    const csr = await makeSigningRequest('SN-HELD', newDeviceKey());
    for (const json of [{ ...body, csr }, body]) {
      const refused = await system.ask({ method: 'POST', path: '/v1/meters', as, json });
      expect([refused.status, refused.json]).toMatchObject([
        409,
        { code: 'meter.exchange-only', because: 'certified' },
      ]);
    }
  }
  const { answer } = await exchange(meter.id, { role: 'supervisor' });
  expect([answer.status, answer.json]).toMatchObject([201, { replaces: meter.fingerprint }]);
  const entries: unknown[] = [];
  for await (const item of system.served.system.store.scan('audit'))
    if (item.act === 'meter.exchange-key' && item.outcome === 'allowed') entries.push(item);
  expect(entries).toHaveLength(2);
  expect(entries).toContainEqual(expect.objectContaining({ subject: meter.id, actorKind: 'staff' }));
  expect(system.metrics.of('meter.key-exchanged')).toBe(2);
});

it('only an operator may revoke a meter, and only one that there is', async () => {
  const meter = await register('SN-KEPT');
  const client = await open(meter);
  for (const role of ['field', 'supervisor', 'agent', 'auditor'])
    expect((await revoke(meter.id, role)).status).toBe(403);
  expect((await revoke('serial:SN-NONE', 'operator')).status).toBe(404);
  expect(await publish(client, topicOf(meter.id), '{}')).toBe('acknowledged');
});
