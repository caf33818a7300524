import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** What a cursor belongs to: it opens for the same caller, operation, subject and filters only. */
export interface CursorScope {
  readonly caller: string;
  readonly operationId: string;
  readonly subjectId: string | undefined;
  readonly filters: Readonly<Record<string, unknown>>;
}

/** How long a cursor is good for. */
export const cursorLifeSeconds = 3600;

const Inside = z.strictObject({ p: z.string(), e: z.int() });

const refuse = (): DomainError =>
  new DomainError('syntax', 'cursor.invalid', 'The cursor is not valid here; start again without one.');

const [algorithm, ivBytes, tagBytes] = ['aes-256-gcm', 12, 16] as const;

const cipherKey = (key: Uint8Array): Uint8Array => new Uint8Array(hkdfSync('sha256', key, '', 'cursor', 32));

const scopeBytes = (scope: CursorScope): Buffer =>
  Buffer.from(canonicalJson([scope.caller, scope.operationId, scope.subjectId ?? null, scope.filters]));

/**
 * Wraps a position of the store for a caller. It is encrypted: a list may have ended at what its caller is not told of, and a
 * position holds ids and times. `now` in milliseconds.
 */
export const sealCursor = (key: Uint8Array, position: string, scope: CursorScope, now: number): string => {
  const inside = { p: position, e: Math.floor(now / 1000) + cursorLifeSeconds };
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, cipherKey(key), iv, { authTagLength: tagBytes }).setAAD(scopeBytes(scope));
  const sealed = [iv, cipher.update(JSON.stringify(inside), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
};

/** What is sealed in the bytes of a cursor; throws where they are others than were sealed for the scope. */
const unseal = (key: Uint8Array, bytes: Buffer, scope: CursorScope): string => {
  const decipher = createDecipheriv(algorithm, cipherKey(key), bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(scopeBytes(scope))
    .setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
};

/** The position inside a cursor; DomainError (400) where it is forged, foreign or too old. */
export const openCursor = (key: Uint8Array, cursor: string, scope: CursorScope, now: number): string => {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.byteLength <= ivBytes + tagBytes || bytes.toString('base64url') !== cursor) throw refuse();
  let inside: z.infer<typeof Inside>;
  try {
    inside = Inside.parse(JSON.parse(unseal(key, bytes, scope)));
  } catch {
    throw refuse();
  }
  if (inside.e * 1000 < now) throw refuse();
  return inside.p;
};
