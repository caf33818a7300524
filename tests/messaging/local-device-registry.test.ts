import { X509Certificate } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { openLocalDeviceRegistry } from '#shared/messaging/local-device-registry.ts';
import { StoryClock } from '#shared/runtime/clock.ts';

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

describe('the local device registry', () => {
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

describe('a certificate request', () => {
  const refusal = { kind: 'invalid', code: 'csr.invalid' };

  it('is refused where it is no request at all', async () => {
    const registry = await openLocalDeviceRegistry({ clock, endpoint });
    for (const text of ['', 'hello', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'])
      await expect(registry.issue('mtr_A', text)).rejects.toMatchObject(refusal);
    await expect(registry.issue('mtr_A', 'x'.repeat(20_000))).rejects.toMatchObject(refusal);
  });

  it('is refused where its signature was altered', async () => {
    const registry = await openLocalDeviceRegistry({ clock, endpoint });
    const pem = await request();
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    der[der.length - 3] = (der[der.length - 3] ?? 0) ^ 0xff;
    const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
    await expect(registry.issue('mtr_A', altered)).rejects.toMatchObject(refusal);
  });

  it('is refused where its RSA key has 1024 bits, and signed where it has 2048', async () => {
    const registry = await openLocalDeviceRegistry({ clock, endpoint });
    await expect(registry.issue('mtr_A', rsa1024)).rejects.toMatchObject(refusal);
    await expect(registry.issue('mtr_A', rsa2048)).resolves.toMatchObject({ port: 8883 });
  });
});

/** Made with `openssl req -new -newkey rsa:<bits> -nodes -subj /CN=mtr_A`; the keys were thrown away. */
const rsa1024 = `-----BEGIN CERTIFICATE REQUEST-----
MIIBTzCBuQIBADAQMQ4wDAYDVQQDDAVtdHJfQTCBnzANBgkqhkiG9w0BAQEFAAOB
jQAwgYkCgYEArOQ5Kl172XST492PFSVn2tuW7N9/3UF1tjyoT9N8hrs8kEDUKFks
1CVLNr46/NKv/Z45NEiJIb0pe3ppbWsu/XUn+L0rNvvvRjkkZ7kG+ZyuY9qFb9Jc
0tCedCqKPT4HpIB30UvKE4eBttweCKDi34ZPidywB9HqRMbUNTNwDlcCAwEAAaAA
MA0GCSqGSIb3DQEBCwUAA4GBAEKFyIbX4Cn+Xq7mH8HeReCv0GYKRRi6dyYDS1Uv
GusOvDwQySgTvHjYeJQPQeiVlKg1dHr9iNLz7TAER0IYhpIZ1sszxmqQVyQeUBGq
Jdy79P8F73PeS8v0sdrISNU8vPh2p+9kvPFuPHX+rFoG8dVDkcA1yil9ovdc8+Cj
2hjT
-----END CERTIFICATE REQUEST-----
`;
const rsa2048 = `-----BEGIN CERTIFICATE REQUEST-----
MIICVTCCAT0CAQAwEDEOMAwGA1UEAwwFbXRyX0EwggEiMA0GCSqGSIb3DQEBAQUA
A4IBDwAwggEKAoIBAQDkph7gd3SDiu8j/Ou856h17ml9PmFOGbg3DjbQR32vUeKo
cJoqEfSm6zOdoRe5BF3ZuM059DXMVSMrjm3S9UIzeJtIP4RhedAOfSEK1D8ZVhmw
HXx5qELPBaiVxpb3qW06U15OInBSKnUDDNii0NXTxX3CiDQxl1mUdSbREf/bCbCj
M+UyrfhC4emm4mA8L+dBbrmUCMcxbqNEg1GhsXY2nNaiLu2hgIUVxOWUmw/4Cj8x
xV74B/2LdXfXhroU4A8USsVIIv+Ux2jwsCSUMlLVJqgxWVDP9NoG7SmJwonL5LOT
WZhiS9AVvgA+ifDvBolYyvebUzdOYfXiKN+h6vjLAgMBAAGgADANBgkqhkiG9w0B
AQsFAAOCAQEArB2zEjy61TVIRXRvrRSEfuHaAXQqCs0hvxY4sN/wNZmWVkza8KYd
NjcYDNEan5krAyCM1bqhuLwdGFa7OStu5skORzkbvoE5Jr0upMhZ88gYblKYKndi
0+drxGbbeZTuXrix91v1qhizmIsG4uOnNqRYx8Lcf3TPmbf/uJxTc2OimAYlQl7e
BeFpYLWt6DHZbST4p9IU/j6fdOTIGP8z26gRKWVVtlOU+bxrvkBvO+oMwsT9k4sU
RHU7lWiOUzOlxIAAiRYBuZ/Q3Sxr8sB1aRmmP0IC1OnlgNojfS/HVpnVd6j7a/0k
MwSeqDIaOIGPDVF5lUKgQK1xDD9fS0AyMA==
-----END CERTIFICATE REQUEST-----
`;
