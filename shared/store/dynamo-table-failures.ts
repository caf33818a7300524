import { ConditionFailed, LimitExceeded, Throttled, TransactionConflict } from './table.ts';

const throttling: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'RequestLimitExceeded',
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
  if (error.name === 'TransactionInProgressException' || error.name === 'TransactionConflictException')
    return new TransactionConflict();
  if (throttling.has(error.name)) return new Throttled(error);
  if (refusals.has(error.name)) return new LimitExceeded(error.message);
  return error;
};
