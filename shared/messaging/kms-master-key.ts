import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import type { MasterKey } from './ports.ts';

/**
 * The master key in KMS. The context goes into the encryption context, so KMS refuses to unwrap a key for another owner, and
 * its log names the owner of every use. `client` is for tests.
 */
export const createKmsMasterKey = (config: {
  readonly keyId: string;
  readonly endpoint?: string;
  readonly client?: KMSClient;
}): MasterKey => {
  const client = config.client ?? new KMSClient(config.endpoint === undefined ? {} : { endpoint: config.endpoint });
  const of = (context: string) => ({ KeyId: config.keyId, EncryptionContext: { owner: context } });
  return {
    async wrap(dataKey, context) {
      const answer = await client.send(new EncryptCommand({ ...of(context), Plaintext: dataKey }));
      return present(answer.CiphertextBlob);
    },
    async unwrap(wrapped, context) {
      const answer = await client.send(new DecryptCommand({ ...of(context), CiphertextBlob: wrapped }));
      return present(answer.Plaintext);
    },
  };
};

const present = (bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new Error('KMS answered without a key');
  return bytes;
};
