import { describe, expect, it } from 'vitest';
import { provisioningHook } from '#functions/meters/events-provision.ts';
import { exchangeKey } from '#functions/meters/exchange-key.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { announceMeter, meterIdOf } from '#functions/meters/register-meter.ts';
import { revokeMeter } from '#functions/meters/revoke-meter.ts';
import { showMeter } from '#functions/meters/show-meter.ts';
import type { IssuedCertificate } from '#shared/messaging/ports.ts';
import { halfHours, installMeter, premiseId, servicePointId } from '#tests/support/meters/telemetry.ts';
import { activeOf, type CertificateGround, certificateGround } from './certificates.ts';

/** What IoT Core sends for a device that says this serial number. */
const asked = (serial: string, certificate: Pick<IssuedCertificate, 'fingerprint' | 'certificatePem'>) => ({
  claimCertificateId: 'c'.repeat(64),
  certificateId: certificate.fingerprint,
  certificatePem: certificate.certificatePem,
  templateArn: 'arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/rotunda-dev-meter',
  clientId: 'a-device',
  parameters: { SerialNumber: serial, 'AWS::IoT::Certificate::Id': certificate.fingerprint },
});

/** A certificate that IoT Core made and did not activate yet: the registry knows nothing of it. */
const pending = async (ground: CertificateGround): Promise<IssuedCertificate> => ground.provision('not-yet-a-thing');

/** The hook, with the registry knowing as active what `activate` was told. */
const opened = async () => {
  const ground = await certificateGround();
  const activated = new Map<string, string[]>();
  const devices = {
    certificatesOf: async (thing: string) => [
      ...(await ground.devices.certificatesOf(thing)),
      ...(activated.get(thing) ?? []).map((fingerprint) => ({ fingerprint, issuedAt: '2026-06-01T00:00:00.000Z' })),
    ],
  };
  const activate = (thing: string, fingerprint: string): void => {
    activated.set(thing, [...(activated.get(thing) ?? []), fingerprint]);
  };
  return {
    ...ground,
    hook: provisioningHook({ ...ground, devices }),
    registry: { ...ground.devices, ...devices },
    activate,
  };
};
const refused = { allowProvisioning: false };

