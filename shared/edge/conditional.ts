import { DomainError } from '#shared/vocabulary/errors.ts';

/** ETag of a version: `"v17"`. */
export const etagOf = (version: number): string => `"v${version}"`;

/** The version named by If-Match; 428 without one, 412 for a weak tag (it never matches), 400 for anything else. */
export const expectedVersion = (ifMatch: string | undefined): number => {
  if (ifMatch === undefined || ifMatch.trim() === '') {
    throw new DomainError('precondition-required', 'if-match.required', 'Send If-Match with the ETag you last read.');
  }
  const tag = ifMatch.trim();
  const version = /^"v([1-9][0-9]{0,14})"$/.exec(tag)?.[1];
  if (version !== undefined) return Number(version);
  if (/^W\//.test(tag)) {
    throw new DomainError('precondition-failed', 'if-match.weak', 'If-Match takes a strong ETag, such as "v17".');
  }
  throw new DomainError('syntax', 'if-match.invalid', 'If-Match takes one ETag as it was read, such as "v17".');
};

/** Whether If-None-Match names this tag (weak comparison, as RFC 9110 says). */
export const matchesNone = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));
