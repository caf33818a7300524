import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createLocalObjects } from '#shared/messaging/local-objects.ts';
import { createMemoryObjects } from '#shared/messaging/memory-objects.ts';
import { createS3Objects } from '#shared/messaging/s3-objects.ts';
import { S3Server } from '#tests/support/s3-server.ts';
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
