import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { amazonRootCa1 } from '#shared/messaging/aws/amazon-root-ca.ts';
import { createIotDeviceRegistry } from '#shared/messaging/aws/iot-device-registry.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { startIotService } from '#tests/support/aws/iot-service.ts';
import { deviceRegistryContract } from './device-registry.contract.ts';

const clock = new StoryClock('2026-03-01T12:00:00Z');
const deviceEndpoint = 'abc-ats.iot.eu-west-1.amazonaws.com';
const [policy, thingType] = ['rotunda-dev-meter', 'rotunda-dev-meter'];

const opened = async () => {
  const service = await startIotService(clock, policy, thingType);
  const registry = createIotDeviceRegistry({ policy, thingType, deviceEndpoint, client: service.client });
  return { service, registry };
};
const csr = await makeSigningRequest('mtr_A', newDeviceKey());

deviceRegistryContract('in IoT Core', clock, async () => (await opened()).registry);

describe('the device registry in IoT Core', () => {
  it('attaches the certificate to its thing alone and to the policy of meters, and activates it last', async () => {
    const { service, registry } = await opened();
    const issued = await registry.issue('mtr_A', csr);
    expect(service.calls).toEqual([
      'CreateThing',
      'CreateCertificateFromCsr',
      'AttachThingPrincipal',
      'AttachPolicy',
      'UpdateCertificate',
    ]);
    expect([...service.things]).toEqual([['mtr_A', thingType]]);
    expect(service.certificates.get(issued.fingerprint)).toMatchObject({
      status: 'ACTIVE',
      things: new Set(['mtr_A']),
      policies: new Set([policy]),
    });
  });

  it('tells the meter where to connect and, unless another authority is set, to trust Amazon Root CA 1', async () => {
    const { service, registry } = await opened();
    expect(await registry.issue('mtr_A', csr)).toMatchObject({
      endpoint: deviceEndpoint,
      port: 8883,
      caPem: amazonRootCa1,
      notAfter: '2049-12-31T23:59:59.000Z',
    });
    const ca = new X509Certificate(amazonRootCa1);
    expect(ca.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
      '8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e',
    );
    const emulated = createIotDeviceRegistry({
      policy,
      thingType,
      deviceEndpoint: 'localhost',
      devicePort: 9883,
      deviceCaPem: 'an authority',
      client: service.client,
    });
    expect(await emulated.issue('mtr_A', csr)).toMatchObject({
      endpoint: 'localhost',
      port: 9883,
      caPem: 'an authority',
    });
  });

  it('takes a thing that is there already, of whatever type, for the meter’s', async () => {
    const { service, registry } = await opened();
    service.things.set('mtr_A', undefined);
    const issued = await registry.issue('mtr_A', csr);
    expect(await registry.isActive('mtr_A', issued.fingerprint)).toBe(true);
  });

  it('leaves nothing that can connect where it breaks off at any call, and goes on at the next try', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let turn = 1; turn <= 5; turn += 1) {
        const { service, registry } = await opened();
        service.fault = { turn, name: 'TimeoutError', when };
        await expect(registry.issue('mtr_A', csr)).rejects.toThrow('TimeoutError');
        // Activated, though nobody heard of it: the meter's own key and thing, so it may stand; anything before is inactive.
        const activated = turn === 5 && when === 'after' ? 1 : 0;
        expect([...service.certificates.values()].filter(({ status }) => status === 'ACTIVE')).toHaveLength(activated);
        service.fault = undefined;
        const issued = await registry.issue('mtr_A', csr);
        expect(await registry.isActive('mtr_A', issued.fingerprint)).toBe(true);
        expect(await registry.certificatesOf('mtr_A')).toHaveLength(1 + activated);
      }
    }
  });

  it('ends a revocation that broke off, and the device is cut off from its first step', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let turn = 1; turn <= 5; turn += 1) {
        const { service, registry } = await opened();
        const { fingerprint } = await registry.issue('mtr_A', csr);
        service.calls.splice(0);
        service.fault = { turn, name: 'TimeoutError', when };
        await expect(registry.revoke('mtr_A', fingerprint)).rejects.toThrow('TimeoutError');
        const cut = turn > 3 || (turn === 3 && when === 'after');
        expect(await registry.isActive('mtr_A', fingerprint)).toBe(!cut);
        service.fault = undefined;
        await registry.revoke('mtr_A', fingerprint);
        expect(service.certificates.get(fingerprint)).toMatchObject({
          status: 'INACTIVE',
          things: new Set(),
          policies: new Set(),
        });
      }
    }
  });

  it('says that it is busy where IoT Core throttles or fails, and keeps the cause', async () => {
    for (const name of ['ThrottlingException', 'LimitExceededException', 'ServiceUnavailableException']) {
      const { service, registry } = await opened();
      const { fingerprint } = await registry.issue('mtr_A', csr);
      const acts = [
        () => registry.issue('mtr_A', csr),
        () => registry.isActive('mtr_A', fingerprint),
        () => registry.certificatesOf('mtr_A'),
        () => registry.revoke('mtr_A', fingerprint),
      ];
      for (const act of acts) {
        service.fault = { turn: service.calls.length + 1, name, when: 'before' };
        await expect(act()).rejects.toMatchObject({
          kind: 'unavailable',
          code: 'service.busy',
          retryAfterSeconds: 1,
          cause: { name },
        });
      }
    }
  });

  it('does not take another refusal of IoT Core for a bad certificate request', async () => {
    const { service, registry } = await opened();
    for (const turn of [1, 3, 4, 5]) {
      service.calls.splice(0);
      service.fault = { turn, name: 'InvalidRequestException', when: 'before' };
      await expect(registry.issue('mtr_A', csr)).rejects.toThrow('InvalidRequestException');
    }
  });
});
