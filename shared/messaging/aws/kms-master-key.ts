import type { MasterKey } from '#shared/messaging/ports.ts';
import { type KmsKeyOptions, openKmsKey } from './kms.ts';

/** The master key in KMS: data keys are wrapped under the context of their owner, and unwrapped under no other. */
export const createKmsMasterKey = (options: KmsKeyOptions): MasterKey => {
  const key = openKmsKey(options);
  return {
    wrap: (dataKey, context) => key.encrypt(dataKey, context),
    unwrap: (wrapped, context) => key.decrypt(wrapped, context),
  };
};
