import { randomUUID } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '#shared/runtime/clock.ts';
import { checkObjectName, objectRetained, objectTaken } from './object-names.ts';
import type { Objects } from './ports.ts';

export interface S3ObjectsOptions {
  readonly bucket: string;
  /** Another address than AWS's; buckets then stand in the path. */
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: S3Client;
  /** Tells whether a retention is over before S3 is asked; S3 goes by its own. */
  readonly clock?: Clock;
}

/** Metadata that tells one put from another: a put whose answer was lost finds itself in the bucket when it is sent again. */
const putMark = 'rotunda-put';

/** Writers that overtake each other may make a put start again so often. */
const mostTries = 5;

interface Held {
  readonly etag: string;
  readonly mark: string | undefined;
  readonly retainUntil: Date | undefined;
}

const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
};
/** A bucket that is absent is another failure; the answer to HEAD has no body and tells no difference. */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');
/** 412: the object is not as the condition says; 409: another write of the same name is under way; absent: it was removed. */
const isOvertaken = (error: unknown): boolean => statusOf(error) === 412 || statusOf(error) === 409 || isAbsent(error);

/**
 * Objects in a bucket with versions and object lock. `retainUntil` locks the version in compliance mode: nobody can delete it or
 * shorten its time, and this body does not put another version over it before. Errors of S3 other than "absent" and "taken" are
 * thrown as they come. Without the right to list the bucket S3 answers 403 for an object that is absent, so readers need it.
 */
export const createS3Objects = (options: S3ObjectsOptions): Objects => {
  const { bucket, endpoint, clock = systemClock } = options;
  const client = options.client ?? new S3Client(endpoint === undefined ? {} : { endpoint, forcePathStyle: true });

  const head = async (name: string): Promise<Held | undefined> => {
    try {
      const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: name }));
      if (answer.ETag === undefined) throw new Error(`S3 told no ETag of ${name}`);
      return { etag: answer.ETag, mark: answer.Metadata?.[putMark], retainUntil: answer.ObjectLockRetainUntilDate };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  /** Puts under a condition; false where another writer was first. */
  const putWhere = async (
    object: PutObjectCommandInput,
    condition: Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>,
  ): Promise<boolean> => {
    try {
      await client.send(new PutObjectCommand({ ...object, ...condition }));
      return true;
    } catch (error) {
      if (isOvertaken(error)) return false;
      throw error;
    }
  };

  const put: Objects['put'] = async (name, bytes, { ifAbsent = false, retainUntil } = {}) => {
    checkObjectName(name);
    const mark = randomUUID();
    // S3 refuses a date that is over.
    const locked = retainUntil !== undefined && Date.parse(retainUntil) > clock.now();
    const object: PutObjectCommandInput = {
      Bucket: bucket,
      Key: name,
      Body: Uint8Array.from(bytes),
      Metadata: { [putMark]: mark },
      ...(locked ? { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(retainUntil) } : {}),
    };
    // A first put needs no look; what stands there is looked at only where the name is taken.
    if (ifAbsent && (await putWhere(object, { IfNoneMatch: '*' }))) return;
    for (let tried = 0; tried < mostTries; tried += 1) {
      const held = await head(name);
      if (held?.mark === mark) return;
      if (held !== undefined && ifAbsent) throw objectTaken(name);
      if (held?.retainUntil !== undefined && held.retainUntil.getTime() > clock.now())
        throw objectRetained(name, held.retainUntil.toISOString());
      if (await putWhere(object, held === undefined ? { IfNoneMatch: '*' } : { IfMatch: held.etag })) return;
    }
    throw new Error(`the object ${name} is being written by others all the time`);
  };

  return {
    put,
    async get(name) {
      checkObjectName(name);
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
        if (Body === undefined) throw new Error(`S3 answered without the bytes of ${name}`);
        return await Body.transformToByteArray();
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    async list(prefix) {
      const names: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) names.push(Key);
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
      return names.sort();
    },
  };
};
