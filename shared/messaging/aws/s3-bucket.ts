import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { PresignedRequest } from './presigned-put.ts';

export interface S3BucketOptions {
  readonly bucket: string;
  /** Another address than AWS's; buckets then stand in the path. */
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: S3Client;
}

/** What stands under a name now. */
export interface HeldObject {
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Locked until then. */
  readonly retainUntil: Date | undefined;
}

export interface NewObject {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Locks the version in compliance mode until then; a date that is over is refused by S3. */
  readonly retainUntil?: Date;
  /** What must stand under the name: nothing, or the object with this ETag; absent, whatever stands there. */
  readonly over?: 'nothing' | { readonly etag: string };
}

/** One bucket. Errors of S3 other than "absent" and "overtaken" are thrown as they come. */
export interface S3Bucket {
  head(name: string): Promise<HeldObject | undefined>;
  get(name: string): Promise<Uint8Array | undefined>;
  /** False where something else stands under the name than `over` says, or is just being written. */
  put(object: NewObject): Promise<boolean>;
  remove(name: string): Promise<void>;
  /** Takes every version of an object out, and the marks of those that were removed. False where a lock keeps one. */
  removeVersions(name: string): Promise<boolean>;
  /** The bytes of an object in pieces. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** What a request to an object is signed with: its address, where that is, and who signs. */
  place(name: string): Promise<Pick<PresignedRequest, 'address' | 'region' | 'credentials'>>;
  /** Names that begin with a prefix, in the order of their bytes, behind `after`. */
  names(prefix: string, after?: string): AsyncGenerator<string>;
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

const conditionOf = (over: NewObject['over']): Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'> => {
  if (over === undefined) return {};
  return over === 'nothing' ? { IfNoneMatch: '*' } : { IfMatch: over.etag };
};

const BuiltRequest = z.object({
  protocol: z.string(),
  hostname: z.string(),
  port: z.number().optional(),
  path: z.string(),
});

/** Where the client would send a command, whose request is built for it and not sent. */
const addressOf = async (client: S3Client, command: PutObjectCommand): Promise<URL> => {
  let address: URL | undefined;
  command.middlewareStack.add(
    () => async (args) => {
      const { protocol, hostname, port, path } = BuiltRequest.parse(args.request);
      address = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: 'build', priority: 'high' },
  );
  await client.send(command);
  if (address === undefined) throw new Error('the client of S3 told no address');
  return address;
};

/** Opens a bucket; the only importer of S3's client. */
export const openS3Bucket = ({ bucket, endpoint, client: given }: S3BucketOptions): S3Bucket => {
  const client = given ?? new S3Client(endpoint === undefined ? {} : { endpoint, forcePathStyle: true });

  const orAbsent = async <Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await call();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  return {
    head: (name) =>
      orAbsent(async () => {
        const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: name }));
        if (answer.ETag === undefined) throw new Error(`S3 told no ETag of ${name}`);
        return { etag: answer.ETag, metadata: answer.Metadata ?? {}, retainUntil: answer.ObjectLockRetainUntilDate };
      }),
    get: (name) =>
      orAbsent(async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
        if (Body === undefined) throw new Error(`S3 answered without the bytes of ${name}`);
        return Body.transformToByteArray();
      }),
    put: async ({ name, bytes, metadata, retainUntil, over }) => {
      const lock =
        retainUntil === undefined
          ? {}
          : { ObjectLockMode: 'COMPLIANCE' as const, ObjectLockRetainUntilDate: retainUntil };
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: name,
            Body: bytes,
            ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
            ...lock,
            ...conditionOf(over),
          }),
        );
        return true;
      } catch (error) {
        if (over !== undefined && isOvertaken(error)) return false;
        throw error;
      }
    },
    async *read(name) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
      if (Body === undefined) throw new Error(`S3 answered without the bytes of ${name}`);
      for await (const piece of Body.transformToWebStream()) yield piece;
    },
    place: async (name) => {
      const [region, credentials, address] = await Promise.all([
        client.config.region(),
        client.config.credentials(),
        addressOf(client, new PutObjectCommand({ Bucket: bucket, Key: name })),
      ]);
      return { address, region, credentials };
    },
    remove: async (name) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: name }));
    },
    removeVersions: async (name) => {
      let from: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } | undefined =
        {};
      while (from !== undefined) {
        const page: ListObjectVersionsCommandOutput = await client.send(
          new ListObjectVersionsCommand({ Bucket: bucket, Prefix: name, ...from }),
        );
        for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
          if (Key !== name || VersionId === undefined) continue;
          try {
            await client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
          } catch (error) {
            // An object lock answers so; a role without the right, too, and the caller looks which.
            if (statusOf(error) === 403) return false;
            throw error;
          }
        }
        from =
          page.IsTruncated === true
            ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
            : undefined;
      }
      return true;
    },
    async *names(prefix, after) {
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token === undefined ? {} : { ContinuationToken: token }),
            ...(token !== undefined || after === undefined ? {} : { StartAfter: after }),
          }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
  };
};
