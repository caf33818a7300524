import { describe, expect, it } from 'vitest';
import { allowProvisioning } from '#functions/meters/allow-provisioning.ts';
import { meterIdOf } from '#functions/meters/register-meter.ts';
import { revokeMeter } from '#functions/meters/revoke-meter.ts';
import { activeOf, certificateGround } from './certificates.ts';

describe('revoking a meter', () => {
  it('takes every certificate from it, also one that no item knows, and from no other', async () => {
    const ground = await certificateGround();
    const { id } = await ground.register('SN-1');
    await ground.exchange('SN-1');
    await ground.provision(id);
    const other = await ground.register('SN-2');
    expect(await revokeMeter(ground, id)).toEqual({ meter: id, revoked: 3 });
    expect(await activeOf(ground.devices, id)).toEqual([]);
    expect(await activeOf(ground.devices, other.id)).toEqual([other.fingerprint]);
    const item = await ground.known(id);
    expect(item.certificates).toEqual([]);
    expect(item.revokedAt).toBe(new Date(ground.clock.now()).toISOString());
    expect(ground.metrics.of('certificate.revoked')).toBe(3);
  });

  it('finds it by its serial number and says where there is none', async () => {
    const ground = await certificateGround();
    const { id } = await ground.register('SN-1');
    expect(await revokeMeter(ground, 'serial:SN-1')).toEqual({ meter: id, revoked: 1 });
    for (const named of ['serial:SN-9', meterIdOf('SN-9'), 'nothing'])
      await expect(revokeMeter(ground, named)).rejects.toMatchObject({ kind: 'not-found', code: 'meter.unknown' });
  });

  it('done again changes nothing, and ends what broke off', async () => {
    const ground = await certificateGround();
    const { id } = await ground.register('SN-1');
    await ground.exchange('SN-1');
    let left = 1;
    const devices = {
      ...ground.devices,
      revoke: async (thing: string, fingerprint: string) => {
        if (left === 0) throw new Error('busy');
        left -= 1;
        await ground.devices.revoke(thing, fingerprint);
      },
    };
    await expect(revokeMeter({ ...ground, devices }, id)).rejects.toThrow('busy');
    expect(await activeOf(ground.devices, id)).toHaveLength(1);
    ground.later({ minutes: 10 });
    expect(await revokeMeter(ground, id)).toEqual({ meter: id, revoked: 1 });
    expect(await revokeMeter(ground, id)).toEqual({ meter: id, revoked: 0 });
    expect((await ground.known(id)).certificates).toEqual([]);
  });

  it('asks to be done again where a device is being provisioned as this meter', async () => {
    const ground = await certificateGround();
    const { id } = await ground.announce('SN-1');
    const { fingerprint, notAfter } = await ground.provision('not-yet-a-thing');
    expect(await allowProvisioning(ground, { serial: 'SN-1', fingerprint, notAfter })).toMatchObject({ allowed: true });
    await expect(revokeMeter(ground, id)).rejects.toMatchObject({ kind: 'unavailable', code: 'meter.busy' });
    // Meanwhile the provisioning ended, and the certificate is the thing's.
    const late = await ground.provision(id);
    ground.later({ minutes: 11 });
    expect(await revokeMeter(ground, id)).toEqual({ meter: id, revoked: 1 });
    expect(await ground.devices.isActive(id, late.fingerprint)).toBe(false);
  });

  it('is undone by an exchange of its key, and not by registering the meter again', async () => {
    const ground = await certificateGround();
    const { id } = await ground.register('SN-1');
    await revokeMeter(ground, id);
    await expect(ground.register('SN-1')).rejects.toMatchObject({ code: 'meter.exchange-only' });
    await expect(ground.announce('SN-1')).rejects.toMatchObject({ code: 'meter.exchange-only' });
    const again = await ground.exchange('SN-1');
    expect(await activeOf(ground.devices, id)).toEqual([again.fingerprint]);
    expect((await ground.known(id)).revokedAt).toBeUndefined();
  });
});
