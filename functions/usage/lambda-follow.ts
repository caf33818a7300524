import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { judgeReader } from '#functions/validation/stream.ts';
import { readChanges } from '#shared/edge/changes.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { UsageRecompute } from './recompute-usage.ts';
import { usageReader } from './stream.ts';

const settings = readSettings(['stage', ...tableSettings]);
const runtime = openRuntime('usage-follow', settings.stage);
const { profile, readings } = openTables(settings);
const { metrics, logger } = runtime;
const recompute = new UsageRecompute({ profile, readings, metrics });
const judge = new JudgeRegister({ profile, readings, metrics });

/** All that follows the readings table besides the conflicts: a table's stream has at most two readers. */
export const handler = runtime.handle(readChanges([usageReader({ profile, recompute }), judgeReader(judge)], logger));
