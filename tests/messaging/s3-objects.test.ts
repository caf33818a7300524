import { afterAll, describe, expect, test } from 'vitest';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { S3Server } from '#tests/support/aws/s3-server.ts';
import { objectsContract } from './objects.contract.ts';

const servers: S3Server[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop())));
const opened = async (clock: StoryClock) => {
  const server = await S3Server.start(clock);
  servers.push(server);
  return { server, objects: createS3Objects({ bucket: server.bucket, client: server.client(), clock }) };
};
const bytes = (...values: number[]) => new Uint8Array(values);
const clock = () => new StoryClock('2026-03-01T00:00:00.000Z');
const later = '2026-04-01T00:00:00.000Z';

objectsContract('in S3', async (at) => (await opened(at)).objects);

describe('objects in S3', () => {
  test('are locked in compliance mode to the date they are retained until', async () => {
    const { server, objects } = await opened(clock());
    await objects.put('audit/1', bytes(1), { ifAbsent: true, retainUntil: later });
    await objects.put('plain', bytes(1));
    expect(server.versions.get('audit/1')?.map(({ lock }) => lock)).toEqual([
      { mode: 'COMPLIANCE', until: '2026-04-01T00:00:00Z' },
    ]);
    expect(server.versions.get('plain')?.map(({ lock }) => lock)).toEqual([undefined]);
  });

  test('are put with one request where none may be there', async () => {
    const { server, objects } = await opened(clock());
    await objects.put('audit/1', bytes(1), { ifAbsent: true });
    expect(server.requests).toEqual(['PUT']);
  });

  test('are put once and taken as put where the answer of the first try was lost', async () => {
    const { server, objects } = await opened(clock());
    for (const options of [{ ifAbsent: true }, {}]) {
      server.fail('PUT', 'answer-lost');
      const name = `audit/${server.versions.size}`;
      await objects.put(name, bytes(7), options);
      expect(server.versions.get(name)).toHaveLength(1);
    }
  });

  test('do not take the same bytes of another writer for their own', async () => {
    const { objects } = await opened(clock());
    await objects.put('audit/1', bytes(7), { ifAbsent: true });
    await expect(objects.put('audit/1', bytes(7), { ifAbsent: true })).rejects.toMatchObject({ code: 'object.taken' });
  });

  test('are put again where S3 is busy or another write is under way', async () => {
    const { server, objects } = await opened(clock());
    for (const fault of ['slow-down', 'conflict'] as const) {
      server.fail('PUT', fault);
      await objects.put(`audit/${fault}`, bytes(1), { ifAbsent: true });
      expect(server.versions.get(`audit/${fault}`)).toHaveLength(1);
    }
  });

  test('are not overwritten where somebody locked them between the look and the write', async () => {
    const { server, objects } = await opened(clock());
    await objects.put('chain', bytes(1));
    const [, second] = await Promise.allSettled([
      objects.put('chain', bytes(2), { retainUntil: later }),
      objects.put('chain', bytes(3)),
    ]);
    const held = server.versions.get('chain') ?? [];
    const locked = held.findIndex(({ lock }) => lock !== undefined);
    expect(locked).toBe(held.length - 1);
    if (second?.status === 'rejected') expect(second.reason).toMatchObject({ code: 'object.retained' });
  });

  test('fail with the error of S3 where the bucket is not there, for reading as for writing', async () => {
    const { server } = await opened(clock());
    const objects = createS3Objects({ bucket: 'elsewhere', client: server.client() });
    await expect(objects.get('audit/1')).rejects.toThrow('NoSuchBucket');
    await expect(objects.put('audit/1', bytes(1), { ifAbsent: true })).rejects.toThrow('NoSuchBucket');
    await expect(objects.list('')).rejects.toThrow('NoSuchBucket');
  });

  test('give up, and say so, where S3 stays busy', async () => {
    const { server, objects } = await opened(clock());
    for (let times = 0; times < 3; times += 1) server.fail('GET', 'slow-down');
    await expect(objects.get('audit/1')).rejects.toThrow('SlowDown');
  });
});
