import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
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

const scopeText = (scope: CursorScope): string =>
  createHash('sha256')
    .update(canonicalJson([scope.caller, scope.operationId, scope.subjectId ?? null, scope.filters]))
    .digest('base64url');

const sign = (key: Uint8Array, payload: string, scope: CursorScope): Buffer =>
  createHmac('sha256', key)
    .update(`${payload}.${scopeText(scope)}`)
    .digest();

/** Wraps a position of the store for a caller. `now` in milliseconds. */
export const sealCursor = (key: Uint8Array, position: string, scope: CursorScope, now: number): string => {
  const inside = { p: position, e: Math.floor(now / 1000) + cursorLifeSeconds };
  const payload = Buffer.from(JSON.stringify(inside)).toString('base64url');
  return `${payload}.${sign(key, payload, scope).toString('base64url')}`;
};

/** The position inside a cursor; DomainError (400) where it is forged, foreign or too old. */
export const openCursor = (key: Uint8Array, cursor: string, scope: CursorScope, now: number): string => {
  const [payload, signature, ...rest] = cursor.split('.');
  if (payload === undefined || signature === undefined || rest.length > 0) throw refuse();
  const expected = sign(key, payload, scope);
  const given = Buffer.from(signature, 'base64url');
  if (given.toString('base64url') !== signature) throw refuse();
  if (given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) throw refuse();
  const inside = Inside.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  if (!inside.success || inside.data.e * 1000 < now) throw refuse();
  return inside.data.p;
};
