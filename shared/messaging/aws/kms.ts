import { DecryptCommand, EncryptCommand, GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';

export interface KmsKeyOptions {
  /** ARN, or alias, of the key. */
  readonly keyId: string;
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: KMSClient;
}

/** One key of KMS; it never leaves KMS. Which acts it is good for, its kind decides. */
export interface KmsKey {
  /** The owner goes into the encryption context: KMS refuses to decrypt for another, and its log names the owner of every use. */
  encrypt(plain: Uint8Array, owner: string): Promise<Uint8Array>;
  decrypt(encrypted: Uint8Array, owner: string): Promise<Uint8Array>;
  /** HMAC-SHA-256 of a text, 32 bytes. */
  mac(text: string): Promise<Uint8Array>;
}

const macBytes = 32;

const present = (bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new Error('KMS answered without a key');
  return bytes;
};

/** Opens a key; the only importer of KMS's client. */
export const openKmsKey = ({ keyId, endpoint, client: given }: KmsKeyOptions): KmsKey => {
  const client = given ?? new KMSClient(endpoint === undefined ? {} : { endpoint });
  const of = (owner: string) => ({ KeyId: keyId, EncryptionContext: { owner } });
  return {
    async encrypt(plain, owner) {
      const answer = await client.send(new EncryptCommand({ ...of(owner), Plaintext: plain }));
      return present(answer.CiphertextBlob);
    },
    async decrypt(encrypted, owner) {
      const answer = await client.send(new DecryptCommand({ ...of(owner), CiphertextBlob: encrypted }));
      return present(answer.Plaintext);
    },
    async mac(text) {
      const { Mac } = await client.send(
        new GenerateMacCommand({ KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from(text, 'utf8') }),
      );
      if (Mac?.byteLength !== macBytes) throw new Error('KMS answered without a key of 32 bytes');
      return Uint8Array.from(Mac);
    },
  };
};
