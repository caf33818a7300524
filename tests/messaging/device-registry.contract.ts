import { X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { fingerprintOf, publicKeyDerOf } from '#shared/messaging/certificates.ts';
import type { DeviceRegistry } from '#shared/messaging/ports.ts';
import type { StoryClock } from '#shared/runtime/clock.ts';

/** What every body of the DeviceRegistry port keeps to. `make` gives an empty one whose clock stands at `clock`. */
export const deviceRegistryContract = (body: string, clock: StoryClock, make: () => Promise<DeviceRegistry>): void => {
  describe(`the device registry ${body}`, () => {
    let registry: DeviceRegistry;
    beforeEach(async () => {
      clock.set('2026-03-01T12:00:00.000Z');
      registry = await make();
    });
    const request = () => makeSigningRequest('mtr_A', newDeviceKey());

    it('signs the key the meter made itself and says whom the certificate is good for and until when', async () => {
      const keyPem = newDeviceKey();
      const issued = await registry.issue('mtr_A', await makeSigningRequest('mtr_A', keyPem));
      const certificate = new X509Certificate(issued.certificatePem);
      const key = certificate.publicKey.export({ format: 'der', type: 'spki' });
      expect(key.equals(publicKeyDerOf(keyPem))).toBe(true);
      expect(issued.fingerprint).toBe(fingerprintOf(issued.certificatePem));
      expect(issued.notAfter).toBe(new Date(certificate.validTo).toISOString());
      expect(Date.parse(issued.notAfter)).toBeGreaterThan(clock.now());
      expect(new X509Certificate(issued.caPem).ca).toBe(true);
      expect(issued.endpoint).not.toBe('');
      expect(issued.port).toBe(8883);
    });

    it('knows a certificate as active for its own thing alone', async () => {
      const { fingerprint } = await registry.issue('mtr_A', await request());
      expect(await registry.isActive('mtr_A', fingerprint)).toBe(true);
      expect(await registry.isActive('mtr_B', fingerprint)).toBe(false);
      for (const unknown of ['0'.repeat(64), 'no fingerprint', ''])
        expect(await registry.isActive('mtr_A', unknown)).toBe(false);
    });

    it('issues as many certificates for a thing as are asked for, each active beside the others', async () => {
      const csr = await request();
      const first = await registry.issue('mtr_A', csr);
      clock.set('2026-03-02T12:00:00.000Z');
      const second = await registry.issue('mtr_A', csr);
      const other = await registry.issue('mtr_B', await request());
      const active = (await registry.certificatesOf('mtr_A')).toSorted((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1));
      expect(active).toEqual([
        { fingerprint: first.fingerprint, issuedAt: '2026-03-01T12:00:00.000Z' },
        { fingerprint: second.fingerprint, issuedAt: '2026-03-02T12:00:00.000Z' },
      ]);
      expect((await registry.certificatesOf('mtr_B')).map(({ fingerprint }) => fingerprint)).toEqual([
        other.fingerprint,
      ]);
      expect(await registry.certificatesOf('mtr_C')).toEqual([]);
    });

    it('revokes a certificate of the thing it names, once and for all, and no other', async () => {
      const first = await registry.issue('mtr_A', await request());
      const second = await registry.issue('mtr_A', await request());
      await registry.revoke('mtr_B', first.fingerprint);
      expect(await registry.isActive('mtr_A', first.fingerprint)).toBe(true);
      for (let times = 0; times < 2; times += 1) await registry.revoke('mtr_A', first.fingerprint);
      await registry.revoke('mtr_A', 'no fingerprint');
      expect(await registry.isActive('mtr_A', first.fingerprint)).toBe(false);
      expect(await registry.certificatesOf('mtr_A')).toMatchObject([{ fingerprint: second.fingerprint }]);
    });

    it('refuses a request that is none, and one of more characters than any request has', async () => {
      const garbage = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----';
      for (const text of ['', 'hello', garbage, 'x'.repeat(20_000)])
        await expect(registry.issue('mtr_A', text)).rejects.toMatchObject(refusal);
      expect(await registry.certificatesOf('mtr_A')).toEqual([]);
    });

    it('refuses a request whose signature was altered', async () => {
      const der = Buffer.from((await request()).replace(/-----[^-]+-----|\s/g, ''), 'base64');
      der[der.length - 3] = (der[der.length - 3] ?? 0) ^ 0xff;
      const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
      await expect(registry.issue('mtr_A', altered)).rejects.toMatchObject(refusal);
    });

    it('refuses a request with an RSA key of 1024 bits and signs one of 2048', async () => {
      await expect(registry.issue('mtr_A', rsa1024)).rejects.toMatchObject(refusal);
      await expect(registry.issue('mtr_A', rsa2048)).resolves.toMatchObject({ port: 8883 });
    });

    it('takes no name that a thing cannot have', async () => {
      const csr = await request();
      for (const name of ['', 'a/b', 'a'.repeat(129), 'a+']) {
        await expect(registry.issue(name, csr)).rejects.toThrow(TypeError);
      }
    });
  });
};

const refusal = { kind: 'invalid', code: 'csr.invalid', errors: [{ pointer: '/csr' }] };

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
