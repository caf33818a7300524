import { createHash } from 'node:crypto';
import * as z from 'zod';
import { idempotencyKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Key, LimitExceeded, type Table, type Write } from '#shared/table/table.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { Sealer } from './seal.ts';

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

/** Kinds of subjects whose key seals an answer, the first that it is about: what was told of a customer goes with their key. */
const owners = ['customer', 'account', 'premise'] as const;

/** Whose key seals an answer about some subjects; undefined where it is about no person and no place. */
export const ownerOfAnswer = (subjects: readonly string[]): string | undefined =>
  owners.flatMap((kind) => subjects.find((subject) => kindOf(subject) === kind) ?? [])[0];

/** What is kept of a request and its answer. */
const Content = z.object({ requestHash: z.string(), body: z.string() });

type Content = z.infer<typeof Content>;

const contentToKeep = ({ requestHash }: Idempotency, answer: KeptAnswer): Content => {
  const body = JSON.stringify(answer.body ?? null);
  if (Buffer.byteLength(body) <= idempotencyLimits.bodyBytes) return { requestHash, body };
  throw new LimitExceeded(`an answer kept for a repeat may have ${idempotencyLimits.bodyBytes} bytes`);
};

const recordOf = (
  key: Key,
  content: Content | { readonly owner: string; readonly sealed: Uint8Array },
  answer: KeptAnswer,
  now: number,
): Item => ({
  ...key,
  ...content,
  status: answer.status,
  expiresAt: Math.floor(now / 1000) + idempotencyLimits.seconds,
  ...(answer.version === undefined ? {} : { answeredVersion: answer.version }),
  ...(answer.location === undefined ? {} : { location: answer.location }),
});

/**
 * The record of an answer about nobody, such as what a meter is, to stand in the transaction of what it answers; its condition
 * fails where a twin was first. `now` in milliseconds.
 */
export const idempotencyWrite = (caller: string, idempotency: Idempotency, answer: KeptAnswer, now: number): Write => ({
  in: 'profile',
  put: recordOf(recordKey(caller, idempotency.key), contentToKeep(idempotency, answer), answer, now),
  when: { kind: 'absent' },
});

/** Seals answers under the key of whom they are about, where that is somebody. */
export interface AnswerSeal {
  readonly sealer: Sealer;
  readonly owner: string | undefined;
}

/**
 * The same of an answer that may be about somebody: what was answered is sealed, and the hash of what was asked, which is of their
 * words, too.
 */
export const sealedIdempotencyWrite = async (
  { sealer, owner }: AnswerSeal,
  caller: string,
  idempotency: Idempotency,
  answer: KeptAnswer,
  now: number,
): Promise<Extract<Write, { readonly put: Item }>> => {
  const key = recordKey(caller, idempotency.key);
  const content = contentToKeep(idempotency, answer);
  const kept = owner === undefined ? content : { owner, sealed: await sealer.seal(owner, key.pk, content) };
  return { in: 'profile', put: recordOf(key, kept, answer, now), when: { kind: 'absent' } };
};

/** An answer to be kept for a repeat, before it is sealed. */
export interface AnswerToKeep {
  readonly caller: string;
  readonly idempotency: Idempotency;
  readonly answer: KeptAnswer;
  /** Subjects it is about, and who asked where that is a customer: one of them owns the key that seals it. */
  readonly about: readonly string[];
  /** When the request came, in milliseconds. */
  readonly now: number;
}

/** The record of an answer, to stand in the transaction of what it answers; its condition fails where a twin was first. */
export const answerWrite = (
  sealer: Sealer,
  { caller, idempotency, answer, about, now }: AnswerToKeep,
): Promise<Write> => sealedIdempotencyWrite({ sealer, owner: ownerOfAnswer(about) }, caller, idempotency, answer, now);

/** The record of a newer answer to the same request, in the place of the one that stood in its transaction. */
export const laterAnswer = async (...of: Parameters<typeof sealedIdempotencyWrite>): Promise<Write> => {
  const { put } = await sealedIdempotencyWrite(...of);
  return { in: 'profile', put };
};

const erasedAnswer = (): DomainError =>
  new DomainError(
    'conflict',
    'idempotency.erased',
    'This request was done, and whom it was about was erased since: its answer is gone.',
  );

const contentOf = async (record: Item, sealer: Sealer | undefined): Promise<z.infer<typeof Content>> => {
  const { owner, sealed, pk } = record;
  if (typeof owner !== 'string' || !(sealed instanceof Uint8Array)) return Content.parse(record);
  if (sealer === undefined) throw new TypeError('this function has no key to open an answer with');
  const opened = await sealer.open(owner, pk, sealed);
  if (opened === 'erased') throw erasedAnswer();
  return Content.parse(opened.value);
};

const removeExpired = async (profile: Table, key: Key, expiresAt: number): Promise<void> => {
  try {
    await profile.commit([{ remove: key, when: { kind: 'equals', attribute: 'expiresAt', is: expiresAt } }]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
};

/**
 * The answer kept under a key, or undefined where the request is new. DomainError (422) where the key was used for another
 * request, (409, `idempotency.erased`) where whom the answer was about was erased. Ask only after the caller was authorised. `now`
 * in milliseconds.
 */
export const replay = async (
  profile: Table,
  caller: string,
  idempotency: Idempotency,
  now: number,
  sealer?: Sealer,
): Promise<KeptAnswer | undefined> => {
  const key = recordKey(caller, idempotency.key);
  const record = await profile.get(key, { consistent: true });
  if (record === undefined) return undefined;
  const { status, expiresAt, answeredVersion, location } = record;
  if (typeof expiresAt === 'number' && expiresAt * 1000 <= now) {
    await removeExpired(profile, key, expiresAt);
    return undefined;
  }
  const { requestHash, body } = await contentOf(record, sealer);
  if (requestHash !== idempotency.requestHash) {
    throw new DomainError('invalid', 'idempotency.mismatch', 'This Idempotency-Key was used for another request.');
  }
  if (typeof status !== 'number') throw new TypeError('an idempotency record is damaged');
  return {
    status,
    body: JSON.parse(body),
    ...(typeof answeredVersion === 'number' ? { version: answeredVersion } : {}),
    ...(typeof location === 'string' ? { location } : {}),
  };
};
