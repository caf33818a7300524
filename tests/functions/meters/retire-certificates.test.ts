import { describe, expect, it } from 'vitest';
import { provisioningHook } from '#functions/meters/events-provision.ts';
import { retireCertificates } from '#functions/meters/retire-certificates.ts';
import { certificatesSchedule } from '#functions/meters/schedule-certificates.ts';
import { supersededDays } from '#shared/profile/rules/device-certificates.ts';
import { activeOf, type CertificateGround, certificateGround } from './certificates.ts';

/** One run; a write before it, since the index may be one write behind. */
const run = async (ground: CertificateGround, milliseconds = 60_000) => {
  await ground.announce('ANOTHER');
  return retireCertificates(ground, milliseconds);
};

describe('retiring certificates', () => {
  it('deactivates one a month after its successor was issued, and keeps the newest for good', async () => {
    const ground = await certificateGround();
    const first = await ground.register('SN-1');
    ground.later({ days: 100 });
    const second = await ground.exchange('SN-1');
    ground.later({ days: supersededDays - 1 });
    expect(await run(ground)).toEqual({ meters: 0, retired: 0, failed: 0, unfinished: false });
    expect(await activeOf(ground.devices, first.id)).toEqual([first.fingerprint, second.fingerprint]);
    ground.later({ days: 1 });
    expect(await run(ground)).toEqual({ meters: 1, retired: 1, failed: 0, unfinished: false });
    expect(await activeOf(ground.devices, first.id)).toEqual([second.fingerprint]);
    expect((await ground.known(first.id)).certificates).toMatchObject([{ fingerprint: second.fingerprint }]);
    expect(ground.metrics.of('certificate.retired:superseded')).toBe(1);
    ground.later({ days: 1000 });
    expect(await run(ground)).toMatchObject({ meters: 0, retired: 0 });
    expect(await activeOf(ground.devices, first.id)).toEqual([second.fingerprint]);
  });

  it('deactivates one that expired, though its successor is young', async () => {
    const ground = await certificateGround();
    const first = await ground.register('SN-1');
    ground.later({ days: 725 });
    const second = await ground.exchange('SN-1');
    ground.later({ days: 6 });
    expect(await run(ground)).toMatchObject({ meters: 1, retired: 1 });
    expect(await activeOf(ground.devices, first.id)).toEqual([second.fingerprint]);
    expect(ground.metrics.of('certificate.retired:expired')).toBe(1);
  });

  it('does not take a certificate that never became active for a successor', async () => {
    const ground = await certificateGround();
    const first = await ground.register('SN-1');
    ground.later({ days: 1 });
    await ground.exchange('SN-1', { csr: null });
    ground.later({ minutes: 1 });
    const broken = await ground.provision('not-yet-a-thing');
    const hook = provisioningHook(ground);
    const parameters = { SerialNumber: 'SN-1' };
    const { fingerprint: certificateId, certificatePem } = broken;
    expect(await hook({ certificateId, certificatePem, parameters })).toMatchObject({ allowProvisioning: true });
    ground.later({ days: supersededDays });
    expect(await run(ground)).toMatchObject({ meters: 1, retired: 0, failed: 0 });
    expect(await activeOf(ground.devices, first.id)).toEqual([first.fingerprint]);
    expect((await ground.known(first.id)).certificates).toMatchObject([{ fingerprint: first.fingerprint }]);
  });

  it('ends a certificate that a registration left over when it broke off', async () => {
    const ground = await certificateGround();
    const first = await ground.register('SN-1');
    const stray = await ground.provision(first.id);
    ground.later({ days: 1 });
    const second = await ground.exchange('SN-1');
    ground.later({ days: supersededDays });
    expect(await run(ground)).toMatchObject({ meters: 1, retired: 2 });
    expect(await activeOf(ground.devices, first.id)).toEqual([second.fingerprint]);
    expect(await ground.devices.isActive(first.id, stray.fingerprint)).toBe(false);
  });

  it('does the other meters where one cannot be done, meets that one again, and the run fails', async () => {
    const ground = await certificateGround();
    const ids: string[] = [];
    for (const serial of ['SN-1', 'SN-2', 'SN-3']) {
      await ground.register(serial);
      ids.push((await ground.exchange(serial)).id);
    }
    ground.later({ days: supersededDays });
    let ill = true;
    const devices = {
      ...ground.devices,
      revoke: async (thing: string, fingerprint: string) => {
        if (ill && thing === ids[1]) throw new Error('busy');
        await ground.devices.revoke(thing, fingerprint);
      },
    };
    await ground.announce('ANOTHER');
    await expect(certificatesSchedule({ ...ground, devices })()).rejects.toThrow('1 of 3 meters');
    expect(await Promise.all(ids.map(async (id) => (await activeOf(ground.devices, id)).length))).toEqual([1, 2, 1]);
    ill = false;
    await certificatesSchedule({ ...ground, devices })();
    expect(await activeOf(ground.devices, ids[1] ?? '')).toHaveLength(1);
    expect(ground.metrics.of('certificate.retired:superseded')).toBe(3);
  });

  it('ends what a run left over that died after the registry and before the table', async () => {
    const ground = await certificateGround();
    const first = await ground.register('SN-1');
    const second = await ground.exchange('SN-1');
    ground.later({ days: supersededDays });
    await ground.devices.revoke(first.id, first.fingerprint);
    expect(await run(ground)).toMatchObject({ meters: 1, retired: 0, failed: 0 });
    expect((await ground.known(first.id)).certificates).toMatchObject([{ fingerprint: second.fingerprint }]);
    expect(await run(ground)).toMatchObject({ meters: 0 });
  });

  it('stops when its time is over, and the next run goes on', async () => {
    const ground = await certificateGround();
    for (const serial of ['SN-1', 'SN-2']) {
      await ground.register(serial);
      await ground.exchange(serial);
    }
    ground.later({ days: supersededDays });
    expect(await run(ground, 0)).toEqual({ meters: 0, retired: 0, failed: 0, unfinished: true });
    expect(await run(ground)).toMatchObject({ meters: 2, retired: 2, unfinished: false });
  });
});
