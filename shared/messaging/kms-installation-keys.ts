import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import type { InstallationKeys, InstallationKeyUse } from './ports.ts';

export interface KmsInstallationKeysOptions {
  /** HMAC key of KMS (HMAC_256), by ARN. */
  readonly keyId: string;
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: KMSClient;
}

const keyBytes = 32;

/**
 * Keys of an installation made by an HMAC key that never leaves KMS: the key of a use is the MAC of `rotunda <use>`. The answer
 * loads keys, each asked of KMS once in the life of the process; one that KMS did not give is asked for again.
 */
export const createKmsInstallationKeys = (
  options: KmsInstallationKeysOptions,
): ((uses: readonly InstallationKeyUse[]) => Promise<InstallationKeys>) => {
  const { keyId, endpoint } = options;
  const client = options.client ?? new KMSClient(endpoint === undefined ? {} : { endpoint });
  const asked = new Map<InstallationKeyUse, Promise<Uint8Array>>();

  const make = async (use: InstallationKeyUse): Promise<Uint8Array> => {
    const { Mac } = await client.send(
      new GenerateMacCommand({
        KeyId: keyId,
        MacAlgorithm: 'HMAC_SHA_256',
        Message: Buffer.from(`rotunda ${use}`, 'utf8'),
      }),
    );
    if (Mac?.byteLength !== keyBytes) throw new Error('KMS answered without a key of 32 bytes');
    return Uint8Array.from(Mac);
  };

  const keyOf = (use: InstallationKeyUse): Promise<Uint8Array> => {
    const known = asked.get(use);
    if (known !== undefined) return known;
    const made = make(use);
    asked.set(use, made);
    made.catch(() => asked.delete(use));
    return made;
  };

  return async (uses) => {
    const keys = new Map(await Promise.all(uses.map(async (use) => [use, await keyOf(use)] as const)));
    return (use) => {
      const key = keys.get(use);
      if (key === undefined) throw new Error(`the key for ${use} was not loaded`);
      return Uint8Array.from(key);
    };
  };
};
