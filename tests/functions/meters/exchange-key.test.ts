import { describe, expect, it } from 'vitest';
import { meterOperations } from '#functions/meters/api.ts';
import { meterIdOf } from '#functions/meters/register-meter.ts';
import { retireCertificates } from '#functions/meters/retire-certificates.ts';
import { revokeMeter } from '#functions/meters/revoke-meter.ts';
import { showMeter } from '#functions/meters/show-meter.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { TwinWasFirst } from '#shared/facts/idempotency.ts';
import { supersededDays } from '#shared/profile/rules/device-certificates.ts';
import { installMeter, itemsOf, premiseId, servicePointId } from '#tests/support/meters/telemetry.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { activeOf, type CertificateGround, certificateGround } from './certificates.ts';

const csr = await makeSigningRequest('another', newDeviceKey());

/** A meter with a key of its own, where it measures. */
const installed = async (): Promise<CertificateGround & { readonly id: string; readonly first: string }> => {
  const ground = await certificateGround();
  const { id, fingerprint } = await ground.register('SN-1');
  await installMeter(ground, id, [
    { servicePoint: servicePointId('a'), premise: premiseId('a'), from: '2026-01-01T00:00:00.000Z', to: null },
  ]);
  return { ...ground, id, first: fingerprint };
};

describe('exchanging the key of a meter', () => {
  it('gives it a certificate beside the one it replaces, says why, and is counted', async () => {
    const ground = await installed();
    ground.later({ days: 400 });
    const second = await ground.exchange('SN-1', { reason: 'Lightning struck.' });
    expect(second).toMatchObject({ id: ground.id, replaces: ground.first, port: 8883 });
    expect(await activeOf(ground.devices, ground.id)).toEqual([ground.first, second.fingerprint]);
    expect(ground.metrics.of('meter.key-exchanged')).toBe(1);
    const { fingerprint, notAfter } = second;
    expect((await showMeter(ground, ground.id)).certificate).toEqual({
      fingerprint,
      notAfter,
      reason: 'Lightning struck.',
    });
    expect((await ground.known(ground.id)).installations).toHaveLength(1);
  });

  it('ends the key it replaced a month later', async () => {
    const ground = await installed();
    const second = await ground.exchange('SN-1');
    ground.later({ days: supersededDays });
    await ground.announce('ANOTHER');
    expect(await retireCertificates(ground, 60_000)).toMatchObject({ meters: 1, retired: 1 });
    expect(await activeOf(ground.devices, ground.id)).toEqual([second.fingerprint]);
  });

  it('while one is under way ends that one: two keys are good at most, however often', async () => {
    const ground = await installed();
    for (let times = 1; times <= 5; times += 1) {
      const next = await ground.exchange('SN-1');
      expect(next.replaces).toBe(ground.first);
      expect(await activeOf(ground.devices, ground.id)).toEqual([ground.first, next.fingerprint]);
      expect((await ground.known(ground.id)).certificates).toHaveLength(2);
    }
  });

  it('at once from many sides leaves two keys at most, and those are known', async () => {
    const ground = await installed();
    await Promise.allSettled([1, 2, 3].map(() => ground.exchange('SN-1')));
    const active = await activeOf(ground.devices, ground.id);
    expect(active.length).toBeLessThanOrEqual(2);
    expect((await ground.known(ground.id)).certificates.map(({ fingerprint }) => fingerprint)).toEqual(active);
  });

  it('without a request lets a device of its serial number be provisioned, and ends what was under way', async () => {
    const ground = await installed();
    const second = await ground.exchange('SN-1');
    ground.later({ minutes: 1 });
    expect(await ground.exchange('SN-1', { csr: null })).toEqual({
      id: ground.id,
      thing: ground.id,
      topics: { usage: `$aws/rules/rotunda_usage_local/${ground.id}` },
      replaces: ground.first,
    });
    expect(await activeOf(ground.devices, ground.id)).toEqual([ground.first]);
    expect(await ground.devices.isActive(ground.id, second.fingerprint ?? '')).toBe(false);
    expect((await ground.known(ground.id)).announcedAt).toBe(new Date(ground.clock.now()).toISOString());
  });

  it('lets a meter in again that was cut off, and replaces nothing then', async () => {
    const ground = await installed();
    await revokeMeter(ground, ground.id);
    const again = await ground.exchange('SN-1');
    expect(again.replaces).toBeNull();
    expect(await activeOf(ground.devices, ground.id)).toEqual([again.fingerprint]);
    expect((await ground.known(ground.id)).revokedAt).toBeUndefined();
  });

  it('of a meter nobody knows, or with a request that is none, is refused and changes nothing', async () => {
    const ground = await installed();
    await expect(ground.exchange('SN-9')).rejects.toMatchObject({ kind: 'not-found', code: 'meter.unknown' });
    await expect(ground.exchange('SN-1', { csr: 'none' })).rejects.toMatchObject({ code: 'csr.invalid' });
    expect(await activeOf(ground.devices, ground.id)).toEqual([ground.first]);
    expect(ground.metrics.of('meter.key-exchanged')).toBe(0);
  });

  it('stands in the audit in one commit with the change, and a repeat is the first one', async () => {
    const ground = await installed();
    const operations = meterOperations(ground);
    const actor = { kind: 'staff', id: 'sam', roles: ['supervisor'] } as const;
    const request = { ...operationRequest(actor), subjectId: ground.id, query: {} };
    const idempotency = { key: 'k1', requestHash: 'h' };
    const body = { csr, reason: 'The module was replaced.' };
    const done = await operations.exchangeMeterKey({ ...request, body, idempotency });
    expect(done).toMatchObject({ status: 201, audited: true, location: `/v1/meters/${ground.id}` });
    const entries = (await itemsOf(ground.store, 'audit')).filter(({ kind }) => kind === 'entry');
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ id: request.audit.id, actor: request.audit.actor });
    const twin = operations.exchangeMeterKey({
      ...operationRequest(actor),
      query: {},
      subjectId: ground.id,
      body,
      idempotency,
    });
    await expect(twin).rejects.toThrow(TwinWasFirst);
    expect(await activeOf(ground.devices, ground.id)).toEqual([ground.first, done.body.fingerprint]);
    expect(meterIdOf('SN-1')).toBe(ground.id);
  });
});
