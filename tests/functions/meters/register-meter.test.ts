import { describe, expect, it } from 'vitest';
import { meterOperations } from '#functions/meters/api.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { announceMeter, meterIdOf, registerMeter } from '#functions/meters/register-meter.ts';
import { revokeMeter } from '#functions/meters/revoke-meter.ts';
import { showMeter } from '#functions/meters/show-meter.ts';
import type { BodyOf } from '#functions/routes.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { TwinWasFirst } from '#shared/facts/idempotency.ts';
import { openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import { installationsWith, readMeter } from '#shared/profile/store/meters.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import {
  aBlock,
  arrived,
  halfHours,
  installMeter,
  itemsOf,
  premiseId,
  servicePointId,
  telemetryGround,
} from '#tests/support/meters/telemetry.ts';
import { operationRequest } from '#tests/support/operation-request.ts';

const csr = await makeSigningRequest('meter', newDeviceKey());
type Body = BodyOf<'registerMeter'> & { readonly csr: string };
const body = (serial: string, more: Partial<Body> = {}): Body => ({
  serial,
  csr,
  registers: [halfHours('+10:00')],
  references: [{ namespace: 'feed', value: serial }],
  ...more,
});

const opened = async () => {
  const ground = await telemetryGround();
  const endpoint = () => ({ endpoint: '127.0.0.1', port: 8883 });
  const devices = await openLocalDeviceRegistry({ clock: ground.clock, endpoint });
  return { ...ground, devices, stage: 'local' };
};

const codeOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof DomainError) return `${error.kind} ${error.code}`;
    throw error;
  }
  return 'no error';
};

