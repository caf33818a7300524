import 'reflect-metadata';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** Certificates and signing requests (X.509, PKCS #10); the only importer of the library that makes them. */

x509.cryptoProvider.set(webcrypto);

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A private key and the certificate that stands for it, both PEM. */
export interface KeyAndCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A request that may be signed: proven possession of the key, and the key as SPKI DER. */
export interface SigningRequest {
  readonly commonName: string;
  readonly publicKeyDer: Uint8Array;
  /** `ec:prime256v1`, `rsa:2048`, … */
  readonly keyKind: string;
}

const importForSigning = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', key.export({ format: 'der', type: 'pkcs8' }), signing, false, ['sign']);

const importForVerifying = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('spki', key.export({ format: 'der', type: 'spki' }), signing, true, ['verify']);

/** 16 random bytes as hex; the first byte is 1..127, so the number is positive and of fixed length. */
const serialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString('hex');
};

/** A new P-256 key, PKCS #8 PEM. */
export const newKeyPem = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

const keyKindOf = (key: KeyObject): string => {
  const details = key.asymmetricKeyDetails;
  return `${key.asymmetricKeyType}:${details?.namedCurve ?? details?.modulusLength ?? ''}`;
};

/** Reads a request and checks that it is signed by the key it names. Throws an Error that says what is wrong. */
export const readSigningRequest = async (pem: string): Promise<SigningRequest> => {
  if (pem.length > 16_384) throw new Error('the request is longer than 16,384 characters');
  if (!/-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(pem))
    throw new Error('the request is no PEM certificate request');
  const request = new x509.Pkcs10CertificateRequest(pem);
  const publicKeyDer = new Uint8Array(request.publicKey.rawData);
  const keyKind = keyKindOf(createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' }));
  if (!(await request.verify())) throw new Error('the request is not signed by its own key');
  return { commonName: request.subjectName.getField('CN')[0] ?? '', publicKeyDer, keyKind };
};

/** A certificate authority of its own: self-signed, may sign end certificates only. */
export const makeAuthority = async (
  commonName: string,
  keyPem: string,
  validity: Validity,
): Promise<KeyAndCertificate> => {
  const publicKey = await importForVerifying(createPublicKey(keyPem));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    ...validity,
    signingAlgorithm: signing,
    keys: { privateKey: await importForSigning(createPrivateKey(keyPem)), publicKey },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { keyPem, certificatePem: `${certificate.toString('pem')}\n` };
};

/** Signs an end certificate: a device's (`clientAuth`) or a server's (`serverAuth` with its names). */
export const signCertificate = async (
  authority: KeyAndCertificate,
  subject: {
    readonly commonName: string;
    readonly publicKeyDer: Uint8Array;
    readonly use: 'client' | 'server';
    readonly dnsNames?: readonly string[];
    readonly ipAddresses?: readonly string[];
  } & Validity,
): Promise<string> => {
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const publicKey = new x509.PublicKey(Buffer.from(subject.publicKeyDer));
  const names = [
    ...(subject.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(subject.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [subject.commonName] }],
    issuer: issuer.subjectName,
    notBefore: subject.notBefore,
    notAfter: subject.notAfter,
    signingAlgorithm: signing,
    publicKey,
    signingKey: await importForSigning(createPrivateKey(authority.keyPem)),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        subject.use === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  });
  return `${certificate.toString('pem')}\n`;
};

/** SPKI DER of the public half of a private key. */
export const publicKeyDerOf = (keyPem: string): Uint8Array =>
  createPublicKey(keyPem).export({ format: 'der', type: 'spki' });

/** SHA-256 of the certificate's DER, 64 hex digits, as certificate ids are in IoT Core. */
export const fingerprintOf = (certificate: string | Uint8Array): string =>
  createHash('sha256')
    .update(typeof certificate === 'string' ? Buffer.from(new x509.X509Certificate(certificate).rawData) : certificate)
    .digest('hex');
