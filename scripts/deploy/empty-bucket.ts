import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { causeName } from '#shared/runtime/cause-name.ts';

interface Version {
  readonly Key: string;
  readonly VersionId: string;
}

/** Ids of a version that cannot be without. */
const named = ({
  Key,
  VersionId,
}: {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}): readonly Version[] => (Key === undefined || VersionId === undefined ? [] : [{ Key, VersionId }]);

/** Until when a version is locked; undefined where it has no lock. */
const lockedUntil = async (s3: S3Client, Bucket: string, { Key, VersionId }: Version): Promise<Date | undefined> => {
  try {
    const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key, VersionId }));
    return Retention?.RetainUntilDate;
  } catch (error) {
    if (['NoSuchObjectLockConfiguration', 'InvalidRequest', 'NoSuchKey', 'MethodNotAllowed'].includes(causeName(error)))
      return undefined;
    throw error;
  }
};

/**
 * Deletes every version of a bucket and then the bucket. Locked versions stay, and with them the bucket: the answer says how many
 * there are and until when the last one is locked. A lock is never lifted here, not even one that could be.
 */
export const emptyAndDelete = async (
  s3: S3Client,
  Bucket: string,
): Promise<{ readonly outcome: 'deleted' | 'not yet'; readonly note?: string }> => {
  let locked = 0;
  let last = new Date(0);
  let from: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } | undefined = {};
  while (from !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.send(new ListObjectVersionsCommand({ Bucket, ...from }));
    from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
    const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].flatMap(named);
    if (versions.length === 0) continue;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...versions], Quiet: true } }),
    );
    for (const refused of Errors.flatMap(named)) {
      const until = await lockedUntil(s3, Bucket, refused);
      if (until === undefined) throw new Error(`${Bucket}/${refused.Key} was not deleted, and no lock holds it`);
      locked += 1;
      if (until > last) last = until;
    }
  }
  if (locked > 0) {
    return {
      outcome: 'not yet',
      note: `${locked} objects are locked, the last until ${last.toISOString()}; after that empty and delete the bucket ${Bucket}`,
    };
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
  return { outcome: 'deleted' };
};
