import { randomUUID } from 'node:crypto';
import { checkObjectName, objectRetained, objectTaken } from '#shared/messaging/object-names.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { type Clock, systemClock } from '#shared/runtime/clock.ts';
import { openS3Bucket, type S3BucketOptions } from './s3-bucket.ts';

export interface S3ObjectsOptions extends S3BucketOptions {
  /** Tells whether a retention is over before S3 is asked; S3 goes by its own. */
  readonly clock?: Clock;
}

/** Metadata that tells one put from another: a put whose answer was lost finds itself in the bucket when it is sent again. */
const putMark = 'rotunda-put';

/** Writers that overtake each other may make a put start again so often. */
const mostTries = 5;

/**
 * Objects in a bucket with versions and object lock. `retainUntil` locks the version in compliance mode: nobody can delete it or
 * shorten its time, and this body does not put another version over it before. Without the right to list the bucket S3 answers
 * 403 for an object that is absent, so readers need it.
 */
export const createS3Objects = (options: S3ObjectsOptions): Objects => {
  const { clock = systemClock } = options;
  const bucket = openS3Bucket(options);

  const put: Objects['put'] = async (name, bytes, { ifAbsent = false, retainUntil } = {}) => {
    checkObjectName(name);
    const mark = randomUUID();
    const object = {
      name,
      bytes: Uint8Array.from(bytes),
      metadata: { [putMark]: mark },
      ...(retainUntil !== undefined && Date.parse(retainUntil) > clock.now()
        ? { retainUntil: new Date(retainUntil) }
        : {}),
    };
    // A first put needs no look; what stands there is looked at only where the name is taken.
    if (ifAbsent && (await bucket.put({ ...object, over: 'nothing' }))) return;
    for (let tried = 0; tried < mostTries; tried += 1) {
      const held = await bucket.head(name);
      if (held?.metadata[putMark] === mark) return;
      if (held !== undefined && ifAbsent) throw objectTaken(name);
      if (held?.retainUntil !== undefined && held.retainUntil.getTime() > clock.now())
        throw objectRetained(name, held.retainUntil.toISOString());
      if (await bucket.put({ ...object, over: held ?? 'nothing' })) return;
    }
    throw new Error(`the object ${name} is being written by others all the time`);
  };

  return {
    put,
    async get(name) {
      checkObjectName(name);
      return bucket.get(name);
    },
    async remove(name) {
      checkObjectName(name);
      const until = (await bucket.head(name))?.retainUntil;
      if (until !== undefined && until.getTime() > clock.now()) throw objectRetained(name, until.toISOString());
      if (!(await bucket.removeVersions(name))) throw new Error(`S3 does not let a version of ${name} be removed`);
    },
    async list(prefix) {
      const names: string[] = [];
      for await (const name of bucket.names(prefix)) names.push(name);
      return names.sort();
    },
  };
};
