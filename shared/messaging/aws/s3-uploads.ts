import { checkObjectName } from '#shared/messaging/object-names.ts';
import type { Uploads } from '#shared/messaging/ports.ts';
import { type Clock, systemClock } from '#shared/runtime/clock.ts';
import { presigned } from './presigned-put.ts';
import { openS3Bucket, type S3BucketOptions } from './s3-bucket.ts';

/** Seconds an address may be used. */
const addressSeconds = 3600;

/** Files that callers put into a bucket themselves; S3 refuses another size (a signed header) and another content (its checksum). */
export const createS3Uploads = (options: S3BucketOptions & { readonly clock?: Clock }): Uploads => {
  const { clock = systemClock } = options;
  const bucket = openS3Bucket(options);
  return {
    async address(name, { bytes, sha256 }) {
      checkObjectName(name);
      const headers = {
        'content-length': String(bytes),
        'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
      };
      const now = clock.now();
      const place = await bucket.place(name);
      const url = presigned({ ...place, method: 'PUT', headers, seconds: addressSeconds, now });
      return { url: url.href, headers, expiresAt: new Date(now + addressSeconds * 1000).toISOString() };
    },
    has: async (name) => (await bucket.head(name)) !== undefined,
    read: (name) => bucket.read(name),
    remove: async (name) => {
      checkObjectName(name);
      if (!(await bucket.removeVersions(name))) throw new Error(`S3 does not let a version of ${name} be removed`);
    },
  };
};
