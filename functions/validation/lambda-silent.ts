import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { JudgeRegister } from './judge-register.ts';
import { silenceSchedule } from './schedule.ts';

const settings = readSettings(['stage', ...tableSettings]);
const runtime = openRuntime('silent-meters', settings.stage);
const { profile, readings } = openTables(settings);
const judge = new JudgeRegister({ profile, readings, metrics: runtime.metrics });

export const handler = runtime.handle(silenceSchedule({ ...runtime, profile, readings, judge }));
