import type { Opener } from '#shared/lambda/opener.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const checkpoints: Opener<'checkpoints'> = () => {
  const objects = createS3Objects({ bucket: readSettings(['checkpointsBucket']).checkpointsBucket });
  return () => ({ checkpoints: objects });
};
