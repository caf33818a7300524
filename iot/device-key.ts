import 'reflect-metadata';
import { createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** The meter's own key: made on the meter, never leaves it; only a signing request does. */

x509.cryptoProvider.set(webcrypto);

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A new P-256 key, PKCS #8 PEM. */
export const newDeviceKey = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

/** A request (PKCS #10, PEM) for a certificate of `commonName`, signed by the meter's key. */
export const makeSigningRequest = async (commonName: string, keyPem: string): Promise<string> => {
  const { subtle } = webcrypto;
  const privateDer = createPrivateKey(keyPem).export({ format: 'der', type: 'pkcs8' });
  const publicDer = createPublicKey(keyPem).export({ format: 'der', type: 'spki' });
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys: {
      privateKey: await subtle.importKey('pkcs8', privateDer, signing, false, ['sign']),
      publicKey: await subtle.importKey('spki', publicDer, signing, true, ['verify']),
    },
    signingAlgorithm: signing,
  });
  return `${request.toString('pem')}\n`;
};
