import { connect as connectTls, type SecureContextOptions, type TLSSocket } from 'node:tls';
import mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { telemetryKinds, telemetryTopic } from '#functions/readings/contract/topics.ts';
import { newDeviceKey } from '#iot/device-key.ts';
import {
  fingerprintOf,
  type KeyAndCertificate,
  makeAuthority,
  publicKeyDerOf,
  signCertificate,
} from '#shared/messaging/certificates.ts';
import { type AttackedSystem, startAttackedSystem } from '#tests/support/attacked-system.ts';
import { sendRaw, tap } from '#tests/support/aws/tcp-capture.ts';
import {
  type Credentials,
  connect,
  enrol,
  meterA,
  meterB,
  publish,
  topicOf,
} from '#tests/support/meters/device-broker.ts';
import { until } from '#tests/support/recorders.ts';
import type { Digests } from '#tests/support/running-system.ts';

/** What an attacker with a network, a stolen or a forged certificate tries; each is refused, counted, and stores nothing. */

let under: AttackedSystem;
let own: Credentials;
const clients: mqtt.MqttClient[] = [];
let before: Digests;
beforeAll(async () => {
  under = await startAttackedSystem();
  own = await enrol(under.registry, meterA);
  await enrol(under.registry, meterB);
  before = await under.digests();
});
afterAll(() => under.close());
afterEach(() => {
  for (const client of clients.splice(0)) client.end(true);
});

const dayMs = 86_400_000;
const valid = () => ({ notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) });
const forge = async (
  authority: KeyAndCertificate,
  validity = valid(),
  use: 'client' | 'server' = 'client',
): Promise<Credentials> => {
  const keyPem = newDeviceKey();
  const certificatePem = await signCertificate(authority, {
    commonName: meterA,
    publicKeyDer: publicKeyDerOf(keyPem),
    use,
    ...validity,
  });
  return { keyPem, certificatePem, fingerprint: fingerprintOf(certificatePem) };
};

/** Runs an attack and asserts that exactly this refusal was counted, and that profile and readings hold what they held. */
const refused = async (reason: string, attack: () => Promise<unknown>): Promise<void> => {
  const counted = under.metrics.of(`device.refused:${reason}`);
  await attack();
  await until(`a count of ${reason}`, () => under.metrics.of(`device.refused:${reason}`) > counted);
  expect(await under.digests()).toEqual(before);
};
/** A connection that must not be made; with TLS 1.3 a client may believe in it until its first packet. */
const cannotConnect = (
  reason: string,
  credentials: Partial<Credentials>,
  options: mqtt.IClientOptions & SecureContextOptions = {},
): Promise<void> =>
  refused(reason, () =>
    expect(connect(under, credentials, { clientId: meterA, ...options })).rejects.toBeInstanceOf(Error),
  );
const open = async (options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> => {
  const client = await connect(under, own, { clientId: meterA, ...options });
  clients.push(client);
  return client;
};
const cannotPublish = (
  reason: string,
  topic: string,
  payload: string | Buffer = '{}',
  options: mqtt.IClientPublishOptions = { qos: 1 },
): Promise<void> =>
  refused(reason, async () => expect(await publish(await open(), topic, payload, options)).toBe('disconnected'));

/** A TLS connection of meter A, below MQTT. */
const openTls = (): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connectTls(
      {
        host: '127.0.0.1',
        port: under.broker.port,
        key: own.keyPem,
        cert: own.certificatePem,
        ca: under.registry.authorityPem,
      },
      () => resolve(socket),
    );
    socket.on('error', reject);
  });
const closed = (socket: TLSSocket): Promise<void> =>
  new Promise((resolve) => {
    socket.removeAllListeners('error');
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });

