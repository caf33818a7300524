import type { Opener } from '#shared/lambda/opener.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { createS3Uploads } from '#shared/messaging/aws/s3-uploads.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const importFiles: Opener<'importFiles'> = () => {
  const bucket = { bucket: readSettings(['importsBucket']).importsBucket };
  const files = { objects: createS3Objects(bucket), uploads: createS3Uploads(bucket) };
  return () => files;
};
