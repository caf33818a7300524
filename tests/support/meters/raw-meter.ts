import mqtt from 'mqtt';
import type { Enrolment } from '#tests/journeys/story/ground.ts';
import { publish } from './device-broker.ts';

/**
 * Connects with a meter's certificate below the device SDK, publishes once at QoS 1, and says how it ended: with the
 * acknowledgement, or with the end of the connection.
 */
export const publishOnce = async (
  meter: Enrolment,
  keyPem: string,
  topic: string,
  payload: string,
): Promise<'acknowledged' | 'disconnected'> => {
  const client = await mqtt.connectAsync(`mqtts://${meter.endpoint}:${meter.port}`, {
    key: keyPem,
    cert: meter.certificatePem,
    ca: meter.caPem,
    clientId: meter.thing,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 10_000,
  });
  client.on('error', () => {});
  try {
    return await publish(client, topic, Buffer.from(payload));
  } finally {
    client.end(true);
  }
};
