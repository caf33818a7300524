import type { Context } from 'aws-lambda';
import { visible } from '#shared/vocabulary/plain-text.ts';
import { type Clock, systemClock } from './clock.ts';
import type { LogFields, Logger } from './logger.ts';

export interface LambdaLogger extends Logger {
  /** Puts the request id and the function of the invocation that begins on the lines that follow. */
  begin(context: Context): void;
}

/** Characters of a text in a log line. A stack or an answer that came into a field by mistake does not go out whole. */
const mostCharacters = 500;

const plain = (fields: LogFields): Record<string, string | number | boolean> => {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) kept[name] = typeof value === 'string' ? value.slice(0, mostCharacters) : value;
  }
  return kept;
};

/** What lines say of an invocation, by the names that AWS's own tools for Lambda give them. */
const invocationOf = (context: Context, isCold: boolean) => ({
  cold_start: isCold,
  function_arn: context.invokedFunctionArn,
  function_memory_size: context.memoryLimitInMB,
  function_name: context.functionName,
  function_request_id: context.awsRequestId,
});

/** The trace that the invocation belongs to: `Root=1-…;Parent=…;Sampled=1` in the environment; undefined where there is none. */
const traceId = (): string | undefined =>
  process.env._X_AMZN_TRACE_ID
    ?.split(';')
    .find((part) => part.startsWith('Root='))
    ?.slice('Root='.length);

/**
 * The logger of a deployed function: one JSON line for each event, with function, stage and request. Errors go to standard error,
 * as the rest does to standard output. A field never takes the place of what each line says.
 */
export const createLambdaLogger = (
  { service, stage }: { readonly service: string; readonly stage: string },
  clock: Clock = systemClock,
): LambdaLogger => {
  let invocation: Partial<ReturnType<typeof invocationOf>> = {};
  let isCold = true;
  const log =
    (level: 'INFO' | 'WARN' | 'ERROR') =>
    (message: string, fields: LogFields = {}): void => {
      const timestamp = new Date(clock.now()).toISOString();
      const said = { level, message, timestamp, service, stage, ...invocation, xray_trace_id: traceId() };
      const line = visible(JSON.stringify({ ...said, ...plain(fields), ...said }));
      (level === 'ERROR' ? process.stderr : process.stdout).write(`${line}\n`);
    };
  return {
    begin: (context) => {
      invocation = invocationOf(context, isCold);
      isCold = false;
    },
    info: log('INFO'),
    warn: log('WARN'),
    error: log('ERROR'),
  };
};
