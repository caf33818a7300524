import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createEventBridgeBus } from '#shared/messaging/aws/eventbridge-bus.ts';
import { createKmsInstallationKeys } from '#shared/messaging/aws/kms-installation-keys.ts';

const PutEvents = z.object({ Entries: z.array(z.object({ Detail: z.string() })) });

/** A service that does what it is asked and loses the first answers. */
const started: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0)) await stop();
});
const serve = async (lost: number, answer: (body: string) => unknown): Promise<string> => {
  let left = lost;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const said = JSON.stringify(answer(Buffer.concat(chunks).toString('utf8')));
    left -= 1;
    if (left >= 0) {
      request.socket.destroy();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(said);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
};
const settings = (endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
const event = (number: number) => ({ source: 'rotunda.billing', detailType: 'x', detail: { number } });

describe('where an answer of the service is lost', () => {
  it('events are published again: each at least once, none never', async () => {
    const taken: string[] = [];
    const endpoint = await serve(2, (body) => {
      const { Entries } = PutEvents.parse(JSON.parse(body));
      taken.push(...Entries.map(({ Detail }) => Detail));
      return { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: `e${index}` })) };
    });
    const bus = createEventBridgeBus({ busName: 'outbound', client: new EventBridgeClient(settings(endpoint)) });
    await bus.publish([event(1), event(2)]);
    const once = ['{"number":1}', '{"number":2}'];
    expect(taken).toEqual([...once, ...once, ...once]);
  });

  it('events whose answers are all lost are told as not published', async () => {
    let calls = 0;
    const endpoint = await serve(100, () => {
      calls += 1;
      return {};
    });
    const client = new EventBridgeClient({ ...settings(endpoint), maxAttempts: 2 });
    await expect(createEventBridgeBus({ busName: 'outbound', client }).publish([event(1)])).rejects.toThrow();
    expect(calls).toBe(2);
  });

  it('a key of the installation comes out the same', async () => {
    const mac = Buffer.alloc(32, 7);
    let calls = 0;
    const endpoint = await serve(1, () => {
      calls += 1;
      return { Mac: mac.toString('base64'), MacAlgorithm: 'HMAC_SHA_256', KeyId: 'k' };
    });
    const load = createKmsInstallationKeys({ keyId: 'k', client: new KMSClient(settings(endpoint)) });
    expect((await load(['content']))('content')).toEqual(new Uint8Array(mac));
    expect(calls).toBe(2);
  });
});
