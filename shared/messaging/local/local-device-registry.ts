import { chmod, mkdir, open, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import {
  fingerprintOf,
  type KeyAndCertificate,
  makeAuthority,
  newKeyPem,
  publicKeyDerOf,
  readSigningRequest,
  signCertificate,
} from '#shared/messaging/certificates.ts';
import type { DeviceRegistry, IssuedCertificate } from '#shared/messaging/ports.ts';
import { checkThingName } from '#shared/messaging/thing-names.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** Local certificates start this much before now: the clock tolerance for devices. */
const backdatedMs = 5 * 60_000;
const dayMs = 86_400_000;
const acceptedKeys = new Set(['ec:prime256v1', 'ec:secp384r1', 'rsa:2048', 'rsa:3072', 'rsa:4096']);

/** One line of the registry's file, in the order things happened; the last one of a fingerprint stands. */
const Entry = z.strictObject({
  at: z.iso.datetime(),
  event: z.enum(['issued', 'revoked']),
  thing: z.string(),
  fingerprint: z.string(),
});
type Entry = z.infer<typeof Entry>;

export interface LocalDeviceRegistry extends DeviceRegistry {
  /** PEM of the authority that signs devices and the broker. */
  readonly authorityPem: string;
  /** Key and certificate of the broker for 127.0.0.1 and localhost; new at each call, its key is never written down. */
  serverCertificate(): Promise<KeyAndCertificate>;
  /** Calls back after a revocation; returns the way to stop that. */
  onRevoked(listener: (thing: string) => void): () => void;
}

export interface LocalDeviceRegistryOptions {
  /** Where the authority's key and the registry's file are kept; without it nothing outlives the process. */
  readonly folder?: string;
  readonly clock: Clock;
  /** Where devices connect; asked at each issue, since the broker may choose its port. */
  readonly endpoint: () => { readonly endpoint: string; readonly port: number };
  readonly validityDays?: number;
}

/** The file of the registry: one JSON line per event, on disk before the call returns. */
interface Ledger {
  readonly entries: readonly Entry[];
  append(entry: Entry): Promise<void>;
}

const memoryLedger: Ledger = { entries: [], append: async () => {} };

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const readIfPresent = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** One line of the ledger. Throws DomainError('unavailable', 'store.damaged') where it is none. */
const entryOf = (path: string, line: string, index: number): Entry => {
  try {
    return Entry.parse(JSON.parse(line));
  } catch (cause) {
    throw new DomainError('unavailable', 'store.damaged', `${path} is damaged: line ${index + 1} tells of no meter`, {
      cause,
    });
  }
};

/** Opens the file; a last line that was cut by a crash was never acknowledged and is taken off. */
const openLedger = async (path: string): Promise<Ledger> => {
  const text = (await readIfPresent(path)) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  const entries = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => entryOf(path, line, index));
  let last: Promise<void> = Promise.resolve();
  const write = async (entry: Entry): Promise<void> => {
    const file = await open(path, 'a', 0o600);
    try {
      await file.appendFile(`${JSON.stringify(entry)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  };
  return {
    entries,
    append: (entry) => {
      const next = last.then(() => write(entry));
      last = next.catch(() => {});
      return next;
    },
  };
};

const writeWhole = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  await chmod(draft, 0o600);
  await rename(draft, path);
};

const newAuthority = (keyPem: string, now: number): Promise<KeyAndCertificate> =>
  makeAuthority('Rotunda local device authority', keyPem, {
    notBefore: new Date(now - backdatedMs),
    notAfter: new Date(now + 3650 * dayMs),
  });

/** The authority of the folder, made at the first start; its key is readable by its owner alone. */
const openAuthority = async (folder: string | undefined, now: number): Promise<KeyAndCertificate> => {
  if (folder === undefined) return newAuthority(newKeyPem(), now);
  const keyPath = join(folder, 'device-authority.key.pem');
  const certificatePath = join(folder, 'device-authority.pem');
  let keyPem = await readIfPresent(keyPath);
  if (keyPem === undefined) {
    keyPem = newKeyPem();
    await writeWhole(keyPath, keyPem);
  }
  const certificatePem = await readIfPresent(certificatePath);
  if (certificatePem !== undefined) return { keyPem, certificatePem };
  const authority = await newAuthority(keyPem, now);
  await writeWhole(certificatePath, authority.certificatePem);
  return authority;
};

const refuseRequest = (message: string, cause?: unknown): never => {
  throw new DomainError('invalid', 'csr.invalid', message, {
    cause,
    errors: [{ pointer: '/csr', code: 'csr.invalid', message }],
  });
};

const checkedRequest = async (csrPem: string) => {
  const request = await readSigningRequest(csrPem).catch((error: unknown) =>
    refuseRequest(
      `The certificate request cannot be used: ${error instanceof Error ? error.message : 'unreadable'}.`,
      error,
    ),
  );
  if (!acceptedKeys.has(request.keyKind))
    refuseRequest('The key of the certificate request must be P-256, P-384, or RSA of 2048, 3072 or 4096 bits.');
  return request;
};

/** Issues and remembers device certificates on this machine, as IoT Core does in the cloud. */
export const openLocalDeviceRegistry = async (options: LocalDeviceRegistryOptions): Promise<LocalDeviceRegistry> => {
  const { folder, clock } = options;
  const validityMs = (options.validityDays ?? 730) * dayMs;
  if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await openAuthority(folder, clock.now());
  const ledger = folder === undefined ? memoryLedger : await openLedger(join(folder, 'devices.jsonl'));
  const issuedByFingerprint = new Map<string, Entry>();
  const listeners = new Set<(thing: string) => void>();

  const take = (entry: Entry): void => {
    if (entry.event === 'issued') issuedByFingerprint.set(entry.fingerprint, entry);
    else issuedByFingerprint.delete(entry.fingerprint);
  };
  for (const entry of ledger.entries) take(entry);

  const record = async (event: Entry['event'], thing: string, fingerprint: string): Promise<void> => {
    const entry = { at: new Date(clock.now()).toISOString(), event, thing, fingerprint };
    await ledger.append(entry);
    take(entry);
  };

  const issue = async (thing: string, csrPem: string): Promise<IssuedCertificate> => {
    checkThingName(thing);
    const request = await checkedRequest(csrPem);
    const now = clock.now();
    const notAfter = new Date(now + validityMs);
    const certificatePem = await signCertificate(authority, {
      commonName: thing,
      publicKeyDer: request.publicKeyDer,
      use: 'client',
      notBefore: new Date(now - backdatedMs),
      notAfter,
    });
    const fingerprint = fingerprintOf(certificatePem);
    await record('issued', thing, fingerprint);
    return {
      certificatePem,
      fingerprint,
      notAfter: notAfter.toISOString(),
      ...options.endpoint(),
      caPem: authority.certificatePem,
    };
  };

  return {
    authorityPem: authority.certificatePem,
    issue,
    isActive: async (thing, fingerprint) => issuedByFingerprint.get(fingerprint)?.thing === thing,
    certificatesOf: async (thing) =>
      [...issuedByFingerprint.values()].flatMap((entry) =>
        entry.thing === thing ? [{ fingerprint: entry.fingerprint, issuedAt: entry.at }] : [],
      ),
    revoke: async (thing, fingerprint) => {
      if (issuedByFingerprint.get(fingerprint)?.thing !== thing) return;
      await record('revoked', thing, fingerprint);
      for (const listener of listeners) listener(thing);
    },
    serverCertificate: async () => {
      const keyPem = newKeyPem();
      const now = clock.now();
      const certificatePem = await signCertificate(authority, {
        commonName: 'localhost',
        publicKeyDer: publicKeyDerOf(keyPem),
        use: 'server',
        dnsNames: ['localhost'],
        ipAddresses: ['127.0.0.1'],
        notBefore: new Date(now - backdatedMs),
        notAfter: new Date(now + 397 * dayMs),
      });
      return { keyPem, certificatePem };
    },
    onRevoked: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
