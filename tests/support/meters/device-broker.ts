import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { devicePolicy } from '#functions/readings/contract/device-policy.ts';
import { ruleName, usageTopic } from '#functions/readings/contract/topics.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { type Broker, startBroker } from '#local/broker.ts';
import type { KeyAndCertificate } from '#shared/messaging/certificates.ts';
import { type LocalDeviceRegistry, openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import type { TelemetryStream } from '#shared/messaging/ports.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';

export const stage = 'local';
export const meterA = 'mtr_0000000000000000000000000A';
export const meterB = 'mtr_0000000000000000000000000B';
export const topicOf = (meter: string): string => usageTopic(stage, meter);

/** What reached the telemetry stream. */
export class RecordedStream implements TelemetryStream {
  readonly records: { readonly partitionKey: string; readonly data: Uint8Array }[] = [];
  /** Runs before a record counts as stored. */
  before: () => Promise<void> = async () => {};
  /** Where records go on to. */
  onward: TelemetryStream | undefined;

  async append(partitionKey: string, data: Uint8Array): Promise<void> {
    const copy = Uint8Array.from(data);
    await this.before();
    await this.onward?.append(partitionKey, copy);
    this.records.push({ partitionKey, data: copy });
  }
}

export interface BrokerUnderTest {
  readonly broker: Broker;
  readonly registry: LocalDeviceRegistry;
  /** The authority itself, for certificates no registry would issue. */
  readonly authority: KeyAndCertificate;
  readonly stream: RecordedStream;
  readonly metrics: RecordedMetrics;
  readonly logger: RecordedLogger;
  close(): Promise<void>;
}

/** The local broker on a free port with a registry of its own. */
export const startTestBroker = async (): Promise<BrokerUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-broker-'));
  let port = 0;
  const registry = await openLocalDeviceRegistry({
    folder,
    clock: systemClock,
    endpoint: () => ({ endpoint: '127.0.0.1', port }),
  });
  const stream = new RecordedStream();
  const metrics = new RecordedMetrics();
  const logger = new RecordedLogger();
  const broker = await startBroker({
    port: 0,
    registry,
    policy: devicePolicy({ stage, region: 'local', account: '000000000000' }),
    rules: { [ruleName('usage', stage)]: stream },
    metrics,
    logger,
  });
  port = broker.port;
  return {
    broker,
    registry,
    authority: {
      keyPem: await readFile(join(folder, 'device-authority.key.pem'), 'utf8'),
      certificatePem: registry.authorityPem,
    },
    stream,
    metrics,
    logger,
    close: async () => {
      await broker.close();
      await rm(folder, { recursive: true });
    },
  };
};

export interface Credentials {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly fingerprint: string;
}

/** A key and the certificate the registry issued for it. */
export const enrol = async (registry: LocalDeviceRegistry, thing: string): Promise<Credentials> => {
  const keyPem = newDeviceKey();
  const issued = await registry.issue(thing, await makeSigningRequest(thing, keyPem));
  return { keyPem, certificatePem: issued.certificatePem, fingerprint: issued.fingerprint };
};

/** Opens a raw MQTT connection; rejects where it is refused. */
export const connect = (
  under: Pick<BrokerUnderTest, 'broker' | 'registry'>,
  credentials: { readonly keyPem?: string; readonly certificatePem?: string },
  options: mqtt.IClientOptions,
): Promise<mqtt.MqttClient> =>
  new Promise((resolve, reject) => {
    const client = mqtt.connect(`mqtts://127.0.0.1:${under.broker.port}`, {
      ...(credentials.keyPem === undefined ? {} : { key: credentials.keyPem }),
      ...(credentials.certificatePem === undefined ? {} : { cert: credentials.certificatePem }),
      ca: under.registry.authorityPem,
      protocolVersion: 4,
      reconnectPeriod: 0,
      connectTimeout: 5000,
      ...options,
    });
    client.setMaxListeners(0);
    client.on('error', (error) => {
      client.end(true);
      reject(error);
    });
    client.once('connect', () => resolve(client));
    client.once('close', () => reject(new Error('closed')));
  });

/** Publishes at QoS 1 and says how it ended: with the acknowledgement, or with the end of the connection. */
export const publish = (
  client: mqtt.MqttClient,
  topic: string,
  payload: string | Buffer,
  options: mqtt.IClientPublishOptions = { qos: 1 },
): Promise<'acknowledged' | 'disconnected'> =>
  new Promise((resolve) => {
    client.once('close', () => resolve('disconnected'));
    client.publish(topic, payload, options, (error) => resolve(error ? 'disconnected' : 'acknowledged'));
  });
