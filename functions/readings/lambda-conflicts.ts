import type { DynamoDBStreamEvent } from 'aws-lambda';
import { FollowInsights } from '#functions/insight/follow-judged.ts';
import { insightReader, toldInsightReader } from '#functions/insight/stream.ts';
import { readChanges } from '#shared/edge/changes.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { conflictReader } from './stream-changes.ts';

const settings = readSettings(['stage', ...factSettings]);
const runtime = openRuntime('reading-conflicts', settings.stage);
const tables = openTables(settings);
const facts = factOpener(runtime, tables, settings);
const { clock, logger } = runtime;

/** What follows the readings table without waiting for usage: a table's stream has at most two readers. */
const follow = once(async () => {
  const { sealer, submit } = await facts();
  const { profile, readings } = tables;
  const insights = new FollowInsights({ profile, readings, now: () => clock.now() });
  const readers = [conflictReader({ ...tables, sealer, clock }), insightReader(insights), toldInsightReader(submit)];
  return readChanges(readers, logger);
});

export const handler = runtime.handle(async (event: DynamoDBStreamEvent) => (await follow())(event));
