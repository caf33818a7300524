import { type LogItem, LogLevelThreshold, Logger as Powertools } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { visible } from '#shared/vocabulary/plain-text.ts';
import type { LogFields, Logger } from './logger.ts';

export interface LambdaLogger extends Logger {
  /** Puts the request id and the function of the invocation that begins on the lines that follow. */
  begin(context: Context): void;
}

/** Characters of a text in a log line. A stack or an answer that came into a field by mistake does not go out whole. */
const mostCharacters = 500;

/** What a line says of itself; Powertools lets a field take the place of some of these, and writes a line more for others. */
const ofTheLine: ReadonlySet<string> = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'stage',
  'cold_start',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
  'sampling_rate',
  'tenant_id',
  'xray_trace_id',
]);

const plain = (fields: LogFields): Record<string, string | number | boolean> => {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || ofTheLine.has(name)) continue;
    kept[name] = typeof value === 'string' ? value.slice(0, mostCharacters) : value;
  }
  return kept;
};

/** Prints lines in which nothing steers what shows them, without the rate of a sampling that nobody has set. */
class PlainLines extends Powertools {
  protected override printLog(level: number, item: LogItem): void {
    const { sampling_rate: _, ...said } = item.getAttributes();
    const stream = level >= LogLevelThreshold.ERROR ? process.stderr : process.stdout;
    stream.write(`${visible(JSON.stringify(said))}\n`);
  }
}

/**
 * The logger of a deployed function: one JSON line for each event, with function, stage and request. Errors go to standard error,
 * as the rest does to standard output. A field never takes the place of what each line says.
 */
export const createLambdaLogger = (about: { readonly service: string; readonly stage: string }): LambdaLogger => {
  const powertools = new PlainLines({ serviceName: about.service, persistentKeys: { stage: about.stage } });
  return {
    begin: (context) => powertools.addContext(context),
    info: (event, fields = {}) => powertools.info(event, plain(fields)),
    warn: (event, fields = {}) => powertools.warn(event, plain(fields)),
    error: (event, fields = {}) => powertools.error(event, plain(fields)),
  };
};
