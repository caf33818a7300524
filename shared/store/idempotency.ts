import { createHash } from 'node:crypto';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { idempotencyKey } from './keys.ts';
import { ConditionFailed, type Item, type Key, LimitExceeded, type Table, type Write } from './table.ts';

/** A request that may be sent again: the caller's key and a hash of what was asked. */
export interface Idempotency {
  readonly key: string;
  readonly requestHash: string;
}

/** An answer as it is kept for a repeat. `body` is as the use case gave it, before the policy's fields. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly version?: number;
  readonly location?: string;
}

/** How long an answer is kept, and how large it may be. */
export const idempotencyLimits = { seconds: 24 * 3600, bodyBytes: 32 * 1024 } as const;

/** Whose key it is: two callers may use the same. */
export const callerOf = (actor: Actor): string => `${actor.kind}:${actor.id}`;

/** The key is hashed: whatever the caller sent, it cannot be read as another caller's. */
const recordKey = (caller: string, key: string): Key =>
  idempotencyKey(caller, createHash('sha256').update(key, 'utf8').digest('hex'));

/**
 * Thrown by a commit that lost to a twin in flight: its idempotency record was already there. The edge reads that record and
 * gives its answer.
 */
export class TwinWasFirst extends Error {
  constructor() {
    super('a request with the same idempotency key was first');
    this.name = 'TwinWasFirst';
  }
}

/** The record of an answer. `now` in milliseconds. */
const recordOf = (caller: string, idempotency: Idempotency, answer: KeptAnswer, now: number): Item => {
  const body = JSON.stringify(answer.body ?? null);
  if (Buffer.byteLength(body) > idempotencyLimits.bodyBytes) {
    throw new LimitExceeded(`an answer kept for a repeat may have ${idempotencyLimits.bodyBytes} bytes`);
  }
  return {
    ...recordKey(caller, idempotency.key),
    requestHash: idempotency.requestHash,
    status: answer.status,
    body,
    expiresAt: Math.floor(now / 1000) + idempotencyLimits.seconds,
    ...(answer.version === undefined ? {} : { answeredVersion: answer.version }),
    ...(answer.location === undefined ? {} : { location: answer.location }),
  };
};

/**
 * The record of an answer, to stand in the transaction of what it answers; its condition fails where a twin was first.
 * `now` in milliseconds.
 */
export const idempotencyWrite = (caller: string, idempotency: Idempotency, answer: KeptAnswer, now: number): Write => ({
  in: 'profile',
  put: recordOf(caller, idempotency, answer, now),
  when: { kind: 'absent' },
});

/** The record of a newer answer to the same request, in the place of the one that stood in its transaction. */
export const laterAnswer = (caller: string, idempotency: Idempotency, answer: KeptAnswer, now: number): Write => ({
  in: 'profile',
  put: recordOf(caller, idempotency, answer, now),
});

const removeExpired = async (profile: Table, key: Key, expiresAt: number): Promise<void> => {
  try {
    await profile.commit([{ remove: key, when: { kind: 'equals', attribute: 'expiresAt', is: expiresAt } }]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
};

/**
 * The answer kept under a key, or undefined where the request is new. DomainError (422) where the key was used for another
 * request. Ask only after the caller was authorised. `now` in milliseconds.
 */
export const replay = async (
  profile: Table,
  caller: string,
  idempotency: Idempotency,
  now: number,
): Promise<KeptAnswer | undefined> => {
  const key = recordKey(caller, idempotency.key);
  const record = await profile.get(key, { consistent: true });
  if (record === undefined) return undefined;
  const { requestHash, status, body, expiresAt, answeredVersion, location } = record;
  if (typeof expiresAt === 'number' && expiresAt * 1000 <= now) {
    await removeExpired(profile, key, expiresAt);
    return undefined;
  }
  if (requestHash !== idempotency.requestHash) {
    throw new DomainError('invalid', 'idempotency.mismatch', 'This Idempotency-Key was used for another request.');
  }
  if (typeof status !== 'number' || typeof body !== 'string') throw new TypeError('an idempotency record is damaged');
  return {
    status,
    body: JSON.parse(body),
    ...(typeof answeredVersion === 'number' ? { version: answeredVersion } : {}),
    ...(typeof location === 'string' ? { location } : {}),
  };
};
