/** Limits of IoT Core on what a device publishes; the local broker keeps the same ones. */
const maxPayloadBytes = 128 * 1024;
const maxTopicBytes = 256;
const maxTopicSlashes = 7;

/** Most bytes of one MQTT packet behind its fixed header: topic, lengths, message id and the largest payload. */
export const maxPacketBytes = maxPayloadBytes + 1024;

export interface PublishedMessage {
  readonly topic: string;
  readonly payloadBytes: number;
  readonly qos: number;
  readonly retain: boolean;
}

/** Rule and own topic of a Basic Ingest topic, `$aws/rules/<rule>/<topic>`; undefined for any other. */
export const basicIngest = (topic: string): { readonly rule: string; readonly topic: string } | undefined => {
  const match = /^\$aws\/rules\/([^/]+)\/(.+)$/s.exec(topic);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { rule: match[1], topic: match[2] };
};

export type PublishRefusal = 'wildcard' | 'topic' | 'payload' | 'qos' | 'retained';

/** Why IoT Core would close the connection over this message, whatever the policy says; undefined where it would not. */
export const refusalOf = (message: PublishedMessage): PublishRefusal | undefined => {
  const topic = basicIngest(message.topic)?.topic ?? message.topic;
  if (/[+#]/.test(message.topic)) return 'wildcard';
  if (Buffer.byteLength(topic) > maxTopicBytes || topic.split('/').length - 1 > maxTopicSlashes) return 'topic';
  if (message.payloadBytes > maxPayloadBytes) return 'payload';
  if (message.qos > 1) return 'qos';
  if (message.retain) return 'retained';
  return undefined;
};
