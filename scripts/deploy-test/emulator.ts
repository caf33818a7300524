import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '#scripts/check/project-files.ts';
import { makeAuthority, newKeyPem, publicKeyDerOf, signCertificate } from '#shared/messaging/certificates.ts';
import { openPlainDoor } from './plain-door.ts';
import { freePorts } from './ports.ts';

/** The account and region that are emulated. */
export const account = '000000000000';
export const region = 'eu-west-1';

export interface Emulator {
  /** Environment of whoever speaks to it: address, key, region, and the authority of its certificate. */
  readonly env: Readonly<Record<string, string>>;
  readonly endpoint: string;
  readonly mqttPort: number;
  /** Where the keys of user pools are had without TLS. */
  readonly keysUrl: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

const hourMs = 3_600_000;

/**
 * Key and certificate of the emulator's address, and the authority to trust. It is served by TLS since bucket policies deny
 * whatever comes without.
 */
const makeCertificates = async (folder: string) => {
  const validity = { notBefore: new Date(Date.now() - hourMs), notAfter: new Date(Date.now() + 24 * hourMs) };
  const authority = await makeAuthority('Rotunda deploy test', newKeyPem(), validity);
  const keyPem = newKeyPem();
  const certificatePem = await signCertificate(authority, {
    commonName: 'localhost',
    publicKeyDer: publicKeyDerOf(keyPem),
    use: 'server',
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
    ...validity,
  });
  const [key, certificate, trust] = ['emulator.key.pem', 'emulator.pem', 'authority.pem'].map((name) =>
    join(folder, name),
  );
  if (key === undefined || certificate === undefined || trust === undefined) throw new Error('no paths');
  await writeFile(key, keyPem, { mode: 0o600 });
  await writeFile(certificate, `${certificatePem}${authority.certificatePem}`);
  await writeFile(trust, authority.certificatePem);
  return { key, certificate, trust, authorityPem: authority.certificatePem };
};

const answers = (url: string, trust: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { ca: trust, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const stop = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  // With a custom resource pending it does not heed SIGTERM.
  await Promise.race([ended, sleep(3000, undefined, { ref: false })]);
  if (!hasEnded(child)) child.kill('SIGKILL');
  await ended;
};

const waitSeconds = 60;

/**
 * Starts the emulator on free ports, with signatures, roles and policies enforced, and waits until it is ready.
 * @param python path of the Python that has the emulator
 * @param folder where its log, certificates and whatever it writes go
 */
export const startEmulator = async (python: string, folder: string): Promise<Emulator> => {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const [port = 0, mqttPort = 0] = await freePorts(2);
  const { key, certificate, trust, authorityPem } = await makeCertificates(folder);
  const endpoint = `https://127.0.0.1:${port}`;
  const door = await openPlainDoor(endpoint, authorityPem);
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Whatever the machine has signed in with stays out of this.
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
    NODE_EXTRA_CA_CERTS: trust,
    AWS_CA_BUNDLE: trust,
  };
  const logFile = join(folder, 'emulator.log');
  const log = openSync(logFile, 'w');
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  const child = spawn(python, [join(projectRoot, 'scripts', 'deploy-test', 'emulator.py')], {
    stdio: ['ignore', log, log],
    cwd: folder,
    env: {
      ...inherited,
      ...env,
      AUTH: 'true',
      USE_SSL: 'true',
      MINISTACK_SSL_CERT: certificate,
      MINISTACK_SSL_KEY: key,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      IOT_MTLS_PORT: String(mqttPort),
      SFTP_ENABLED: '0',
      TMPDIR: temporary,
      http_proxy: door.url,
      no_proxy: '',
      NO_PROXY: '',
      // CDK's own functions require the SDK that real Lambda brings along.
      NODE_PATH: join(projectRoot, 'node_modules'),
    },
  });
  const lost = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code} before it was ready`)));
  });
  const ready = async (): Promise<void> => {
    for (let tenth = 0; tenth < waitSeconds * 10; tenth += 1) {
      if (await answers(`${endpoint}/_ministack/health`, authorityPem)) return;
      await sleep(100);
    }
    throw new Error(`the emulator was not ready within ${waitSeconds} s`);
  };
  const close = async (): Promise<void> => {
    await stop(child);
    await door.close();
  };
  try {
    await Promise.race([ready(), lost]);
  } catch (error) {
    await close();
    throw error;
  }
  return { env, endpoint, mqttPort, keysUrl: door.url, logFile, stop: close };
};

/** What the emulator complained of in its log, the last lines of it. */
export const complaintsOf = async (logFile: string, most = 60): Promise<readonly string[]> => {
  const lines = (await readFile(logFile, 'utf8')).split('\n');
  return lines.filter((line) => / (ERROR|WARNING) /.test(line)).slice(-most);
};
