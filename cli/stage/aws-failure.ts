import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';

const noCredentials = new Set(['CredentialsProviderError', 'TokenProviderError']);
const badCredentials = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
]);
const notThere = new Set([
  'ResourceNotFoundException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'NoSuchBucket',
]);
const notAllowed = new Set(['AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'UnauthorizedOperation']);
const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT']);

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** What an error of AWS means for the caller, in one line. */
export const failureOfAws = (error: unknown, stage: string): unknown => {
  if (error instanceof CommandFailure || !(error instanceof Error)) return error;
  const { name, message } = error;
  const failure = (code: (typeof exitCodes)[keyof typeof exitCodes], text: string) =>
    new CommandFailure(code, text, { cause: error });
  if (noCredentials.has(name))
    return failure(exitCodes.refused, 'there are no AWS credentials here: set AWS_PROFILE, or sign in (aws sso login)');
  if (badCredentials.has(name))
    return failure(exitCodes.refused, `AWS does not know these credentials, or they have run out (${name})`);
  if (message === 'Region is missing')
    return failure(exitCodes.wrongUse, 'there is no AWS region here: set AWS_REGION');
  if (notThere.has(name)) return failure(exitCodes.failed, `there is no stage ${stage} in this AWS account and region`);
  if (notAllowed.has(name)) return failure(exitCodes.refused, `AWS does not allow this: ${message}`);
  if (unreachable.has(codeOf(error)) || name === 'TimeoutError')
    return failure(exitCodes.failed, `AWS cannot be reached (${codeOf(error) || name})`);
  return '$metadata' in error ? failure(exitCodes.failed, `AWS: ${name}: ${message}`) : error;
};

/** Does something at a stage; an error of AWS ends the command with a plain sentence. */
export const atStage = async <Answer>(stage: string, act: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await act();
  } catch (error) {
    throw failureOfAws(error, stage);
  }
};