describe('registering a meter', () => {
  it('gives it an id from its serial number, a certificate for its own key and its topic', async () => {
    const ground = await opened();
    const answer = await registerMeter(ground, body('SN-1'));
    expect(answer.id).toBe(meterIdOf('SN-1'));
    expect(answer.thing).toBe(answer.id);
    expect(answer.topics.usage).toBe(`$aws/rules/rotunda_usage_local/${answer.id}`);
    expect(await ground.devices.isActive(answer.id, answer.fingerprint)).toBe(true);
  });

  it('that was announced is no second meter: it gets its certificate, and references are added', async () => {
    const ground = await opened();
    const { csr: _, ...announcement } = body('SN-1');
    const first = await announceMeter(ground, announcement);
    const second = await registerMeter(ground, body('SN-1', { references: [{ namespace: 'asset', value: '77' }] }));
    expect(second.id).toBe(first.id);
    const shown = await showMeter(ground, 'asset:77');
    expect(shown.references).toEqual([
      { namespace: 'feed', value: 'SN-1' },
      { namespace: 'asset', value: '77' },
    ]);
    expect(shown.version).toBe(2);
    expect(shown.certificate?.fingerprint).toBe(second.fingerprint);
    const meters = (await itemsOf(ground.store, 'profile')).filter(({ pk }) => pk.startsWith('MTR#'));
    expect(meters).toHaveLength(1);
  });

  it('again gives no other key to a meter that has one, was installed or was cut off, and leaves no certificate', async () => {
    const ground = await opened();
    const { id, fingerprint } = await registerMeter(ground, body('SN-1'));
    const { csr: _, ...announcement } = body('SN-1');
    const refused = async (because: string): Promise<void> => {
      for (const attempt of [registerMeter(ground, body('SN-1')), announceMeter(ground, announcement)])
        await expect(attempt).rejects.toMatchObject({
          kind: 'conflict',
          code: 'meter.exchange-only',
          extra: { meterId: id, because },
        });
    };
    await refused('certified');
    expect((await ground.devices.certificatesOf(id)).map((one) => one.fingerprint)).toEqual([fingerprint]);
    await revokeMeter({ ...ground }, id);
    await refused('revoked');
    const place = { servicePoint: servicePointId('a'), premise: premiseId('a') };
    await installMeter(ground, id, [{ ...place, from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' }]);
    await refused('installed');
    expect(await ground.devices.certificatesOf(id)).toEqual([]);
    expect((await readMeter(ground.profile, id))?.announcedAt).toBeUndefined();
  });

  it('gives no key to a meter that its head end made known where it measures', async () => {
    const ground = await opened();
    const id = await registerHeadEndMeter(ground.profile, { serial: 'HE-1', registers: [halfHours('+10:00')] });
    await installMeter(ground, id, [
      { servicePoint: servicePointId('a'), premise: premiseId('a'), from: '2026-01-01T00:00:00.000Z', to: null },
    ]);
    expect(await codeOf(registerMeter(ground, body('HE-1')))).toBe('conflict meter.exchange-only');
    expect(await ground.devices.certificatesOf(id)).toEqual([]);
  });

  it('is refused where another meter has its reference, and where it would measure something else', async () => {
    const ground = await opened();
    await registerMeter(ground, body('SN-1'));
    const taken = body('SN-2', { references: [{ namespace: 'feed', value: 'SN-1' }] });
    expect(await codeOf(registerMeter(ground, taken))).toBe('conflict reference.taken');
    const asSerial = body('SN-3', { references: [{ namespace: 'serial', value: 'SN-1' }] });
    expect(await codeOf(registerMeter(ground, asSerial))).toBe('conflict reference.taken');
    const other = body('SN-1', { registers: [halfHours('+10:00', { powerOfTen: 3 })] });
    expect(await codeOf(registerMeter(ground, other))).toBe('conflict meter.registers-differ');
    expect(await readMeter(ground.profile, meterIdOf('SN-2'))).toBeUndefined();
  });

  it('is refused, field by field, for zones nobody knows and intervals that do not divide a day', async () => {
    const ground = await opened();
    const registers = [
      halfHours('Mars/Olympus'),
      halfHours('UTC', { id: 'B1', intervalSeconds: 1000 }),
      halfHours('UTC', { id: 'C1', intervalSeconds: 420 }),
    ];
    const attempt = registerMeter(ground, body('SN-1', { registers, zone: '+99:00' }));
    await expect(attempt).rejects.toMatchObject({
      kind: 'invalid',
      errors: [
        { pointer: '/zone' },
        { pointer: '/registers/0/zone' },
        { pointer: '/registers/1/intervalSeconds' },
        { pointer: '/registers/2/intervalSeconds' },
      ],
    });
    expect(await codeOf(registerMeter(ground, body('SN-1', { csr: 'no request' })))).toBe('invalid csr.invalid');
    expect(await itemsOf(ground.store, 'profile')).toEqual([]);
  });

  it('at the same time from many sides ends as one meter with one certificate, and no other is good', async () => {
    const ground = await opened();
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => registerMeter(ground, body('SN-1'))));
    const given = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.fingerprint] : []));
    expect(given).toHaveLength(1);
    const meter = await readMeter(ground.profile, meterIdOf('SN-1'));
    expect(meter?.certificates.map(({ fingerprint }) => fingerprint)).toEqual(given);
    const active = await ground.devices.certificatesOf(meterIdOf('SN-1'));
    expect(active.map(({ fingerprint }) => fingerprint)).toEqual(given);
  });

  it('leaves the answer to a twin that was first with the same idempotency key', async () => {
    const ground = await opened();
    const operations = meterOperations(ground);
    const idempotency = { key: 'k1', requestHash: 'h' };
    const request = { ...operationRequest({ kind: 'staff', id: 'kim', roles: ['field'] }), query: {}, idempotency };
    const result = await operations.registerMeter({ ...request, body: body('SN-1') });
    expect(result.location).toBe(`/v1/meters/${meterIdOf('SN-1')}`);
    await expect(operations.registerMeter({ ...request, body: body('SN-1') })).rejects.toThrow(TwinWasFirst);
    expect(await ground.devices.certificatesOf(meterIdOf('SN-1'))).toHaveLength(1);
    const other = { ...request, idempotency: { ...idempotency, key: 'k2' } };
    const again = operations.registerMeter({ ...other, body: body('SN-1') });
    expect(await codeOf(again)).toBe('conflict meter.exchange-only');
  });
});

