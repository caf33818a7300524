import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKmsMasterKey } from '#shared/messaging/aws/kms-master-key.ts';
import { openLocalMasterKey } from '#shared/messaging/local/local-master-key.ts';

const dataKey = new Uint8Array(randomBytes(32));

describe('the master key of a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rotunda-master-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is made once, read by its owner alone, and unwraps after a restart what it wrapped before', async () => {
    const wrapped = await (await openLocalMasterKey(folder)).wrap(dataKey, 'cus_a');
    expect(await readdir(folder)).toEqual(['master.key']);
    expect((await stat(join(folder, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await (await openLocalMasterKey(folder)).unwrap(wrapped, 'cus_a')).toEqual(dataKey);
    expect(Buffer.from(wrapped).includes(Buffer.from(dataKey))).toBe(false);
  });

  test('started twice at once, both use one key', async () => {
    const [first, second] = await Promise.all([openLocalMasterKey(folder), openLocalMasterKey(folder)]);
    expect(await second.unwrap(await first.wrap(dataKey, 'x'), 'x')).toEqual(dataKey);
  });

  test('refuses a wrapped key of another context, an altered one and one that is too short', async () => {
    const master = await openLocalMasterKey(folder);
    const wrapped = await master.wrap(dataKey, 'cus_a');
    await expect(master.unwrap(wrapped, 'cus_b')).rejects.toThrow();
    const altered = Uint8Array.from(wrapped);
    altered[20] = (altered[20] ?? 0) ^ 1;
    await expect(master.unwrap(altered, 'cus_a')).rejects.toThrow();
    await expect(master.unwrap(wrapped.subarray(0, 10), 'cus_a')).rejects.toThrow('too short');
  });

  test('refuses a key file that others may read, and one of another size', async () => {
    await openLocalMasterKey(folder);
    const path = join(folder, 'master.key');
    await chmod(path, 0o640);
    await expect(openLocalMasterKey(folder)).rejects.toThrow('chmod 600');
    await chmod(path, 0o600);
    await writeFile(path, (await readFile(path)).subarray(0, 16));
    await expect(openLocalMasterKey(folder)).rejects.toThrow('no master key');
  });
});

describe('the master key in KMS', () => {
  const kms = mockClient(KMSClient);
  beforeEach(() => kms.reset());

  test('is asked with the owner as encryption context, both ways', async () => {
    const blob = new Uint8Array([1, 2, 3]);
    kms.on(EncryptCommand).resolves({ CiphertextBlob: blob });
    kms.on(DecryptCommand).resolves({ Plaintext: dataKey });
    const master = createKmsMasterKey({ keyId: 'alias/rotunda', client: new KMSClient({ region: 'eu-west-2' }) });
    expect(await master.wrap(dataKey, 'cus_a')).toEqual(blob);
    expect(await master.unwrap(blob, 'cus_a')).toEqual(dataKey);
    const asked = { KeyId: 'alias/rotunda', EncryptionContext: { owner: 'cus_a' } };
    expect(kms.commandCalls(EncryptCommand)[0]?.args[0].input).toEqual({ ...asked, Plaintext: dataKey });
    expect(kms.commandCalls(DecryptCommand)[0]?.args[0].input).toEqual({ ...asked, CiphertextBlob: blob });
  });

  test('a refusal of KMS is passed on, and so is an answer without a key', async () => {
    const master = createKmsMasterKey({ keyId: 'k', client: new KMSClient({ region: 'eu-west-2' }) });
    kms.on(DecryptCommand).rejects(new Error('AccessDenied'));
    kms.on(EncryptCommand).resolves({});
    await expect(master.unwrap(new Uint8Array([1]), 'a')).rejects.toThrow('AccessDenied');
    await expect(master.wrap(dataKey, 'a')).rejects.toThrow('without a key');
  });
});
