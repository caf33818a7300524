import { deviceSettings, openDevices } from '#shared/lambda/devices.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { certificatesSchedule } from './schedule-certificates.ts';

const settings = readSettings(['stage', ...tableSettings, ...deviceSettings]);
const runtime = openRuntime('meter-certificates', settings.stage);
const { profile } = openTables(settings);

export const handler = runtime.handle(certificatesSchedule({ ...runtime, profile, devices: openDevices(settings) }));
