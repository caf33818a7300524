import type { Opener } from '#shared/lambda/opener.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { createErasureRegister } from '#shared/messaging/erasure-register.ts';
import { createGivenUp } from '#shared/messaging/kept-given-up.ts';
import { readSettings } from '#shared/runtime/settings.ts';

/** The register lies in the bucket of the checkpoints. */
export const erasing: Opener<'erasing'> = () => {
  const { checkpointsBucket, failuresBucket } = readSettings(['checkpointsBucket', 'failuresBucket']);
  const register = createErasureRegister(createS3Objects({ bucket: checkpointsBucket }));
  const givenUp = createGivenUp(createS3Objects({ bucket: failuresBucket }));
  return () => ({ register, givenUp });
};
