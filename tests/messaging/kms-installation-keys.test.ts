import { createHmac } from 'node:crypto';
import { GenerateMacCommand, type GenerateMacCommandInput, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKmsInstallationKeys } from '#shared/messaging/aws/kms-installation-keys.ts';

const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b';
const kms = mockClient(KMSClient);
/** A key that stays in KMS. */
const inside = Buffer.alloc(32, 7);
const macOf = (message: string): Uint8Array =>
  new Uint8Array(createHmac('sha256', inside).update(message, 'utf8').digest());

beforeEach(() => {
  kms.reset();
  kms.on(GenerateMacCommand).callsFake((input: GenerateMacCommandInput) => ({
    Mac: macOf(Buffer.from(input.Message ?? []).toString('utf8')),
  }));
});

describe('keys of an installation in KMS', () => {
  it('are made of the key in KMS and their use, each of 32 bytes and unlike the other', async () => {
    const keys = await createKmsInstallationKeys({ keyId })(['content', 'cursor']);
    expect(keys('content')).toEqual(macOf('rotunda content'));
    expect(keys('cursor')).toEqual(macOf('rotunda cursor'));
    expect(kms.commandCalls(GenerateMacCommand).map(({ args }) => args[0].input)).toMatchObject([
      { KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256' },
      { KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256' },
    ]);
  });

  it('are asked of KMS once in a process, also by many at once', async () => {
    const load = createKmsInstallationKeys({ keyId });
    await Promise.all([load(['content']), load(['content']), load(['content'])]);
    expect((await load(['content']))('content')).toEqual(macOf('rotunda content'));
    expect(kms.commandCalls(GenerateMacCommand)).toHaveLength(1);
  });

  it('are asked for again after KMS failed, and never replaced by anything else', async () => {
    const load = createKmsInstallationKeys({ keyId });
    kms
      .on(GenerateMacCommand)
      .rejectsOnce('KMSInternalException')
      .resolvesOnce({ Mac: new Uint8Array(16) })
      .resolvesOnce({})
      .resolves({ Mac: macOf('rotunda cursor') });
    await expect(load(['cursor'])).rejects.toThrow('KMSInternalException');
    for (let times = 0; times < 2; times += 1)
      await expect(load(['cursor'])).rejects.toThrow('without a key of 32 bytes');
    expect((await load(['cursor']))('cursor')).toEqual(macOf('rotunda cursor'));
  });

  it('cannot be changed by who uses them, and one that was not loaded is no key', async () => {
    const keys = await createKmsInstallationKeys({ keyId })(['content']);
    keys('content').fill(0);
    expect(keys('content')).toEqual(macOf('rotunda content'));
    expect(() => keys('cursor')).toThrow('was not loaded');
  });
});
