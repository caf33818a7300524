import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { Aedes } from 'aedes';
import type { LocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import type { TelemetryStream } from '#shared/messaging/ports.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import { handshakeReason, type Peer, peerOf } from './device-handshake.ts';
import { GuardedConnection } from './guarded-connection.ts';
import { compilePolicy, type PolicyDocument } from './policy-evaluator.ts';
import { basicIngest, maxPacketBytes, refusalOf } from './publish-rules.ts';

/**
 * The local stand-in of IoT Core: MQTT 3.1.1 over TLS with mutual authentication, the deployed policy document, Basic Ingest
 * into the telemetry stream. What IoT Core answers by closing the connection is answered so here, and counted.
 */

export interface BrokerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  readonly registry: LocalDeviceRegistry;
  readonly policy: PolicyDocument;
  /** Rules of Basic Ingest: name -> stream its messages go to, keyed by client id. */
  readonly rules: Readonly<Record<string, TelemetryStream>>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface Broker {
  readonly port: number;
  /** Number of devices connected now. */
  connections(): number;
  /** Sends a command to a device's own topic; kept for the session of a device that is away. */
  send(topic: string, payload: Buffer): Promise<void>;
  close(): Promise<void>;
}

type AedesClient = Parameters<Aedes['preConnect']>[0];
type ConnectPacket = Parameters<Aedes['preConnect']>[1];

/** A refusal that was counted; every other error of a connection is the line's or the client's. */
class Refused extends Error {
  constructor(reason: string) {
    super(`refused: ${reason}`);
    this.name = 'Refused';
  }
}

/** Errors of the line (a reset, a write after the end) and of silence are no breach of the protocol. */
const isBreach = (error: Error): boolean =>
  !(error instanceof Refused) &&
  !('code' in error) &&
  !/keep alive timeout|connection closed|drain timeout/.test(error.message);

/** Starts the broker; resolves when it listens. */
export const startBroker = async (options: BrokerOptions): Promise<Broker> => {
  const { registry, metrics, logger } = options;
  const mayDo = compilePolicy(options.policy);
  const peers = new WeakMap<object, Peer>();
  const requests = new WeakMap<AedesClient, ConnectPacket>();
  const attached = new WeakMap<AedesClient, true>();
  const inFlight = new Set<Promise<void>>();
  const sessions = new Map<string, AedesClient>();

  const refuse = (reason: string): Refused => {
    metrics.count('device.refused', { reason });
    logger.warn('device.refused', { reason });
    return new Refused(reason);
  };
  const factsOf = (client: AedesClient) => ({ clientId: client.id, attached: attached.has(client) });

  const connectRefusal = async (client: AedesClient): Promise<string | undefined> => {
    const peer = peers.get(client.conn);
    const packet = requests.get(client);
    if (peer === undefined || packet === undefined) return 'handshake';
    if (packet.clientId !== peer.thing) return 'client-id';
    if (!(await registry.isActive(peer.thing, peer.fingerprint))) return 'certificate.inactive';
    attached.set(client, true);
    const facts = { clientId: packet.clientId, attached: true };
    if (!mayDo(facts, { action: 'iot:Connect', clientId: packet.clientId })) return 'policy';
    const { will } = packet;
    if (will === undefined) return undefined;
    if (!mayDo(facts, { action: 'iot:Publish', topic: will.topic })) return 'policy';
    return refusalOf({
      topic: will.topic,
      payloadBytes: will.payload.length,
      qos: will.qos ?? 0,
      retain: will.retain === true,
    });
  };

  /** Stores what goes by Basic Ingest; when it resolves, the message may be acknowledged. */
  const ingest = async (clientId: string, rule: string, payload: Buffer): Promise<void> => {
    const stream = Object.hasOwn(options.rules, rule) ? options.rules[rule] : undefined;
    if (stream === undefined) throw refuse('rule');
    const appended = stream.append(clientId, payload);
    inFlight.add(appended);
    try {
      await appended;
    } catch (error) {
      logger.error('device.append-failed', { cause: error instanceof Error ? error.message : 'unknown' });
      throw refuse('unavailable');
    } finally {
      inFlight.delete(appended);
    }
    metrics.count('device.stored', { rule });
  };

  const publish = async (
    client: AedesClient,
    packet: {
      readonly topic: string;
      readonly payload: string | Buffer;
      readonly qos: number;
      readonly retain: boolean;
    },
  ): Promise<void> => {
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const { topic, qos, retain } = packet;
    const reason = refusalOf({ topic, payloadBytes: payload.length, qos, retain });
    if (reason !== undefined) throw refuse(reason);
    if (!mayDo(factsOf(client), { action: 'iot:Publish', topic })) throw refuse('policy');
    const ingested = basicIngest(topic);
    if (ingested !== undefined) await ingest(client.id, ingested.rule, payload);
  };

  const aedes = await Aedes.createBroker({
    connectTimeout: 10_000,
    maxTopicLevels: 20,
    preConnect: (client, packet, done) => {
      requests.set(client, packet);
      done(null, true);
    },
    authenticate: (client, _username, _password, done) => {
      connectRefusal(client).then(
        (reason) => {
          if (reason === undefined) {
            if (sessions.has(client.id)) refuse('session.replaced');
            done(null, true);
          } else done(Object.assign(refuse(reason), { returnCode: 5 }), false);
        },
        (error: unknown) => {
          logger.error('device.connect-failed', { cause: error instanceof Error ? error.message : 'unknown' });
          done(Object.assign(refuse('unavailable'), { returnCode: 3 }), false);
        },
      );
    },
    authorizePublish: (client, packet, done) => {
      if (client === null) {
        done(null);
        return;
      }
      publish(client, packet).then(
        () => done(null),
        (error: unknown) => done(error instanceof Error ? error : new Error('refused')),
      );
    },
    authorizeSubscribe: (client, subscription, done) => {
      const allowed =
        subscription.qos <= 1 && mayDo(factsOf(client), { action: 'iot:Subscribe', filter: subscription.topic });
      if (!allowed) refuse('subscribe');
      // Null answers SUBACK 128 and leaves the connection open.
      done(null, allowed ? subscription : null);
    },
    authorizeForward: (client, packet) => {
      const { topic } = packet;
      const allowed = !topic.startsWith('$') && mayDo(factsOf(client), { action: 'iot:Receive', topic });
      return allowed ? packet : null;
    },
  });
  aedes.on('clientReady', (client) => {
    sessions.set(client.id, client);
    metrics.count('device.connected');
  });
  aedes.on('clientDisconnect', (client) => {
    if (sessions.get(client.id) === client) sessions.delete(client.id);
  });
  for (const event of ['connectionError', 'clientError'] as const)
    aedes.on(event, (_client, error) => {
      if (isBreach(error)) refuse('protocol');
      else if (!(error instanceof Refused)) logger.info('device.connection-lost', { message: error.message });
    });

  const server = await registry.serverCertificate();
  const sockets = new Set<TLSSocket>();
  const listener = createServer(
    {
      key: server.keyPem,
      cert: server.certificatePem,
      ca: registry.authorityPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      handshakeTimeout: 10_000,
      noDelay: true,
    },
    (socket) => {
      const peer = peerOf(socket);
      socket.on('error', () => socket.destroy());
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      if (peer === undefined) {
        refuse('certificate.nameless');
        socket.destroy();
        return;
      }
      const connection = new GuardedConnection(socket, maxPacketBytes, () => refuse('payload'));
      peers.set(connection, peer);
      aedes.handle(connection);
    },
  );
  listener.on('tlsClientError', (error, socket) => refuse(handshakeReason(error, socket)));
  const stopWatching = registry.onRevoked((thing) => sessions.get(thing)?.close());
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the broker has no port');

  return {
    port: address.port,
    connections: () => sessions.size,
    send: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', qos: 1, retain: false, dup: false, topic, payload } as const;
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => {
      stopWatching();
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      await Promise.allSettled(inFlight);
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