describe('a device that is not whom it says', () => {
  it('is refused with a certificate of another authority', async () => {
    const other = await makeAuthority('Another authority', newDeviceKey(), valid());
    await cannotConnect('certificate.untrusted', await forge(other));
  });

  it('is refused with a certificate of an authority that only has our authority’s name', async () => {
    const twin = await makeAuthority('Rotunda local device authority', newDeviceKey(), valid());
    await cannotConnect('certificate.untrusted', await forge(twin));
  });

  it('is refused with a certificate it signed itself', async () => {
    const keyPem = newDeviceKey();
    const certificatePem = await signCertificate(await makeAuthority(meterA, keyPem, valid()), {
      commonName: meterA,
      publicKeyDer: publicKeyDerOf(keyPem),
      use: 'client',
      ...valid(),
    });
    await cannotConnect('certificate.untrusted', { keyPem, certificatePem });
  });

  it('is refused with a certificate that has expired', async () => {
    const past = { notBefore: new Date(Date.now() - 2 * dayMs), notAfter: new Date(Date.now() - 60_000) };
    await cannotConnect('certificate.expired', await forge(under.authority, past));
  });

  it('is refused with a certificate that is not yet valid', async () => {
    const future = { notBefore: new Date(Date.now() + 60_000), notAfter: new Date(Date.now() + dayMs) };
    await cannotConnect('certificate.not-yet-valid', await forge(under.authority, future));
  });

  it('is refused with a certificate made for a server', async () => {
    await cannotConnect('certificate.purpose', await forge(under.authority, valid(), 'server'));
  });

  it('is refused without a certificate', async () => {
    await cannotConnect('certificate.missing', {});
  });

  it('is refused with a certificate that our authority signed but the registry never issued', async () => {
    await cannotConnect('certificate.inactive', await forge(under.authority));
  });

  it('is refused with a certificate signed by a device’s own certificate', async () => {
    await cannotConnect('certificate.untrusted', await forge(own));
  });

  it('is refused with a revoked certificate', async () => {
    const lost = await enrol(under.registry, meterA);
    await under.registry.revoke(meterA, lost.fingerprint);
    await cannotConnect('certificate.inactive', lost);
  });

  it('loses its connection when its certificate is revoked, and cannot come back', async () => {
    const lost = await enrol(under.registry, meterB);
    const client = await connect(under, lost, { clientId: meterB });
    const ended = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await under.registry.revoke(meterB, lost.fingerprint);
    await ended;
    await cannotConnect('certificate.inactive', lost, { clientId: meterB });
  });

  it('is refused under the name of another meter', async () => {
    await cannotConnect('client-id', own, { clientId: meterB });
  });

  it('is refused under a name that only contains its own', async () => {
    await cannotConnect('client-id', own, { clientId: `${meterA}/x` });
  });

  it('is refused without a name', async () => {
    await cannotConnect('client-id', own, { clientId: '', clean: true });
  });
});

describe('a connection that is not what it must be', () => {
  it('is refused over TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await cannotConnect('tls.version', own, old);
  });

  it('is refused over TLS 1.0', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await cannotConnect('tls.version', own, old);
  });

  it('is refused without TLS', async () => {
    await refused('tls.none', () =>
      expect(
        new Promise((resolve, reject) => {
          const client = mqtt.connect(`mqtt://127.0.0.1:${under.broker.port}`, {
            clientId: meterA,
            reconnectPeriod: 0,
          });
          client.on('connect', resolve);
          client.on('error', reject);
          client.on('close', () => reject(new Error('closed')));
        }),
      ).rejects.toBeInstanceOf(Error),
    );
  });

  it('is refused to a browser’s request', async () => {
    await refused('tls.none', () => sendRaw(under.broker.port, [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')]));
  });

  it('is worth nothing when an old one is played back byte for byte', async () => {
    const capture = await tap(under.broker.port);
    const client = await connect(under, own, { clientId: meterA, port: capture.port });
    expect(await publish(client, topicOf(meterA), 'worth repeating')).toBe('acknowledged');
    await client.endAsync();
    capture.close();
    await refused('handshake', () => sendRaw(under.broker.port, capture.sent));
  });

  it('is closed where the first packet is no CONNECT', async () => {
    const socket = await openTls();
    socket.write(Buffer.from([0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01]));
    await refused('protocol', () => closed(socket));
  });

  it('is refused in MQTT 5, which is not spoken here', async () => {
    await cannotConnect('protocol', own, { protocolVersion: 5 });
  });

  it('is closed at the announcement of a packet of 200 MB, before its bytes are read', async () => {
    const socket = await openTls();
    socket.write(Buffer.from([0x30, 0x80, 0x84, 0xaf, 0x5f]));
    await refused('payload', () => closed(socket));
  });

  it('is closed at a packet whose length never ends', async () => {
    const socket = await openTls();
    socket.write(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x80]));
    await refused('payload', () => closed(socket));
  });

  it('is taken from the older of two sessions under one name', async () => {
    const first = await open();
    const lost = new Promise<void>((resolve) => first.once('close', () => resolve()));
    await refused('session.replaced', () => Promise.all([open(), lost]));
  });

  it('is refused where its last will would speak for another meter', async () => {
    await cannotConnect('policy', own, {
      will: { topic: topicOf(meterB), payload: Buffer.from('{}'), qos: 1, retain: false },
    });
  });

  it('is refused where its last will would be retained', async () => {
    await cannotConnect('retained', own, {
      will: { topic: topicOf(meterA), payload: Buffer.from('{}'), qos: 1, retain: true },
    });
  });
});

