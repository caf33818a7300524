import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { createLocalObjects } from '#shared/messaging/local/local-objects.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { S3Server } from '#tests/support/aws/s3-server.ts';
import { erasureRegisterContract } from './erasure-register.contract.ts';

const folders: string[] = [];
const servers: S3Server[] = [];
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  await Promise.all(servers.map((server) => server.stop()));
});

erasureRegisterContract('in memory', async (clock) => createMemoryObjects(clock));
erasureRegisterContract('in a folder', async (clock) => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-erased-'));
  folders.push(folder);
  return createLocalObjects(folder, clock);
});
erasureRegisterContract('in S3', async (clock) => {
  const server = await S3Server.start(clock);
  servers.push(server);
  return createS3Objects({ bucket: server.bucket, client: server.client(), clock });
});
