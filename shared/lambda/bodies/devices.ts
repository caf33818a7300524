import { deviceSettings, openDevices } from '#shared/lambda/devices.ts';
import type { Opener } from '#shared/lambda/opener.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const devices: Opener<'devices'> = () => {
  const opened = openDevices(readSettings(deviceSettings));
  return () => ({ devices: opened });
};