describe('a device that says what it may not', () => {
  it('is cut off when it publishes for another meter', async () => {
    await cannotPublish('policy', topicOf(meterB));
  });

  it('is cut off when it publishes below or beside its own topic', async () => {
    await cannotPublish('policy', `${topicOf(meterA)}/more`);
    await cannotPublish('policy', topicOf(meterA).toUpperCase());
    await cannotPublish('policy', `${topicOf(meterA).slice(0, -1)}?`);
  });

  it('is cut off when it publishes by a rule of another stage, or one that does not exist', async () => {
    await cannotPublish('policy', `$aws/rules/rotunda_usage_prod/${meterA}`);
    await cannotPublish('policy', `$aws/rules/constructor/${meterA}`);
  });

  it('is heard by each rule that it may use, and no rule leads nowhere', async () => {
    for (const kind of telemetryKinds) {
      expect(await publish(await open(), telemetryTopic(kind, 'local', meterA), '{}')).toBe('acknowledged');
    }
  });

  it('is cut off when it touches a shadow, a job or an event of the platform', async () => {
    for (const topic of [
      `$aws/things/${meterB}/shadow/update`,
      `$aws/things/${meterA}/jobs/start-next`,
      `$aws/events/presence/connected/${meterB}`,
      '$SYS/broker/new/clients',
    ])
      await cannotPublish('policy', topic);
  });

  it('is cut off when it commands another meter, or answers for it', async () => {
    await cannotPublish('policy', `cmd/rotunda/${meterB}/disconnect/req`);
    await cannotPublish('policy', `cmd/rotunda/${meterB}/disconnect/res`);
  });

  it('is cut off when it publishes a retained message', async () => {
    await cannotPublish('retained', topicOf(meterA), '{}', { qos: 1, retain: true });
  });

  it('is cut off when a wildcard stands in its topic', async () => {
    const packet = (topic: string): Buffer => {
      const body = Buffer.concat([Buffer.from([0, topic.length]), Buffer.from(topic), Buffer.from([0, 1])]);
      return Buffer.concat([Buffer.from([0x32, body.length]), body]);
    };
    for (const wildcard of ['+', '#']) {
      const client = await open();
      const ended = new Promise<void>((resolve) => client.once('close', () => resolve()));
      await refused('protocol', async () => {
        client.stream.write(packet(`$aws/rules/rotunda_usage_local/${wildcard}`));
        await ended;
      });
    }
  });

  it('is cut off at a topic of 8 slashes, or of more than 256 bytes', async () => {
    await cannotPublish('topic', `cmd/rotunda/${meterA}/a/b/c/d/e/res`);
    await cannotPublish('topic', `cmd/rotunda/${meterA}/${'x'.repeat(230)}/res`);
  });

  it('is cut off at a payload of 129 KB, and not at one of 128 KB', async () => {
    await cannotPublish('payload', topicOf(meterA), Buffer.alloc(129 * 1024));
    expect(await publish(await open(), topicOf(meterA), Buffer.alloc(128 * 1024))).toBe('acknowledged');
  });

  it('is cut off at quality of service 2, which IoT Core does not have', async () => {
    await cannotPublish('qos', topicOf(meterA), '{}', { qos: 2 });
  });

  it('is not given the messages of others, however it asks', async () => {
    const client = await open();
    for (const filter of ['#', '+/+/+/+', '$aws/#', '$SYS/#', `cmd/rotunda/${meterB}/+/req`, topicOf(meterB)])
      await refused('subscribe', () => expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toBeInstanceOf(Error));
  });
});
