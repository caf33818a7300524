import { X509Certificate } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { deviceRegistryContract } from './device-registry.contract.ts';

const clock = new StoryClock('2026-03-01T12:00:00Z');
const endpoint = () => ({ endpoint: '127.0.0.1', port: 8883 });
const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-devices-'));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});
const request = () => makeSigningRequest('mtr_A', newDeviceKey());

deviceRegistryContract('on this machine', clock, () => openLocalDeviceRegistry({ clock, endpoint }));

describe('the local device registry', () => {
  beforeEach(() => clock.set('2026-03-01T12:00:00Z'));

  it('signs the key a meter made itself, for the thing and for two years, from five minutes back', async () => {
    const registry = await openLocalDeviceRegistry({ clock, endpoint });
    const issued = await registry.issue('mtr_A', await request());
    const certificate = new X509Certificate(issued.certificatePem);
    expect(certificate.subject).toBe('CN=mtr_A');
    expect(certificate.verify(new X509Certificate(registry.authorityPem).publicKey)).toBe(true);
    expect(new Date(certificate.validFrom).toISOString()).toBe('2026-03-01T11:55:00.000Z');
    expect(new Date(certificate.validTo).toISOString()).toBe(issued.notAfter);
    expect(issued).toMatchObject({ endpoint: '127.0.0.1', port: 8883, caPem: registry.authorityPem });
    expect(certificate.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(issued.fingerprint);
    expect(certificate.ca).toBe(false);
  });

  it('takes the name from the registration, whatever name the request asks for', async () => {
    const registry = await openLocalDeviceRegistry({ clock, endpoint });
    const issued = await registry.issue('mtr_A', await makeSigningRequest('mtr_B', newDeviceKey()));
    expect(new X509Certificate(issued.certificatePem).subject).toBe('CN=mtr_A');
  });

  it('knows a certificate as active only for its own thing and until it is revoked, also after a restart', async () => {
    const folder = await newFolder();
    const registry = await openLocalDeviceRegistry({ folder, clock, endpoint });
    const first = await registry.issue('mtr_A', await request());
    const second = await registry.issue('mtr_A', await request());
    expect(await registry.isActive('mtr_A', first.fingerprint)).toBe(true);
    expect(await registry.isActive('mtr_B', first.fingerprint)).toBe(false);
    const revoked: string[] = [];
    registry.onRevoked((thing) => revoked.push(thing));
    await registry.revoke('mtr_B', first.fingerprint);
    expect(await registry.isActive('mtr_A', first.fingerprint)).toBe(true);
    await registry.revoke('mtr_A', first.fingerprint);
    expect(revoked).toEqual(['mtr_A']);
    const again = await openLocalDeviceRegistry({ folder, clock, endpoint });
    expect(await again.isActive('mtr_A', first.fingerprint)).toBe(false);
    expect(await again.isActive('mtr_A', second.fingerprint)).toBe(true);
    expect(again.authorityPem).toBe(registry.authorityPem);
  });

  it('keeps the key of the authority readable by its owner alone', async () => {
    const folder = await newFolder();
    await openLocalDeviceRegistry({ folder, clock, endpoint });
    expect((await stat(join(folder, 'device-authority.key.pem'))).mode & 0o777).toBe(0o600);
  });

  it('opens after a crash that cut the last line of its file, and goes on writing whole lines', async () => {
    const folder = await newFolder();
    const registry = await openLocalDeviceRegistry({ folder, clock, endpoint });
    const issued = await registry.issue('mtr_A', await request());
    await appendFile(join(folder, 'devices.jsonl'), '{"at":"2026-03-01T12:0');
    const again = await openLocalDeviceRegistry({ folder, clock, endpoint });
    expect(await again.isActive('mtr_A', issued.fingerprint)).toBe(true);
    await again.issue('mtr_B', await request());
    const lines = (await readFile(join(folder, 'devices.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).thing)).toEqual(['mtr_A', 'mtr_B']);
  });

  it('makes the broker a certificate for 127.0.0.1 and localhost', async () => {
    const registry = await openLocalDeviceRegistry({ clock, endpoint });
    const server = await registry.serverCertificate();
    const certificate = new X509Certificate(server.certificatePem);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.verify(new X509Certificate(registry.authorityPem).publicKey)).toBe(true);
  });
});
