import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoClient, openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { Unanswered } from '#shared/table/table.ts';
import { promptRetries } from '#tests/support/aws/prompt-retries.ts';

const names = { profile: 'profile', readings: 'readings', audit: 'audit', keys: 'keys' };

let server: Server;
const sockets: Socket[] = [];
beforeEach(async () => {
  server = createServer((socket) => {
    sockets.push(socket);
    // The client hangs up when its patience ends.
    socket.on('error', () => undefined);
    socket.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

const portOf = (address: ReturnType<Server['address']>): number => {
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
};

describe('a DynamoDB that takes requests and never answers', () => {
  it('is given up after the time that was set, and three tries, as one that nobody knows the effect of', async () => {
    const client = createDynamoClient({
      endpoint: `http://127.0.0.1:${portOf(server.address())}`,
      region: 'eu-west-2',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestTimeout: 50,
      retryStrategy: promptRetries(),
    });
    const tables = openDynamoTables({ names, client });
    const profile = tables.table('profile');
    const key = { pk: 'CUS#cus_1', sk: 'HEAD' };
    await expect(profile.get(key)).rejects.toBeInstanceOf(Unanswered);
    expect(sockets).toHaveLength(3);
    await expect(profile.commit([{ put: key, when: { kind: 'absent' } }])).rejects.toBeInstanceOf(Unanswered);
    expect(sockets).toHaveLength(6);
    tables.close();
  });
});
