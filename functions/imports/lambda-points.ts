import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { AskedRows, keepRows } from './keep-rows.ts';
import { AskedPoints, makePoints } from './make-points.ts';

const settings = readSettings(['stage', ...factSettings]);
const runtime = openRuntime('imports-points', settings.stage);
const tables = openTables(settings);
const facts = once(factOpener(runtime, tables, settings));

export const handler = runtime.handle(async (event: unknown) => {
  const { submit, sealer } = await facts();
  const { profile } = tables;
  const rows = AskedRows.safeParse(event);
  if (rows.success) return keepRows({ profile, sealer }, rows.data.import, rows.data.rows, rows.data.receivedAt);
  const asked = AskedPoints.parse(event);
  const registerMeter = (meter: Parameters<typeof registerHeadEndMeter>[1]) => registerHeadEndMeter(profile, meter);
  return makePoints({ profile, submit, registerMeter }, asked.import, asked.points);
});
