import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
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

/** The logger of a deployed function: one JSON line for each event, with function, stage and request. */
export const createLambdaLogger = (about: { readonly service: string; readonly stage: string }): LambdaLogger => {
  const powertools = new Powertools({ serviceName: about.service, persistentKeys: { stage: about.stage } });
  return {
    begin: (context) => powertools.addContext(context),
    info: (event, fields = {}) => powertools.info(event, plain(fields)),
    warn: (event, fields = {}) => powertools.warn(event, plain(fields)),
    error: (event, fields = {}) => powertools.error(event, plain(fields)),
  };
};
