import type { InstallationKeys, InstallationKeyUse } from '#shared/messaging/ports.ts';
import { type KmsKeyOptions, openKmsKey } from './kms.ts';

/**
 * Keys of an installation made by an HMAC key that never leaves KMS: the key of a use is the MAC of `rotunda <use>`. The answer
 * loads keys, each asked of KMS once in the life of the process; one that KMS did not give is asked for again.
 */
export const createKmsInstallationKeys = (
  options: KmsKeyOptions,
): ((uses: readonly InstallationKeyUse[]) => Promise<InstallationKeys>) => {
  const hmac = openKmsKey(options);
  const asked = new Map<InstallationKeyUse, Promise<Uint8Array>>();

  const keyOf = (use: InstallationKeyUse): Promise<Uint8Array> => {
    const known = asked.get(use);
    if (known !== undefined) return known;
    const made = hmac.mac(`rotunda ${use}`);
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