describe('announcing a meter', () => {
  const announcement = (serial: string) => {
    const { csr: _, ...meter } = body(serial);
    return meter;
  };

  it('makes it known by id, serial number and topic, without a certificate', async () => {
    const ground = await opened();
    const { id } = await announceMeter(ground, announcement('SN-1'));
    expect(id).toBe(meterIdOf('SN-1'));
    expect(await ground.devices.certificatesOf(id)).toEqual([]);
    expect(await showMeter(ground, 'feed:SN-1')).toMatchObject({ id, serial: 'SN-1', certificate: null });
    expect((await readMeter(ground.profile, id))?.announcedAt).toBe(new Date(ground.clock.now()).toISOString());
  });

  it('answers 201 with no word of a certificate, and one is issued when a request comes later', async () => {
    const ground = await opened();
    const operations = meterOperations(ground);
    const request = { ...operationRequest({ kind: 'staff', id: 'kim', roles: ['field'] }), query: {} };
    const announced = await operations.registerMeter({ ...request, body: announcement('SN-1') });
    const id = meterIdOf('SN-1');
    expect(announced).toEqual({
      status: 201,
      location: `/v1/meters/${id}`,
      body: { id, thing: id, topics: { usage: `$aws/rules/rotunda_usage_local/${id}` } },
    });
    const registered = await operations.registerMeter({ ...request, body: body('SN-1') });
    expect(registered.body).toMatchObject({ id, port: 8883 });
    expect(await ground.devices.certificatesOf(id)).toHaveLength(1);
  });

  it('is refused as registering is', async () => {
    const ground = await opened();
    await registerMeter(ground, body('SN-1'));
    expect(await codeOf(announceMeter(ground, announcement('SN-1')))).toBe('conflict meter.exchange-only');
    const other = { ...announcement('SN-1'), registers: [halfHours('UTC')] };
    expect(await codeOf(announceMeter(ground, other))).toBe('conflict meter.registers-differ');
    const taken = { ...announcement('SN-2'), references: [{ namespace: 'serial', value: 'SN-1' }] };
    expect(await codeOf(announceMeter(ground, taken))).toBe('conflict reference.taken');
    const nowhere = { ...announcement('SN-3'), zone: 'Mars/Olympus' };
    expect(await codeOf(announceMeter(ground, nowhere))).toBe('invalid meter.invalid');
  });
});

describe('showing a meter', () => {
  it('finds it by id, serial number or reference and says where it is and when it last read', async () => {
    const ground = await opened();
    const { id } = await registerMeter(ground, body('SN-1'));
    expect((await showMeter(ground, id)).lastReadingAt).toBeNull();
    await installMeter(ground, id, [
      { servicePoint: servicePointId('a'), premise: premiseId('a'), from: '2026-01-01T00:00:00.000Z', to: null },
    ]);
    const block = { ...aBlock('x', '2026-01-14T14:00:00Z', Array(48).fill(3)), meter: id };
    expect((await ground.ingest.take([arrived(block)])).map(({ kind }) => kind)).toEqual(['stored']);
    for (const named of [id, 'serial:SN-1', 'feed:SN-1']) {
      const shown = await showMeter(ground, named);
      expect(shown.id).toBe(id);
      expect(shown.lastReadingAt).toBe('2026-01-15T14:00:00.000Z');
      expect(shown.installations).toEqual([
        { servicePointId: servicePointId('a'), premiseId: premiseId('a'), from: '2026-01-01T00:00:00.000Z', to: null },
      ]);
    }
    for (const named of ['serial:SN-9', servicePointId('a'), meterIdOf('SN-9'), 'nothing']) {
      expect(await codeOf(showMeter(ground, named))).toBe('not-found meter.unknown');
    }
  });

  it('keeps installations elsewhere when those at one premise are set anew', async () => {
    const ground = await opened();
    const { id } = await registerMeter(ground, body('SN-1'));
    const at = (name: string, from: string, to: string | null) => ({
      servicePoint: servicePointId(name),
      premise: premiseId(name),
      from,
      to,
    });
    await installMeter(ground, id, [
      at('a', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'),
      at('b', '2026-02-01T00:00:00.000Z', null),
    ]);
    const before = await readMeter(ground.profile, id);
    if (before === undefined) throw new Error('no meter');
    expect(
      installationsWith(before, premiseId('a'), [at('a', '2025-12-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z')]),
    ).toEqual([
      at('a', '2025-12-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'),
      at('b', '2026-02-01T00:00:00.000Z', null),
    ]);
  });
});
