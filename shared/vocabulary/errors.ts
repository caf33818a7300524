/** What went wrong, as the machine sees it; edge/problem.ts maps each kind to one HTTP status. */
export const failureKinds = [
  'syntax',
  'unauthenticated',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'conflict',
  'precondition-failed',
  'too-large',
  'unsupported-media-type',
  'invalid',
  'precondition-required',
  'too-many-requests',
  'unavailable',
  'internal',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** One complaint about a field: JSON pointer, code for the machine, message for the reader. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/**
 * A refusal that a caller may see: kind for the status, code for the caller (`payment.already_reversed`), details for the log,
 * `errors` for the fields at fault, `extra` for members of the problem document (e.g. the current version on 412).
 */
export class DomainError extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  /** The audit entry of the refused request stands already, in the commit of what was kept of it. */
  readonly audited: boolean;

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly errors?: readonly FieldError[];
      readonly extra?: Readonly<Record<string, unknown>>;
      readonly retryAfterSeconds?: number;
      readonly audited?: boolean;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.kind = kind;
    this.code = code;
    this.errors = options.errors ?? [];
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.audited = options.audited ?? false;
  }
}
