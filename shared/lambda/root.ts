import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { Body, ChangeReader, Handler } from '#functions/capability.ts';
import { readChanges, refoldingOlder } from '#shared/edge/changes.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { openRuntime } from './invocation.ts';
import { type Openers, openParts } from './opener.ts';

/**
 * The root of a function that reads the changes of a table: a table's stream has at most two functions that read it, so each runs
 * several readers. One that keeps facts has a record folded anew which older rules folded.
 * @param service house name of the function
 */
export const readerRoot = <Needed extends Body>(
  service: string,
  openers: Openers<Needed>,
  readers: readonly ChangeReader<Needed>[],
): ((event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>) => {
  const runtime = openRuntime(service, readSettings(['stage']).stage);
  const open = openParts(runtime, openers);
  const read = once(async () => {
    const parts = await open();
    const { committer } = parts;
    const takes = readers.map(({ take }) => take(parts));
    const refolding = committer === undefined ? takes : takes.map((take) => refoldingOlder(take, committer));
    return readChanges(refolding, runtime.logger);
  });
  return runtime.handle(async (event: DynamoDBStreamEvent) => (await read())(event));
};

/** The root of a function that is called with one event. */
export const handlerRoot = <Needed extends Body, Event, Answer>(
  service: string,
  openers: Openers<Needed>,
  { handle }: Handler<Needed, Event, Answer>,
): ((event: Event, context: Context) => Promise<Answer>) => {
  const runtime = openRuntime(service, readSettings(['stage']).stage);
  const open = openParts(runtime, openers);
  const run = once(async () => handle(await open()));
  return runtime.handle(async (event: Event, context) => (await run())(event, context));
};
