import { readChanges } from '#shared/edge/changes.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { UsageRecompute } from './recompute-usage.ts';
import { usageReader } from './stream.ts';

const settings = readSettings(['stage', ...tableSettings]);
const runtime = openRuntime('usage-follow', settings.stage);
const { profile, readings } = openTables(settings);
const recompute = new UsageRecompute({ profile, readings, metrics: runtime.metrics });

export const handler = runtime.handle(readChanges([usageReader({ profile, recompute })], runtime.logger));
