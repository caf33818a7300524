import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { deviceSettings, openDevices } from '#shared/lambda/devices.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { meterOperations } from './api.ts';
import { meterRoutes } from './contract/meters.ts';

const settings = readSettings([...apiSettings, ...deviceSettings]);
const devices = openDevices(settings);

export const handler = apiHandler({
  service: 'meters',
  settings,
  routes: meterRoutes,
  operations: (parts) => async () => meterOperations({ ...parts, devices, stage: settings.stage }),
});
