import { randomInt } from 'node:crypto';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { io, iot, mqtt } from 'aws-iot-device-sdk-v2';

/**
 * A meter's connection: MQTT 3.1.1 over TLS with its own certificate, persistent session, QoS 1. The only importer of the
 * device SDK. The SDK connects again by itself; how long it waits is drawn anew for each connection, so that a fleet that lost
 * its broker does not come back in step.
 */

export interface ConnectionOptions {
  readonly endpoint: string;
  readonly port: number;
  /** Name of the thing; also the client id. */
  readonly thing: string;
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly caPem: string;
  /** Seconds of silence before a ping; IoT Core takes 30 to 1200. */
  readonly keepAliveSeconds?: number;
  /** Longest wait before connecting again, in seconds; 35 minutes, so that a million meters come back at 500 a second. */
  readonly reconnectSeconds?: number;
  /** How often the first connection is tried before `connect` gives up; without limit where absent. */
  readonly connectAttempts?: number;
}

export interface DeviceLink {
  /** Resolves when the broker has acknowledged; while the line is down the message waits and is sent again. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  /** Hears what is sent to the meter. */
  subscribe(topic: string, listener: (topic: string, payload: Uint8Array) => void): Promise<void>;
  readonly connected: boolean;
  /** Calls back at each loss (false) and return (true) of the line. */
  onLine(listener: (up: boolean) => void): () => void;
  close(): Promise<void>;
}

/** The waits before each try: full jitter below a limit that doubles from one second, in milliseconds. */
export const jitteredWait = (attempt: number, longestSeconds: number, random: (limit: number) => number): number =>
  random(Math.min(longestSeconds, 2 ** Math.min(attempt, 20)) * 1000);

let shared: mqtt.MqttClient | undefined;
/** One native client serves every connection of the process. */
const nativeClient = (): mqtt.MqttClient => {
  shared ??= new mqtt.MqttClient(new io.ClientBootstrap());
  return shared;
};

const configurationOf = (options: ConnectionOptions): mqtt.MqttConnectionConfig => {
  const longest = Math.max(1, options.reconnectSeconds ?? 35 * 60);
  const least = 1 + randomInt(Math.min(longest, 10));
  return iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(options.certificatePem, options.keyPem)
    .with_certificate_authority(options.caPem)
    .with_endpoint(options.endpoint)
    .with_port(options.port)
    .with_client_id(options.thing)
    .with_clean_session(false)
    .with_keep_alive_seconds(options.keepAliveSeconds ?? 60)
    .with_timeout_ms(10_000)
    .with_reconnect_min_sec(least)
    .with_reconnect_max_sec(least + randomInt(longest))
    .build();
};

/** The broker was reached and did not take the meter's certificate, or the meter not the broker's. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
}

/**
 * How the SDK, which tells by text alone, says that a connection came about and was refused: by the broker's answer, or while
 * certificates were shown. A broker that only hangs up may be one that is going away.
 */
const refusals = ['AWS_ERROR_MQTT_PROTOCOL_ERROR', 'AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE', 'Server rejected'];
const isRefusal = (error: unknown): boolean => refusals.some((one) => String(error).includes(one));

const cannotConnect = ({ endpoint, port }: ConnectionOptions, cause: unknown): Error => {
  const [message, because] = [`the meter cannot connect to ${endpoint}:${port}`, { cause }];
  return isRefusal(cause) ? new CertificateRefused(message, because) : new Error(message, because);
};

/**
 * Opens the connection; tries again with full jitter while nothing answers. Throws CertificateRefused where the last of its attempts
 * was refused, Error where it failed otherwise.
 */
export const connectDevice = async (options: ConnectionOptions): Promise<DeviceLink> => {
  const connection = nativeClient().new_connection(configurationOf(options));
  const listeners = new Set<(up: boolean) => void>();
  let up = false;
  const tell = (now: boolean) => (): void => {
    if (up === now) return;
    up = now;
    for (const listener of listeners) listener(now);
  };
  connection.on('connect', tell(true));
  connection.on('resume', tell(true));
  connection.on('interrupt', tell(false));
  connection.on('disconnect', tell(false));
  // An emitter without this listener throws; the loss of a line is told by the events above.
  connection.on('error', () => {});

  const longest = options.reconnectSeconds ?? 35 * 60;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.connect();
      break;
    } catch (error) {
      if (options.connectAttempts !== undefined && attempt >= options.connectAttempts)
        throw cannotConnect(options, error);
      await sleepFor(jitteredWait(attempt, longest, randomInt));
    }
  }

  return {
    publish: async (topic, payload) => {
      // Copied: the SDK takes a whole ArrayBuffer, and a Buffer may share one.
      await connection.publish(topic, Uint8Array.from(payload).buffer, mqtt.QoS.AtLeastOnce);
    },
    subscribe: async (topic, listener) => {
      await connection.subscribe(topic, mqtt.QoS.AtLeastOnce, (from, payload) =>
        listener(from, new Uint8Array(payload)),
      );
    },
    get connected() {
      return up;
    },
    onLine: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => connection.disconnect(),
  };
};
