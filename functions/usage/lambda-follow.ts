import type { DynamoDBStreamEvent } from 'aws-lambda';
import { CloseMonths } from '#functions/validation/close-months.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { judgedReader, judgeReader } from '#functions/validation/stream.ts';
import { readChanges, refoldingOlder } from '#shared/edge/changes.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { UsageRecompute } from './recompute-usage.ts';
import { usageReader } from './stream.ts';

const settings = readSettings(['stage', ...factSettings]);
const runtime = openRuntime('usage-follow', settings.stage);
const tables = openTables(settings);
const facts = factOpener(runtime, tables, settings);

/** All that follows the readings table besides the conflicts: a table's stream has at most two readers. */
const follow = once(async () => {
  const { profile, readings } = tables;
  const parts = { profile, readings, metrics: runtime.metrics };
  const { committer, submit } = await facts();
  const readers = [
    usageReader({ profile, recompute: new UsageRecompute(parts) }),
    judgeReader(new JudgeRegister(parts)),
    judgedReader({ profile, readings, submit, close: new CloseMonths(parts) }),
  ];
  return readChanges(
    readers.map((take) => refoldingOlder(take, committer)),
    runtime.logger,
  );
});

export const handler = runtime.handle(async (event: DynamoDBStreamEvent) => (await follow())(event));