describe('provisioning by a claim certificate', () => {
  it('is allowed for a meter that was announced, under its own id, and its certificate is known from then on', async () => {
    const ground = await opened();
    await ground.announce('SN-1');
    const certificate = await pending(ground);
    const id = meterIdOf('SN-1');
    expect(await ground.hook(asked('SN-1', certificate))).toEqual({
      allowProvisioning: true,
      parameterOverrides: { ThingName: id },
    });
    expect((await showMeter(ground, id)).certificate).toEqual({
      fingerprint: certificate.fingerprint,
      notAfter: certificate.notAfter,
    });
    expect(ground.metrics.of('provisioning.allowed')).toBe(1);
  });

  it('is allowed for a meter that a head end made known', async () => {
    const ground = await opened();
    const id = await registerHeadEndMeter(ground.profile, { serial: 'HE-1', registers: [halfHours('UTC')] });
    expect(await ground.hook(asked('HE-1', await pending(ground)))).toMatchObject({
      parameterOverrides: { ThingName: id },
    });
  });

  it('is refused, and counted, for a meter of a head end that measures already, until its key is exchanged', async () => {
    const ground = await opened();
    const id = await registerHeadEndMeter(ground.profile, { serial: 'HE-1', registers: [halfHours('UTC')] });
    await installMeter(ground, id, [
      { servicePoint: servicePointId('a'), premise: premiseId('a'), from: '2026-01-01T00:00:00.000Z', to: null },
    ]);
    expect(await ground.hook(asked('HE-1', await pending(ground)))).toEqual(refused);
    expect(ground.metrics.of('provisioning.refused:not-announced')).toBe(1);
    await ground.exchange('HE-1', { csr: null });
    expect(await ground.hook(asked('HE-1', await pending(ground)))).toMatchObject({ allowProvisioning: true });
  });

  it('is allowed for a meter that was announced before it was installed', async () => {
    const ground = await opened();
    const { id } = await ground.announce('SN-1');
    await installMeter(ground, id, [
      { servicePoint: servicePointId('a'), premise: premiseId('a'), from: '2026-01-01T00:00:00.000Z', to: null },
    ]);
    expect(await ground.hook(asked('SN-1', await pending(ground)))).toMatchObject({ allowProvisioning: true });
  });

  it('is refused, and counted, for a serial number nobody registered', async () => {
    const ground = await opened();
    expect(await ground.hook(asked('SN-9', await pending(ground)))).toEqual(refused);
    expect(ground.metrics.of('provisioning.refused:unknown')).toBe(1);
  });

  it('is refused, and counted, for a payload that is none', async () => {
    const ground = await opened();
    await ground.announce('SN-1');
    const whole = asked('SN-1', await pending(ground));
    const broken = [
      null,
      'text',
      {},
      { ...whole, certificateId: 'x' },
      { ...whole, certificatePem: 'no certificate' },
      { ...whole, parameters: {} },
      { ...whole, parameters: { SerialNumber: 7 } },
      { ...whole, parameters: { SerialNumber: 'S'.repeat(41) } },
    ];
    for (const event of broken) expect(await ground.hook(event)).toEqual(refused);
    expect(ground.metrics.of('provisioning.refused:payload')).toBe(broken.length);
    expect((await ground.known(meterIdOf('SN-1'))).certificates).toEqual([]);
  });

  it('asked twice for the same certificate is one', async () => {
    const ground = await opened();
    await ground.announce('SN-1');
    const event = asked('SN-1', await pending(ground));
    const first = await ground.hook(event);
    expect(await ground.hook(event)).toEqual(first);
    expect((await ground.known(meterIdOf('SN-1'))).certificates).toHaveLength(1);
  });

  it('waits while another device is being provisioned as the same meter, and goes on where that one broke off', async () => {
    const ground = await opened();
    await ground.announce('SN-1');
    await ground.hook(asked('SN-1', await pending(ground)));
    const second = asked('SN-1', await pending(ground));
    expect(await ground.hook(second)).toEqual(refused);
    expect(ground.metrics.of('provisioning.refused:under-way')).toBe(1);
    ground.later({ minutes: 10 });
    expect(await ground.hook(second)).toMatchObject({ allowProvisioning: true });
  });

  it('of one meter by many devices at once lets one in', async () => {
    const ground = await opened();
    await ground.announce('SN-1');
    const events = await Promise.all([1, 2, 3].map(async () => asked('SN-1', await pending(ground))));
    const answers = await Promise.all(events.map((event) => ground.hook(event)));
    expect(answers.filter((answer) => answer.allowProvisioning)).toHaveLength(1);
  });

  it('is refused once the meter has a certificate in force, until its key is exchanged, and then once', async () => {
    const ground = await opened();
    const { id } = await ground.announce('SN-1');
    const first = await pending(ground);
    await ground.hook(asked('SN-1', first));
    ground.activate(id, first.fingerprint);
    ground.later({ days: 400 });
    expect(await ground.hook(asked('SN-1', await pending(ground)))).toEqual(refused);
    expect(ground.metrics.of('provisioning.refused:provisioned')).toBe(1);
    const announced = announceMeter(
      { ...ground, devices: ground.registry },
      { serial: 'SN-1', registers: [halfHours('+10:00')] },
    );
    await expect(announced).rejects.toMatchObject({ code: 'meter.exchange-only' });
    await exchangeKey({ ...ground, devices: ground.registry }, id, { reason: 'The module was replaced.' });
    ground.later({ minutes: 1 });
    const second = await pending(ground);
    expect(await ground.hook(asked('SN-1', second))).toMatchObject({ allowProvisioning: true });
    ground.activate(id, second.fingerprint);
    expect(await ground.hook(asked('SN-1', await pending(ground)))).toEqual(refused);
    expect((await ground.known(id)).certificates.map(({ fingerprint }) => fingerprint)).toEqual([
      first.fingerprint,
      second.fingerprint,
    ]);
  });

  it('is refused for a meter that registered with a request of its own', async () => {
    const ground = await opened();
    await ground.register('SN-1');
    expect(await ground.hook(asked('SN-1', await pending(ground)))).toEqual(refused);
    expect(ground.metrics.of('provisioning.refused:provisioned')).toBe(1);
  });

  it('is refused for a meter whose certificates were revoked, until its key is exchanged', async () => {
    const ground = await opened();
    await ground.announce('SN-1');
    ground.later({ minutes: 1 });
    await revokeMeter(ground, 'serial:SN-1');
    const event = asked('SN-1', await pending(ground));
    expect(await ground.hook(event)).toEqual(refused);
    expect(ground.metrics.of('provisioning.refused:revoked')).toBe(1);
    ground.later({ minutes: 1 });
    await ground.exchange('SN-1', { csr: null });
    expect(await ground.hook(event)).toMatchObject({ allowProvisioning: true });
    expect((await ground.known(meterIdOf('SN-1'))).revokedAt).toBeUndefined();
  });

  it('fails where the registry cannot be asked, and writes nothing down', async () => {
    const ground = await opened();
    const { id } = await ground.announce('SN-1');
    const devices = { certificatesOf: async () => Promise.reject(new Error('busy')) };
    const hook = provisioningHook({ ...ground, devices });
    await expect(hook(asked('SN-1', await pending(ground)))).rejects.toThrow('busy');
    expect((await ground.known(id)).certificates).toEqual([]);
    expect(await activeOf(ground.devices, id)).toEqual([]);
  });
});
