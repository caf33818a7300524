import { ConditionFailed, LimitExceeded, Throttled, TransactionConflict, Unanswered } from '#shared/table/table.ts';

const throttling: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'RequestLimitExceeded',
]);
/** A transaction or another region's write holds an item: tried again, it may pass. */
const conflicts: ReadonlySet<string> = new Set([
  'TransactionInProgressException',
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
]);
/** Failures of the service, the line, the clock or the credentials of this process: none says whether a write took effect. */
const unanswered: ReadonlySet<string> = new Set([
  'InternalServerError',
  'InternalFailure',
  'InternalServerException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'AbortError',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'CredentialsProviderError',
]);
const brokenLines: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const refusals: ReadonlySet<string> = new Set([
  'ValidationException',
  'ValidationError',
  'ItemCollectionSizeLimitExceededException',
  'ItemCollectionSizeLimitExceeded',
]);

const reasonsOf = (error: Error): readonly string[] => {
  if (!('CancellationReasons' in error) || !Array.isArray(error.CancellationReasons)) return [];
  return error.CancellationReasons.map((reason: unknown) =>
    typeof reason === 'object' && reason !== null && 'Code' in reason ? String(reason.Code) : 'None',
  );
};

const statusOf = (error: Error): number => {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : 0;
};

const isUnanswered = (error: Error): boolean =>
  unanswered.has(error.name) ||
  ('code' in error && typeof error.code === 'string' && brokenLines.has(error.code)) ||
  statusOf(error) >= 500;

/** A condition that failed decides; else a conflict, which may be tried again; else what else stood in the way. */
const cancelled = (error: Error): Error => {
  const reasons = reasonsOf(error);
  const failed = reasons.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
  if (failed.length > 0) return new ConditionFailed(failed);
  if (reasons.includes('TransactionConflict')) return new TransactionConflict();
  if (reasons.some((code) => throttling.has(code))) return new Throttled(error);
  if (reasons.some((code) => refusals.has(code))) return new LimitExceeded(error.message);
  return error;
};

/** Turns an error of DynamoDB into the table's own; any other error stays as it is. */
export const failureOf = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  if (error.name === 'TransactionCanceledException') return cancelled(error);
  if (error.name === 'ConditionalCheckFailedException') return new ConditionFailed([0]);
  if (conflicts.has(error.name)) return new TransactionConflict();
  if (throttling.has(error.name)) return new Throttled(error);
  if (refusals.has(error.name)) return new LimitExceeded(error.message);
  if (isUnanswered(error)) return new Unanswered(error);
  return error;
};
