import { DomainError, type FailureKind, type FieldError } from '#shared/vocabulary/errors.ts';

/** The one table of kinds and statuses. */
export const statusOfKind: Readonly<Record<FailureKind, number>> = {
  syntax: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'precondition-required': 428,
  'too-many-requests': 429,
  internal: 500,
  unavailable: 503,
};

const titleOfKind: Readonly<Record<FailureKind, string>> = {
  syntax: 'The request cannot be read',
  unauthenticated: 'Sign-in needed',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  'method-not-allowed': 'Method not allowed',
  conflict: 'Conflict',
  'precondition-failed': 'Changed since it was read',
  'too-large': 'Too large',
  'unsupported-media-type': 'Media type not supported',
  invalid: 'The request does not make sense',
  'precondition-required': 'A precondition is needed',
  'too-many-requests': 'Too many requests',
  internal: 'Something went wrong here',
  unavailable: 'Busy, try again',
};

/** A problem document (RFC 9457) and its status. */
export interface ProblemAnswer {
  readonly status: number;
  readonly body: {
    readonly type: string;
    readonly title: string;
    readonly status: number;
    readonly detail: string;
    readonly instance?: string;
    readonly code: string;
    readonly requestId: string;
    readonly errors?: readonly FieldError[];
    readonly [member: string]: unknown;
  };
  readonly retryAfterSeconds: number | undefined;
}

/** Page that explains a code. */
export const problemType = (code: string): string => `/docs/problems/${code}`;

/** Failures of a table that pass: the caller may try again, under the same idempotency key or fact id. */
const busy: ReadonlySet<string> = new Set(['Throttled', 'TransactionConflict', 'Unanswered']);

/** What may be told of any failure: a refusal as it stands; anything else only that it happened. */
export const refusalOf = (error: unknown): DomainError => {
  if (error instanceof DomainError) return error;
  return error instanceof Error && busy.has(error.name)
    ? new DomainError('unavailable', 'service.busy', 'The system is busy; try again shortly.', {
        cause: error,
        retryAfterSeconds: 1,
      })
    : new DomainError('internal', 'internal', 'The request failed here; its id helps to find out why.', {
        cause: error,
      });
};

/** The problem document of a refusal. */
export const problemOf = (
  refusal: DomainError,
  about: { readonly requestId: string; readonly instance?: string },
): ProblemAnswer => {
  const status = statusOfKind[refusal.kind];
  return {
    status,
    retryAfterSeconds: refusal.retryAfterSeconds ?? (status === 503 ? 1 : undefined),
    body: {
      ...refusal.extra,
      type: problemType(refusal.code),
      title: titleOfKind[refusal.kind],
      status,
      detail: refusal.message,
      ...(about.instance === undefined ? {} : { instance: about.instance }),
      code: refusal.code,
      requestId: about.requestId,
      ...(refusal.errors.length === 0 ? {} : { errors: refusal.errors }),
    },
  };
};
